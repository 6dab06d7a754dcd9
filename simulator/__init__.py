"""The simulator: a Belgian gateway and the people behind it. It knows the survey service only over the
wire.
"""
