"""The gRPC door of the audit service."""

from services.audit.rpc import audit

SERVED = (audit.SERVED,)
