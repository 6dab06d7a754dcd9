"""Who calls. One file for each kind of user; `company` is what they share."""
