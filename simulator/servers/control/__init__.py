"""The control API, one subject a file: how others steer and ask. It decides nothing itself."""
