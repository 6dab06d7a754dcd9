"""One door, one file: each translates between its protocol and the carrier, and decides nothing itself."""
