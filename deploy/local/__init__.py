"""The local runner: brings the whole platform up on one machine, from packages alone."""
