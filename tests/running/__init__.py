"""How `make test` and `make quick` run the tests (docs/tests.md)."""
