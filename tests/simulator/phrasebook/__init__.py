"""Tests of the phrasebook: every template renders, means what it claims, and repeats for a seed."""
