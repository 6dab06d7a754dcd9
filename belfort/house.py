"""Both programs in one process, under one clock, as `demo` and `up` run them.

The only room of `belfort` that imports the two programs' `app`. They still meet over the wire alone: HTTP on loopback.
"""
