"""The REST API as the proto files say it, made by `make proto`."""
