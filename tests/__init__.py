"""Tests, in the same tree as the programs that they test; `cross` holds the two programs against each
other.
"""
