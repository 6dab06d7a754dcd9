"""The SMPP door: connections, binds, messages in and out. The protocol itself is in `simulator.wire.smpp`."""
