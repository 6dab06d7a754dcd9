"""The two programs against each other: what one writes the other reads, each on its own reading of the
contract.
"""
