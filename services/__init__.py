"""Rondetafel: four domain services, one front door, one shared kit."""

import gc

# What is imported stays: looking for garbage in it again and again is an eighth of a start. `kit.run` looks more often.
gc.set_threshold(50_000, 20, 100)
