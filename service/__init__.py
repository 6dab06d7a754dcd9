"""The survey service: surveys go out, replies come back, reports are exact. It knows gateways only over
the wire.
"""
