"""The REST door /api/v1: JSON to gRPC and back, one call per request."""
