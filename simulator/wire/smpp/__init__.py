"""SMPP 3.4 as a message centre speaks it, sans-IO: octets on one side, values on the other.

Here live the layouts, the codec, the session's rules, receipts, times, alphabets and long messages. No
socket, no clock, no chance, no person: whoever drives this hands in octets and moments.
"""
