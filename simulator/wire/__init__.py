"""The gateway's side of each protocol, sans-IO: text and bytes on one side, values on the other."""
