"""The story and the faults, against the whole platform through its front door."""
