"""The `rondetafel` command: the host's door to cells, organisations and mandates, and help at a local platform."""
