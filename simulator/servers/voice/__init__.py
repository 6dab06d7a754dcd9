"""The voice door: call control by REST, and the calls under way. Its paths hang on the gateway's listener."""
