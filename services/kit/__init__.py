"""The shared library of the services: one module, one job. Imports no service."""
