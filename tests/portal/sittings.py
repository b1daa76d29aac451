"""A session as the meeting service tells it, a case on its agenda, and the people who sit there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, OTHER, TOWN, sit

SESSION = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c80"
CASE, SECOND_CASE = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c81", "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c82"
ITEM = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c83"
POLICE, PREVENTION = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c84", "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c85"
CODE, SECOND_CODE = "VV-26-014", "VV-26-017"
TOLD = "Komt elke woensdag <b>."


def session(state: str = "OPEN", *, attendance: Sequence[str] = (), **changed: object) -> pb.Session:
    """One of an hour, with a case of mine, another of mine, and a closed point."""
    half = timedelta(minutes=30)
    items = [
        pb.AgendaItem(
            agenda_item_id=ITEM, position=place, starts_at=to_timestamp(NOW + (place - 1) * half), nis_code=town,
            ends_at=to_timestamp(NOW + place * half), case_id=case, case_code=code, closed_point=not case,
        )
        for place, (case, code, town) in enumerate(
            [(CASE, CODE, TOWN), (SECOND_CASE, SECOND_CODE, TOWN), ("", "", "")], start=1
        )
    ]  # fmt: skip
    rightful = {
        "session_id": SESSION, "state": state, "starts_at": to_timestamp(NOW), "ends_at": to_timestamp(NOW + 3 * half),
        "place": "town_hall", "version": 2, "items": items,
        "attendance": [pb.Attendance(person_id=attendee, seat="participant") for attendee in attendance],
    }  # fmt: skip
    return pb.Session(**(rightful | changed))  # type: ignore[arg-type]


def decided(state: str = "OPEN", **changed: object) -> pb.Session:
    """The same with its first item decided on."""
    found = session(state, **changed)  # type: ignore[arg-type]
    found.items[0].decision.CopyFrom(
        pb.Decision(
            decision_id=ITEM, outcome="follow_up", reasons="Het gaat beter.", decided_by=ME,
            decided_at=to_timestamp(NOW), dissents=[pb.Dissent(person_id=OTHER, text="Te vroeg.")],
            actions=[pb.AgreedAction(action_id=ITEM, what="Belt hem.", life_domain="leisure", owner_id=OTHER)],
        )
    )  # fmt: skip
    return found


def case(parts: Sequence[str] = ("frame", "identity", "proposal", "content"), **changed: object) -> case_pb2.Case:
    """The case of the first item, with what its circle reads."""
    seats = [case_pb2.CircleEntry(seat=seat, parts=parts) for seat in ("mayor", "police", "prevention", "coordinator")]
    rightful = {
        "frame": case_pb2.Frame(
            case_id=CASE, code=CODE, nis_code=TOWN, state="SCHEDULED", minor=True, phenomenon="unclear",
            proposed_at=to_timestamp(NOW - timedelta(days=9)), version=4,
        ),
        "parts": parts, "circle": seats,
        "person": case_pb2.PersonConcerned(given_name="Milan", family_name="Verhoeven", birth_date="2010-01-03"),
        "age": case_pb2.Age(least=16, most=16, minor="minor"),
        "contributions": [
            case_pb2.Contribution(
                contribution_id=ITEM, author_id=OTHER, state="SHARED", life_domain="leisure", text=TOLD, language="nl",
                police_origin=True, written_at=to_timestamp(NOW), shared_at=to_timestamp(NOW),
            ),
            case_pb2.Contribution(
                contribution_id=SESSION, author_id=ME, state="PRIVATE", life_domain="leisure", text="Nog voor mij.",
                language="nl", written_at=to_timestamp(NOW),
            ),
        ],
    }  # fmt: skip
    return case_pb2.Case(**(rightful | changed))  # type: ignore[arg-type]


async def at_the_table(front: Front, backends: Backends, *roles: str, **more: object) -> str:
    """Signed in, with police and prevention at the table too; gives where the pages of the session begin."""
    path = await sit(front, backends, *roles, **more)
    table = backends.answers["ReadTable"]
    assert isinstance(table, directory_pb.Table)
    for person, role, name in ((POLICE, "information_officer", "Jan"), (PREVENTION, "prevention_officer", "Bart")):
        table.mandates.append(
            directory_pb.MandateView(
                mandate_id=person, person_id=person, given_name=name, family_name="Wils", role=role,
                organisation_name="Politie", nis_codes=[TOWN], undertaking_accepted=True,
            )
        )  # fmt: skip
    return f"{path}/sessions/{SESSION}"


def prepared(version: int = 1, **changed: object) -> pb.PreparedDecision:
    """What the coordinator prepared on the first item."""
    rightful = {
        "outcome": "follow_up", "reasons": "Zo is het voorbereid.", "case_lead_id": OTHER, "review_on": "2026-06-01",
        "actions": [pb.PlannedAction(life_domain="leisure", owner_id=OTHER, due_on="2026-04-01", what="Belt hem.")],
        "dissents": [pb.Dissent(person_id=POLICE, text="Te vroeg.")],
        "prepared_by": OTHER, "prepared_at": to_timestamp(NOW), "version": version,
    }  # fmt: skip
    return pb.PreparedDecision(**(rightful | changed))  # type: ignore[arg-type]


async def deciding(front: Front, backends: Backends, *roles: str, **more: object) -> str:
    """The same; gives the address where the first item is decided."""
    return f"{await open_item(front, backends, *roles, **more)}/decision"


async def open_item(front: Front, backends: Backends, *roles: str, **more: object) -> str:
    """Signed in at an open session in which the three seats are taken; gives the address of the first item."""
    path = await at_the_table(front, backends, *roles, **more)
    backends.answers["ReadSession"] = session(attendance=[ME, OTHER, POLICE, PREVENTION])
    backends.answers["ReadCase"] = case()
    return f"{path}/cases/{CASE}"
