"""Tests of the simulator alone; nothing here imports the survey service."""
