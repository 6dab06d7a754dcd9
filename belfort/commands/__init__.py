"""One command of the command line a file. A command reads its options, does one thing, and returns an
exit code.
"""
