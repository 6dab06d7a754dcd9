"""Coverage-guided fuzzing of what reads octets from strangers: libFuzzer, by way of Atheris."""
