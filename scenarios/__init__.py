"""Stories: the two programs from outside, over the wire only. They import neither; a test holds them to
it.
"""
