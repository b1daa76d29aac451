"""Owns the front door: pages, REST and sessions; keeps no domain data and decides nothing about it."""
