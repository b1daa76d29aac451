"""Two people of one name, organisation and role: wherever one of them is chosen or named, it is seen which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from html import unescape

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.cell.test_mandates import opened as open_mandates
from tests.portal.conftest import Front
from tests.portal.dossier import TODAY, case, guest, open_case
from tests.portal.log.test_log import entry, logged
from tests.portal.sittings import POLICE, PREVENTION, at_the_table, open_item, session
from tests.portal.tables import ME, OTHER, TOWN, sit

TWINS = tuple(f"01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4de{number}" for number in range(3))
"""All alike but for the first, whose mandate began earlier."""
Opened = Callable[[Front, Backends], Awaitable[str]]


def twins(role: str) -> list[pb.MandateView]:
    """Three of one name, organisation and role."""
    made = []
    for person, first in zip(TWINS, ("2026-01-01", "2026-02-01", "2026-02-01"), strict=True):
        mandate = pb.MandateView(
            mandate_id=person, person_id=person, given_name="Eva", family_name="Maes", role=role,
            organisation_name="Stad Vaartbeke", organisation_kind="municipality", nis_codes=[TOWN], to="2027-12-31",
            undertaking_accepted=True, given_at=to_timestamp(NOW), given_by="CELL", version=1,
        )  # fmt: skip
        setattr(mandate, "from", first)
        made.append(mandate)
    return made


def joined(backends: Backends, role: str) -> None:
    """They sit at the table too."""
    table = backends.answers["ReadTable"]
    assert isinstance(table, pb.Table)
    table.mandates.extend(twins(role))


async def inviting(front: Front, backends: Backends) -> str:
    path = await open_case(front, backends, case("LISTED"), role="coordinator", kind="municipality")
    joined(backends, "participant")
    return f"{path}/circle/invite"


async def opening(front: Front, backends: Backends) -> str:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    joined(backends, "participant")
    return path


async def deciding(front: Front, backends: Backends) -> str:
    path = await open_item(front, backends, "mayor")
    joined(backends, "information_officer")
    backends.answers["ReadSession"] = session(attendance=[ME, OTHER, POLICE, PREVENTION, *TWINS])
    return f"{path}/decision"


async def searching(front: Front, backends: Backends) -> str:
    at = await sit(front, backends, "dpo")
    logged(backends, entry(actor=TWINS[0]))
    joined(backends, "participant")
    return f"{at}/log"


PAGES: dict[str, tuple[Opened, int]] = {
    "whom to invite": (inviting, 1), "who is present": (opening, 1), "whose acts": (searching, 1),
    "who does it, three times, who leads, and who disagrees, twice": (deciding, 6),
}  # fmt: skip
"""Each page on which people are chosen, and how often."""


def choices(page: str) -> list[list[str]]:
    """What reads beside each value, for each list of the page with one of the three in it: options, or ticks."""
    selects = [
        re.findall(r"<option([^>]*)>([^<]*)", select) for select in re.findall(r"<select.*?</select>", page, re.S)
    ]
    ticks = [(item, re.sub(r"<[^>]*>", " ", item)) for item in re.split(r'class="[\w-]*checkboxes__item', page)[1:]]
    found = [[unescape(said) for _, said in group] for group in [*selects, ticks] if TWINS[0] in str(group)]
    return [[" ".join(said.split()) for said in group] for group in found]


@pytest.mark.parametrize("name", PAGES)
async def test_no_two_choices_read_the_same(front: Front, backends: Backends, name: str) -> None:
    opened, lists = PAGES[name]
    page = await front.client.get(await opened(front, backends))
    assert page.status_code == 200
    found = choices(page.text)
    assert len(found) == lists
    for group in found:
        assert sum("Eva Maes" in said for said in group) == len(TWINS)
        assert [said for said, times in Counter(group).items() if times > 1] == []


async def test_what_differs_is_said_and_else_a_number(front: Front, backends: Backends) -> None:
    (found,) = choices((await front.client.get(await inviting(front, backends))).text)
    january, february = (f"mandaat vanaf 1 {month} 2026" for month in ("januari", "februari"))
    assert found[1:] == [
        "CLB Kanaal: Sofie Vermeulen (deelnemer)",
        f"Stad Vaartbeke: Eva Maes ({january}) (deelnemer)",
        f"Stad Vaartbeke: Eva Maes ({february}, nummer 1) (deelnemer)",
        f"Stad Vaartbeke: Eva Maes ({february}, nummer 2) (deelnemer)",
    ]


async def test_a_mandate_is_ended_of_the_one_who_is_meant(front: Front, backends: Backends) -> None:
    path = await open_mandates(front, backends)
    joined(backends, "participant")
    backends.answers["ListMandates"] = pb.ListMandatesResponse(mandates=twins("participant"))
    said = re.findall(r"Beëindig het mandaat van (Eva Maes[^<]*)", unescape((await front.client.get(path)).text))
    assert len(said) == len(set(said)) == len(TWINS)


async def test_the_circle_and_its_readers_are_told_apart(front: Front, backends: Backends) -> None:
    found = case("LISTED", circle=[guest(person, "family", first=TODAY) for person in TWINS])
    path = await open_case(front, backends, found, role="coordinator", kind="municipality")
    joined(backends, "participant")
    said = re.findall(r"Eva Maes \([^)]*\)", words((await front.client.get(f"{path}/circle")).text))
    assert len(set(said)) == len(TWINS)
