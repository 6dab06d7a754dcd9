"""What gateways say, as bytes or text on one side and values on the other.

Sans-IO: nothing here opens a socket.
"""
