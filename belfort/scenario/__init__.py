"""Scenarios: stories about surveys in files `*.belfort.yaml`, run against any harness over HTTP alone.

Knows neither program. Light to import: pytest loads the plug-in of this package in everybody's test runs.
"""

SUFFIX = ".belfort.yaml"
"""How the files of the language end."""
OUTCOME = "belfort_outcome"
"""The attribute of pytest's items and reports that carries what became of a scenario."""
