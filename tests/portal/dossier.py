"""A case as the services tell it to one of its circle: the table, the circle, what is shared, the sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, TOWN, TOWNS, become

CASE = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c11"
DRAFT = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c12"
SHARED = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c13"
SESSION = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c14"
CODE = "VV-26-014"
AN, LIEVE, KARIM, JORIS, WOUT, SOFIE = (f"01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4ca{number}" for number in range(6))
CAW = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4cb0"
TODAY = NOW.date()
EVERYTHING = ("frame", "identity", "proposal", "content")
SECRET = "Wat ik alleen voor mezelf schreef."
TEXT = "De ruzies zijn minder fel. Moeder krijgt therapie. Zijn nicht Fien belde."
ORGANISATIONS = {
    "caw": (CAW, "CAW Kanaal"), "municipality": (AN, "Gemeente Vaartbeke"),
    "local_police": (KARIM, "Politiezone Vaart"),
    "youth_work": (WOUT, "Jeugdhuis De Sluis"), "clb": (SOFIE, "CLB Kanaal"),
}  # fmt: skip
OTHERS = (
    (AN, "An Peeters", "coordinator", "municipality"), (LIEVE, "Lieve Martens", "mayor", "municipality"),
    (KARIM, "Karim Haddad", "information_officer", "local_police"),
    (JORIS, "Joris Wils", "prevention_officer", "municipality"), (WOUT, "Wout Lammens", "participant", "youth_work"),
    (SOFIE, "Sofie Vermeulen", "participant", "clb"),
)  # fmt: skip


def around(front: Front, role: str = "participant", kind: str = "caw", *, basis: bool = True) -> directory_pb.Table:
    """The table of the case, the reader in this role, for an organisation of this kind."""
    mandates = [_mandate(ME, "Nele Claes", role, kind), *(_mandate(*other) for other in OTHERS)]
    title = {"title_nl": "Vlaams decreet van 21 mei 2021", "title_fr": "Décret flamand du 21 mai 2021"}
    return directory_pb.Table(
        cell=directory_pb.MyCell(
            cell_id=str(front.cell), name="Vaartbeke", nis_codes=[TOWN], towns=[TOWNS[TOWN]], roles=[role],
            undertaking_accepted=True,
        ),
        person_id=ME, mandates=mandates,
        legal_bases=[directory_pb.LegalBasis(code="decree-vl-2021-05-21", **title)] if basis else [],
    )  # fmt: skip


def _mandate(person: str, name: str, role: str, kind: str) -> directory_pb.MandateView:
    organisation_id, organisation = ORGANISATIONS[kind]
    given_name, family_name = name.split()
    return directory_pb.MandateView(
        mandate_id=person, person_id=person, given_name=given_name, family_name=family_name, role=role,
        organisation_id=organisation_id, organisation_name=organisation, organisation_kind=kind, nis_codes=[TOWN],
        undertaking_accepted=True, legal_basis="decree-vl-2021-05-21",
    )  # fmt: skip


def frame(state: str = "SCHEDULED", **changed: object) -> pb.Frame:
    """Of a case about a minor."""
    rightful = {
        "case_id": CASE, "code": CODE, "nis_code": TOWN, "state": state, "minor": True, "phenomenon": "unclear",
        "proposed_at": to_timestamp(NOW - timedelta(days=50)),
        "listed_at": to_timestamp(NOW - timedelta(days=40)), "version": 4,
    }  # fmt: skip
    return pb.Frame(**(rightful | changed))  # type: ignore[arg-type]


def entry_of(person: str) -> str:
    """The id of somebody's invitation."""
    return f"01932f73{person[8:]}"


def guest(person: str, *life_domains: str, first: date = TODAY, why: str = "Kent hem goed.") -> pb.CircleEntry:
    """Somebody invited, for three months."""
    period: dict[str, Any] = {"from": first.isoformat(), "to": (first + timedelta(days=90)).isoformat()}
    return pb.CircleEntry(
        person_id=person,
        parts=EVERYTHING,
        life_domains=life_domains,
        why=why,
        invited_by=AN,
        entry_id=entry_of(person),
        **period,
    )


def contribution(state: str = "PRIVATE", **changed: object) -> pb.Contribution:
    """One of the reader's own."""
    rightful = {
        "contribution_id": DRAFT, "author_id": ME, "organisation_id": CAW, "state": state, "life_domain": "family",
        "text": TEXT, "language": "nl", "written_at": to_timestamp(NOW - timedelta(days=1)), "version": 3,
    }  # fmt: skip
    return pb.Contribution(**(rightful | changed))  # type: ignore[arg-type]


def told(author: str = WOUT, organisation: str = WOUT, **changed: object) -> pb.Contribution:
    """One of somebody else, shared."""
    return contribution(
        "SHARED", **{
            "contribution_id": SHARED, "author_id": author, "organisation_id": organisation,
            "text": "Hij komt elke woensdag <b>.", "shared_at": to_timestamp(NOW - timedelta(days=2)), **changed,
        }
    )  # fmt: skip


def case(state: str = "SCHEDULED", parts: Sequence[str] = EVERYTHING, **changed: object) -> pb.Case:
    """With the seats, the reader and the youth worker in its circle; nothing said yet."""
    began: dict[str, Any] = {"from": TODAY.isoformat()}
    seats = [
        pb.CircleEntry(seat=seat, parts=EVERYTHING, **began)
        for seat in ("mayor", "police", "prevention", "coordinator")
    ]
    rightful = {
        "frame": frame(state), "parts": parts,
        "person": pb.PersonConcerned(
            given_name="Milan", family_name="De Wilde", address="Kaai 3",
            birth_date=TODAY.replace(year=TODAY.year - 16).isoformat(),
        ),
        "age": pb.Age(least=16, most=16, minor="minor"),
        "criteria": [
            pb.Criterion(
                code="isolation", evidence_kind="observation", evidence_date="2026-01-05", argument="Trekt zich terug."
            )
        ],
        "best_interest": "Dat hij naar school kan.", "list_reasons": "De zorg is gedeeld.",
        "circle": [*seats, guest(ME, "family"), guest(WOUT, "friends_and_network", "leisure")],
    }  # fmt: skip
    return pb.Case(**(rightful | changed))  # type: ignore[arg-type]


def sitting(at: datetime | None = None, state: str = "PLANNED", **changed: object) -> meeting_pb2.CaseSession:
    """A session on the case, an hour from now unless said."""
    starts_at = at or NOW + timedelta(hours=1)
    rightful = {
        "session_id": SESSION, "state": state, "starts_at": to_timestamp(starts_at),
        "ends_at": to_timestamp(starts_at + timedelta(minutes=30)), "place": "town_hall",
    }  # fmt: skip
    return meeting_pb2.CaseSession(**(rightful | changed))  # type: ignore[arg-type]


async def open_case(
    front: Front, backends: Backends, found: pb.Case, *sessions: meeting_pb2.CaseSession,
    role: str = "participant", kind: str = "caw", basis: bool = True,
) -> str:  # fmt: skip
    """Signed in before this case, in this role; gives the address of its page."""
    await front.sign_in()
    become(front, backends, role)
    backends.answers["ReadTable"] = around(front, role, kind, basis=basis)
    backends.answers["ReadCase"] = found
    backends.answers["ListCaseSessions"] = meeting_pb2.ListCaseSessionsResponse(sessions=sessions)
    return f"/cells/{front.cell}/cases/{CASE}"


async def before_draft(front: Front, backends: Backends, found: pb.Case | None = None, **more: Any) -> str:
    """Signed in before a draft of the reader's own; gives its address."""
    path = await open_case(front, backends, found or case(contributions=[contribution(), told()]), **more)
    return f"{path}/contribution/{DRAFT}"
