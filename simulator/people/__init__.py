"""Who lives in the town: numbers that do things, populations, and each subscriber as a function of seed
and number."""
