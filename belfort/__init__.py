"""The command line, the demo and the oracle: they run the two programs and look at them from outside."""
