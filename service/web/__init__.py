"""The public API: routes, forms, access and problems. Rules of business live in the verbs, not here."""
