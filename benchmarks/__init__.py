"""Measurements, never tests: nothing here passes or fails. `python -m benchmarks` runs all of them."""
