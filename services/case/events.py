"""What the case service tells others. Ids, codes and times; never content (invariant 18)."""

from __future__ import annotations

from collections.abc import Iterable

from rondetafel.case.v1 import case_pb2 as pb
from services.case.model import Case, CircleEntry, Contribution, Signal
from services.kit.fields import to_timestamp
from services.kit.outbox import Event


def signal_received(signal: Signal) -> Event:
    """A signal came in."""
    return Event("signal.received", pb.SignalReceived(signal_id=str(signal.signal_id), urgent=signal.urgent))


def case_proposed(case: Case) -> Event:
    """A signal became a case."""
    return Event("case.proposed", _changed(case))


def case_listed(case: Case) -> Event:
    """The mayor placed a case on the list."""
    return Event("case.listed", _changed(case))


def case_state_changed(case: Case) -> Event:
    """A case went on in any other way."""
    return Event("case.state_changed", _changed(case))


def circle_changed(case: Case, entries: Iterable[CircleEntry]) -> Event:
    """The circle of a case as it now is."""
    seats = [
        pb.CircleSeat(
            entry_id=str(entry.entry_id),
            person_id=str(entry.person_id or ""),
            seat=entry.seat or "",
            nis_code=entry.nis_code,
            parts=entry.parts,
            starts_at=to_timestamp(entry.starts_at),
            ends_at=to_timestamp(entry.ends_at),
        )
        for entry in entries
    ]
    return Event("circle.changed", pb.CircleChanged(case_id=str(case.case_id), version=case.version, entries=seats))


def contribution_shared(contribution: Contribution) -> Event:
    """The circle of a case has something new to read."""
    message = pb.ContributionShared(
        contribution_id=str(contribution.contribution_id),
        case_id=str(contribution.case_id),
        version=contribution.version,
    )
    return Event("contribution.shared", message)


def _changed(case: Case) -> pb.CaseChanged:
    return pb.CaseChanged(
        case_id=str(case.case_id),
        code=case.code,
        nis_code=case.nis_code,
        state=case.state,
        minor=case.minor,
        version=case.version,
    )
