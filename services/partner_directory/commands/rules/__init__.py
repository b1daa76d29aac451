"""What a cell gives itself: internal rules, protocol, text of secrecy."""
