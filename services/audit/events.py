"""What the audit service tells others: how far the log holds their records."""

from rondetafel.audit.v1 import audit_pb2 as pb
from services.audit.model.record import Source
from services.kit.outbox import Event


def audit_merged(source: Source, seq: int) -> Event:
    """This producer may drop its copies up to `seq`."""
    message = pb.AuditMerged(producer=source.producer, producer_epoch=str(source.epoch), producer_seq=seq)
    return Event("audit.merged", message)
