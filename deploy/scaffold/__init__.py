"""Writes the skeleton of a new verb into all the places that must know it: `make verb service=case name=close_case`."""
