"""The gRPC door of the case service: the methods of each aggregate."""

from services.case.rpc import case, circle, contribution, question, signal

SERVED = (signal.SERVED, question.SERVED, case.SERVED, circle.SERVED, contribution.SERVED)
