"""The people of a table are told once and held; every page asks whether they still are what is held."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound
from services.portal.web.request import tables
from services.portal.web.request.tables import Tables
from services.portal.web.ui.language import Languages
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, OTHER, sit, table

FIRST, SECOND = "6.2.0.0", "9.2.1.0"


def told(front: Front, backends: Backends, version: str, name: str = "An", *roles: str, colour: str = "") -> None:
    """From now on the directory tells this."""
    answer = table(front.cell, *(roles or ("coordinator",)))
    answer.version = version
    answer.cell.brand_colour = colour
    next(mandate for mandate in answer.mandates if mandate.person_id == OTHER).given_name = name
    backends.answers["ReadTable"] = answer


def held_in(backends: Backends) -> list[str]:
    """What the directory was told to be held, page by page."""
    return [call.request.if_version for call in backends.calls if call.method == "ReadTable"]


async def test_the_second_page_asks_with_what_is_held_and_shows_the_same(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    backends.calls.clear()
    pages = [(await front.client.get(path)).text for _ in range(3)]
    assert "An Peeters" in pages[0]
    assert _without_tokens(pages[0]) == _without_tokens(pages[1]) == _without_tokens(pages[2])
    assert held_in(backends) == ["", FIRST, FIRST]


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line]


async def test_a_name_that_changed_is_shown_at_once_in_every_tab(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    tabs = (path, f"{path}?after=")
    for tab in tabs:
        assert "An Peeters" in (await front.client.get(tab)).text
    told(front, backends, SECOND, "Anna")
    for tab in tabs:
        page = (await front.client.get(tab)).text
        assert "Anna Peeters" in page
        assert "An Peeters" not in page


async def test_a_colour_that_changed_is_shown_although_the_people_are_held(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    assert "cell-7a1f5c" not in (await front.client.get(path)).text
    told(front, backends, FIRST, colour="#7a1f5c")
    backends.calls.clear()
    page = (await front.client.get(path)).text
    assert held_in(backends) == [FIRST]
    assert "cell-7a1f5c" in page
    assert "An Peeters" in page


async def test_what_the_reader_may_do_is_never_what_somebody_else_may(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    assert f"{path}/mandates" in (await front.client.get(path)).text
    told(front, backends, FIRST, "An", "participant")
    page = (await front.client.get(path)).text
    assert f"{path}/mandates" not in page
    assert "An Peeters" in page


async def test_invariant_15_whose_mandate_ended_meanwhile_is_shown_no_name_that_is_held(
    front: Front, backends: Backends
) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    assert "Peeters" in (await front.client.get(path)).text
    backends.answers["ReadTable"] = CellNotFound()
    gone = await front.client.get(path)
    assert gone.status_code == 404
    assert "Peeters" not in gone.text


async def test_invariant_07_before_the_undertaking_nothing_is_held_and_nothing_held_is_shown(
    front: Front, backends: Backends
) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    assert "Peeters" in (await front.client.get(path)).text
    backends.answers["ReadTable"] = table(front.cell, "coordinator", accepted=False)
    assert "Peeters" not in (await front.client.get(path)).text
    told(front, backends, FIRST)
    backends.calls.clear()
    assert "Peeters" in (await front.client.get(path)).text
    assert held_in(backends) == [FIRST]


async def test_names_are_made_for_each_language(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "coordinator")
    told(front, backends, FIRST)
    for language, word in (("nl", "Coördinator"), ("fr", "Coordinat"), ("nl", "Coördinator")):
        page = await front.client.get(path, headers={"accept-language": language})
        assert word.lower() in page.text.lower()
        assert "An Peeters" in page.text


class Directory:
    """Answers for any number of cells, and says what it was asked."""

    def __init__(self, people: int = 1) -> None:
        self.asked: list[str] = []
        self.people = people
        self.version = FIRST

    async def __call__(self, asked: pb.ReadTableRequest) -> pb.Table:
        self.asked.append(asked.if_version)
        if asked.if_version == self.version:
            return pb.Table(version=self.version, unchanged=True, person_id=OTHER)
        mandates = [pb.MandateView(person_id=str(uuid4()), given_name="An") for _ in range(self.people)]
        return pb.Table(version=self.version, person_id=ME, mandates=mandates, more_before=True)


async def _read(held: Tables, cell: UUID, directory: Directory) -> pb.Table:
    return (await held.read(cell, Languages()["nl"], directory)).found


async def test_held_are_the_people_alone_and_of_their_own_cell(front: Front) -> None:
    held, directory, cell, other = Tables(), Directory(), uuid4(), uuid4()
    first = await _read(held, cell, directory)
    again = await _read(held, cell, directory)
    assert (again.person_id, again.more_before, list(again.mandates)) == (OTHER, True, list(first.mandates))
    assert list((await _read(held, other, directory)).mandates) != list(first.mandates)
    assert directory.asked == ["", FIRST, ""]


async def test_names_are_held_for_a_bounded_number_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_MANDATES", 5)
    held, directory, cells = Tables(), Directory(people=2), [uuid4() for _ in range(3)]
    for cell in (cells[0], cells[1], cells[0], cells[2], cells[0], cells[1]):
        await _read(held, cell, directory)
    # The one asked for longest ago gave way to the third.
    assert directory.asked == ["", "", FIRST, "", FIRST, ""]
    monkeypatch.setattr(tables, "LIVES_SECONDS", 0)
    last = uuid4()
    await _read(held, last, directory)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await _read(held, last, directory)
    assert directory.asked[-2:] == ["", ""]
