"""Rondetafel: four domain services, one front door, one shared kit."""
