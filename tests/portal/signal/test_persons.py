"""People known in part, told of in a form and shown: one name, a year of birth, an age; whether perhaps a minor."""

from __future__ import annotations

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import BirthInFuture, BirthTooLongAgo, MinorContradicted
from services.kit.errors import Invalid
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.signal.test_signals import SIGNAL, TYPED, signal
from tests.portal.tables import calls_of, carried, carried_on, send, sit

AGED = pb.EstimatedAge(years=16, as_of="2026-03-02")
KNOWN = {"observed": "a", "tried": "b", "reason": "c"}
"""What else a signal needs; no name and no birth yet."""


@pytest.mark.parametrize(
    ("typed", "person", "minor"),
    [
        ({"given_name": "Mil", "birth_date": "2009"}, {"given_name": "Mil", "birth_date": "2009"}, None),
        ({"family_name": "Claes", "birth_date": "maart 2009"}, {"family_name": "Claes", "birth_date": "2009-03"}, None),
        ({"given_name": "Mil", "birth_date": "ongeveer 16"}, {"given_name": "Mil", "estimated_age": AGED}, None),
        ({"given_name": "Mil", "minor": "no"}, {"given_name": "Mil"}, False),
        ({"given_name": "Mil", "also_known_as": "Lange, Mo", "birth_date": "16", "minor": "yes"},
         {"given_name": "Mil", "also_known_as": "Lange, Mo", "estimated_age": AGED}, True),
    ],
)  # fmt: skip
async def test_people_known_in_part_are_told_of(
    front: Front, backends: Backends, typed: dict[str, str], person: dict[str, object], minor: bool | None
) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = {name if name == "minor" else f"person.{name}": value for name, value in typed.items()}
    assert (await send(front, path, KNOWN | fields)).status_code == 303
    told = backends.last.request
    assert told.person == pb.PersonConcerned(**person)  # type: ignore[arg-type]
    assert (told.minor if told.HasField("minor") else None) is minor


async def test_without_a_name_and_without_an_age_it_is_asked_and_nothing_is_sent(
    front: Front, backends: Backends
) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    assert (await send(front, path, KNOWN | {"person.given_name": "Mil", "minor": "no"})).status_code == 303
    backends.calls.clear()
    answer = await send(front, path, KNOWN)
    assert answer.status_code == 422
    assert "één van de twee volstaat" in answer.text
    assert 'href="#minor"' in answer.text
    assert "EnterSignal" not in calls_of(backends)


async def test_a_birth_against_the_mark_of_a_minor_is_asked_about(front: Front, backends: Backends) -> None:
    """One of the two is a slip: whoever says that the birth is right sends it alone."""
    path = await sit(front, backends, "participant") + "/signals/new"
    typed = KNOWN | {"person.given_name": "Mil", "person.birth_date": "1979", "minor": "yes"}
    backends.answers["EnterSignal"] = MinorContradicted(field="minor", expected="x")
    asked = await send(front, path, typed)
    assert asked.status_code == 200
    said = words(asked.text)
    for text in ("Welke van de twee klopt?", "Wanneer geboren, of hoe oud? 1979", "Jonger dan 18? Ja, of misschien"):
        assert text in said, text
    changing = await front.client.post(path, data=carried_on(asked) | {"change": "person.birth_date"})
    assert 'value="1979"' in changing.text
    assert "Mil" in changing.text
    del backends.answers["EnterSignal"]
    assert (await front.client.post(path, data=carried_on(asked))).status_code == 303
    told = backends.last.request
    assert (told.person.birth_date, told.HasField("minor"), told.observed) == ("1979", False, "a")


async def test_a_mark_that_was_the_slip_is_not_sent_again(front: Front, backends: Backends) -> None:
    """And whoever mends the birth is not held to the mark either: the birth tells it."""
    path = await sit(front, backends, "participant") + "/signals/new"
    backends.answers["EnterSignal"] = MinorContradicted(field="minor", expected="x")
    asked = await send(front, path, KNOWN | {"person.given_name": "Mil", "person.birth_date": "1979", "minor": "yes"})
    changing = await front.client.post(path, data=carried_on(asked) | {"change": "person.birth_date"})
    del backends.answers["EnterSignal"]
    kept = {name: values for name, values in carried(changing).items() if name != "checked"}
    mended = kept | KNOWN | {"person.given_name": "Mil", "person.birth_date": "2009"}
    assert (await front.client.post(path, data=mended)).status_code == 303
    assert backends.last.request.person.birth_date == "2009"


@pytest.mark.parametrize(
    ("error", "field", "sentence"),
    [
        (BirthInFuture(field="person.birth_date", expected="x"), "person.birth_date", "van vandaag of vroeger"),
        (BirthTooLongAgo(field="person.birth_date", expected="x"), "person.birth_date", "Kijk het jaar na"),
    ],
)
async def test_a_birth_that_cannot_be_is_said_at_its_field(
    front: Front, backends: Backends, error: Invalid, field: str, sentence: str
) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    backends.answers["EnterSignal"] = error
    answer = await send(front, path, TYPED | {"person.birth_date": "24-11-2091"})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert sentence in answer.text
    assert 'value="24-11-2091"' in answer.text


@pytest.mark.parametrize(
    ("person", "age", "shown"),
    [
        (pb.PersonConcerned(given_name="Mil", birth_date="2008"), pb.Age(least=17, most=18, minor="possibly_minor"),
         ["Mil, 17 of 18 jaar", "misschien minderjarig", "Misschien, en daarom zo behandeld: 17 of 18 jaar."]),
        (pb.PersonConcerned(family_name="Claes", estimated_age=AGED), pb.Age(least=14, most=18, minor="possibly_minor"),
         ["Claes, ongeveer 16 jaar", "misschien minderjarig", "ongeveer 16 jaar op 2\u00a0maart 2026"]),
        (pb.PersonConcerned(given_name="Mil", birth_date="2008-03"), pb.Age(least=18, most=18, minor="of_age"),
         ["Mil, 18 jaar", "maart 2008", "Intussen meerderjarig"]),
        (pb.PersonConcerned(given_name="Mil", also_known_as="Mo"), None,
         ["<h1>Mil</h1>", "Mo", "Volgens de melder jonger dan 18, of misschien."]),
    ],
)  # fmt: skip
async def test_how_sure_it_is_that_somebody_is_a_minor_is_said_in_words(
    front: Front, backends: Backends, person: pb.PersonConcerned, age: pb.Age | None, shown: list[str]
) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadSignal"] = signal(person=person, age=age)
    page = await front.client.get(f"{at}/signals/{SIGNAL}")
    assert [text for text in shown if text not in page.text] == []
