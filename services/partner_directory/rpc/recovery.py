"""How a cell that lost everybody gets somebody again."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.fields import to_timestamp
from services.kit.methods import Served, command, query
from services.kit.shapes import PERIOD, Differences
from services.kit.writing import writer
from services.partner_directory.commands.recovery.confirm_recovery import ConfirmRecovery, confirm_recovery
from services.partner_directory.commands.recovery.propose_recovery import ProposeRecovery, propose_recovery
from services.partner_directory.commands.recovery.second_recovery import SecondRecovery, second_recovery
from services.partner_directory.model import RECOVERY_TERM
from services.partner_directory.queries.list_recoveries import ListRecoveries, RecoveryView, list_recoveries


def expires_at(view: RecoveryView) -> Timestamp | None:
    """Until when it can be confirmed."""
    return to_timestamp(view.recovery.proposed_at + RECOVERY_TERM)


RECOVERY = writer(
    pb.Recovery,
    RecoveryView,
    Differences(
        names={
            "organisation_name": "organisation.name",
            "organisation_kind": "organisation.kind",
            "from": "recovery.first_day",
            "to": "recovery.last_day",
        },
        by_hand={"expires_at": expires_at},
        flat=("named", "recovery"),
    ),
)


SERVED = Served(
    pb.DESCRIPTOR.services_by_name["RecoveryService"],
    command(propose_recovery, ProposeRecovery, Differences(names=PERIOD)),
    command(second_recovery, SecondRecovery),
    command(confirm_recovery, ConfirmRecovery),
    query(list_recoveries, ListRecoveries, pb.ListRecoveriesResponse, Differences(nested=(RECOVERY,))),
)
