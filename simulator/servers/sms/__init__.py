"""The parts of the SMS door over HTTP: who may call, what every call goes through, submitting, fetching."""
