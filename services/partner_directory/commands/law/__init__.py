"""The register of legal bases."""
