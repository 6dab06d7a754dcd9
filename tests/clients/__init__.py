"""SMPP clients that nobody here wrote, against the real door, with tshark listening to all they say.

Each client has an `Esme` in a file of its own; the stories in the tests are told once, to all of them.
"""
