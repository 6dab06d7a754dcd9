"""One call, apart from who makes it and who is called: its states, its documents performed, its keys read.

Pure: moments are handed in, and what is to be done comes out. The door (`servers/voice`) does it.
"""
