"""Where somebody is named as acting now, it is said for whom: deputies, and nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.case.circle_view import CircleView
from services.portal.web.session.seats import SessionSeats
from services.portal.web.ui.language import Languages
from services.portal.web.ui.table import TableView
from services.portal.web.ui.table_picture import seats_of
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, TOWN, sit, table

CELL = UUID("01932f6e-0000-7000-8000-000000000001")
JORIS, DORA = "01932f6e-0000-7000-8000-0000000000a1", "01932f6e-0000-7000-8000-0000000000a2"
LANGUAGES = Languages()


def held(person: str, name: str, mandate_id: str, **more: Any) -> pb.MandateView:
    """A mandate of the prevention, as a table tells it."""
    values: dict[str, Any] = {
        "mandate_id": mandate_id, "person_id": person, "given_name": name, "family_name": "Maes", "seat": "prevention",
        "role": "prevention_officer", "nis_codes": [TOWN], "organisation_name": "Preventie", "from": "2026-01-01",
        "to": "2027-12-31",
    }  # fmt: skip
    return pb.MandateView(**(values | more))


def seen(*more: pb.MandateView, language: str = "nl", **deputy: Any) -> TableView:
    """A table at which Dora stands in for Joris, who is away."""
    found = table(CELL, "participant")
    found.mandates.extend(
        [held(JORIS, "Joris", "holder", ended=True), held(DORA, "Dora", "deputy", deputy_of="holder", **deputy), *more]
    )
    return TableView(found, LANGUAGES[language])


def circle_of(view: TableView) -> CircleView:
    """The circle of a case whose seat of the prevention reads all."""
    seat = case_pb2.CircleEntry(seat="prevention", parts=["frame", "content"])
    found = case_pb2.Case(circle=[seat])
    found.frame.nis_code = TOWN
    return CircleView(view, found, LANGUAGES["nl"], NOW.date())


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "voor Joris Maes"), ("fr", "pour Joris Maes"), ("de", "für Joris Maes")]
)
def test_a_deputy_is_named_with_the_holder(language: str, said: str) -> None:
    (holder,) = seen(language=language).holders("prevention", TOWN)
    assert (holder.name, holder.acting) == ("Dora Maes", f"Dora Maes, {said}")


def test_a_holder_acts_for_nobody_and_a_deputy_who_waits_is_not_named_as_acting() -> None:
    view = seen(ended=True, in_reserve=True)
    assert view.holders("prevention", TOWN) == []
    assert [person.name for person in view.deputies_of(JORIS)] == ["Dora Maes"]
    assert (view.person(JORIS).acting, view.person(ME).acting) == ("Joris Maes", "Nele Claes")
    assert seen(ended=True).deputies_of(JORIS) == []


def test_who_is_a_deputy_and_more_is_named_so_at_that_seat_alone() -> None:
    own = held(DORA, "Dora", "own", role="participant", seat="participant")
    view = seen(own)
    assert view.person(DORA).acting == "Dora Maes"
    (holder,) = view.holders("prevention", TOWN)
    assert holder.acting == "Dora Maes, voor Joris Maes"
    both = seen(held(DORA, "Dora", "seat"))
    (holder,) = both.holders("prevention", TOWN)
    assert holder.acting == "Dora Maes", "her own seat comes first"


def test_the_circle_its_readers_the_session_and_the_table_say_so() -> None:
    view = seen()
    circle = circle_of(view)
    assert circle.readers == ["Dora Maes, voor Joris Maes, preventie"]
    ((holder,),) = [seat.holders for seat in circle.seats]
    assert circle.named(holder) == "Dora Maes, voor Joris Maes, Preventie"
    session = meeting_pb2.Session(attendance=[meeting_pb2.Attendance(person_id=DORA, seat="prevention")])
    seats = SessionSeats(view, session, LANGUAGES["nl"], [TOWN])
    assert "Dora Maes, voor Joris Maes" in [taken.note for taken in seats.of(TOWN)]
    assert "Dora Maes, voor Joris Maes" in [names for _, names in seats.expected]
    assert "Dora Maes, voor Joris Maes" in [seat.name for seat in seats_of(view, LANGUAGES["nl"])]


async def test_the_list_of_contacts_names_deputies_in_turn_or_not(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    view = seen(ended=True, in_reserve=True).found
    view.cell.cell_id = str(front.cell)
    backends.answers["ReadTable"] = view
    people = [
        pb.Contact(person_id=person_id, given_name=name, family_name="Maes")
        for person_id, name in ((JORIS, "Joris"), (ME, "Nele"))
    ]
    backends.answers["ReadContacts"] = pb.Contacts(contacts=people)
    page = (await front.client.get(f"{at}/contacts")).text
    assert page.count("Vervanger: Dora Maes") == 1
