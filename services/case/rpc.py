"""The gRPC door of the case service: message, command, message."""

from __future__ import annotations

from typing import Any

import grpc

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.case.v1 import case_pb2_grpc as pb_grpc
from rondetafel.kit.v1 import kit_pb2
from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.person import PersonConcerned
from services.case.queries.read_signal import ReadSignal, SignalView, read_signal
from services.kit.fields import code_of, nis_of, optional_day_of, stamp_of, text_of, uuid_of
from services.kit.rpc import Door, receipt_message

Context = grpc.aio.ServicerContext[Any, Any]

LANGUAGES = ("nl", "fr", "de", "en")
TEXT = 8_000
PEERS = {"EnterSignal": frozenset({"portal"}), "ReadSignal": frozenset({"portal"})}


class CaseServicer(pb_grpc.CaseServiceServicer):
    """One method per verb; the proto file says what each means."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def EnterSignal(self, request: pb.EnterSignalRequest, context: Context) -> kit_pb2.Receipt:
        command = EnterSignal(
            nis_code=nis_of(request.nis_code),
            person=person_of(request.person),
            observed=text_of(request.observed, "observed", longest=TEXT),
            tried=text_of(request.tried, "tried", longest=TEXT),
            reason=text_of(request.reason, "reason", longest=TEXT),
            urgent=request.urgent,
            minor=request.minor,
            language=code_of(request.language, "language", LANGUAGES),
        )
        return receipt_message(await self._door.run(context, enter_signal, command))

    async def ReadSignal(self, request: pb.ReadSignalRequest, context: Context) -> pb.Signal:
        query = ReadSignal(uuid_of(request.signal_id, "signal_id"))
        return signal_message(await self._door.run(context, read_signal, query))


def person_of(message: pb.PersonConcerned) -> PersonConcerned:
    """The person concerned, checked."""
    return PersonConcerned(
        given_name=text_of(message.given_name, "person.given_name", longest=200),
        family_name=text_of(message.family_name, "person.family_name", longest=200),
        birth_date=optional_day_of(message.birth_date, "person.birth_date"),
        address=text_of(message.address, "person.address", longest=500, required=False),
    )


def person_message(person: PersonConcerned) -> pb.PersonConcerned:
    """The person concerned on the wire."""
    return pb.PersonConcerned(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date.isoformat() if person.birth_date else "",
        address=person.address,
    )


def signal_message(view: SignalView) -> pb.Signal:
    """A signal on the wire."""
    signal = view.signal
    return pb.Signal(
        signal_id=str(signal.signal_id),
        state=signal.state,
        nis_code=signal.nis_code,
        urgent=signal.urgent,
        minor=signal.minor,
        received_at=stamp_of(signal.received_at),
        reporter_id=str(signal.reporter_id),
        person=person_message(view.person) if view.person else None,
        observed=view.observed or "",
        tried=view.tried or "",
        reason=view.reason or "",
        language=signal.language,
        case_id=str(signal.case_id or ""),
        version=signal.version,
    )
