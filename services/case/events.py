"""What the case service tells others. Ids, codes and times; never content (invariant 18)."""

from rondetafel.case.v1 import case_pb2 as pb
from services.case.model import Signal
from services.kit.outbox import Event


def signal_received(signal: Signal) -> Event:
    """A signal came in."""
    return Event("signal.received", pb.SignalReceived(signal_id=str(signal.signal_id), urgent=signal.urgent))
