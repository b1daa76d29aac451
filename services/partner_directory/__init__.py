"""Owns cells, organisations, and what people may represent where: their mandates."""
