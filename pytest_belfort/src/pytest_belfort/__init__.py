"""Belfort for other people's tests: starts or finds a harness, and talks to it over HTTP.

Standard library and pytest only; neither program is imported, so that a project may have packages called
`service` or `simulator` of its own.
"""
