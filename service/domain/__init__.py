"""What is true about surveys, numbers, answers and scores. Pure: no async, no clock, no chance, no log,
no library I/O.
"""
