"""What may be made to go wrong: the catalogue, the list of what is on, and the ways it acts. No I/O here."""
