"""Mail on the wire: addresses, what came in, what goes out (RFC 5321, 5322, 2045 to 2047, 3464, 5965)."""
