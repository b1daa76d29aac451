"""The host gives a cell its first coordinator and its first mayor."""
