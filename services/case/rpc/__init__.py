"""The gRPC door of the case service: the methods of each aggregate."""

from services.case.rpc import case, circle, contribution, signal

SERVED = (signal.SERVED, case.SERVED, circle.SERVED, contribution.SERVED)
