"""What the case service tells others. Ids, codes and times; never content (invariant 18)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from rondetafel.case.v1 import case_pb2 as pb
from services.case.model import CIRCLE_END, Case, CircleEntry, ConflictOfInterest, Contribution, Signal
from services.kit.notices import NOTICE_ASKED, NoticeAsked
from services.kit.outbox import Event
from services.kit.shapes import Differences
from services.kit.writing import writer

SIGNAL_RECEIVED = writer(pb.SignalReceived, Signal)
CASE_CHANGED = writer(pb.CaseChanged, Case)
CIRCLE_SEAT = writer(pb.CircleSeat, CircleEntry)
INVITATION_EXPIRED = writer(pb.InvitationExpired, CircleEntry, Differences(names={"case_id": "object_id"}))
CONTRIBUTION_SHARED = writer(pb.ContributionShared, Contribution)


def signal_received(signal: Signal) -> Event:
    """A signal came in."""
    return Event("signal.received", SIGNAL_RECEIVED(signal))


def signal_erased(signal_id: UUID) -> Event:
    """A signal is gone: what others hold of it goes too."""
    return Event("signal.erased", pb.SignalErased(signal_id=str(signal_id)))


def case_proposed(case: Case) -> Event:
    """A signal became a case."""
    return Event("case.proposed", CASE_CHANGED(case))


def case_listed(case: Case) -> Event:
    """The mayor placed a case on the list."""
    return Event("case.listed", CASE_CHANGED(case))


def case_state_changed(case: Case) -> Event:
    """A case went on in any other way."""
    return Event("case.state_changed", CASE_CHANGED(case))


def circle_changed(case: Case, entries: Iterable[CircleEntry], kept_out: Iterable[ConflictOfInterest]) -> Event:
    """The circle of a case as it now is; who is kept out of it, by entries without parts."""
    seats = [*map(CIRCLE_SEAT, entries), *map(_no_seat, kept_out)]
    return Event("circle.changed", pb.CircleChanged(case_id=str(case.case_id), version=case.version, entries=seats))


def _no_seat(conflict: ConflictOfInterest) -> pb.CircleSeat:
    entry = CircleEntry(
        entry_id=conflict.conflict_id, person_id=conflict.person_id, nis_code=conflict.nis_code, parts=[],
        starts_at=conflict.since, ends_at=CIRCLE_END,
    )  # fmt: skip
    return CIRCLE_SEAT(entry)


def invitation_expired(entry: CircleEntry) -> Event:
    """The last day of an invitation is over."""
    return Event("invitation.expired", INVITATION_EXPIRED(entry))


def contribution_shared(contribution: Contribution) -> Event:
    """The circle of a case has something new to read."""
    return Event("contribution.shared", CONTRIBUTION_SHARED(contribution))


def notice_asked(asked: NoticeAsked) -> Event:
    """Something waits for people, or no more."""
    return Event("case.notice_asked", NOTICE_ASKED(asked))
