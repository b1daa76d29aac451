"""The texts a cell gives itself: its rules, its protocol, its own promise of secrecy."""
