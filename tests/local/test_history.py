"""The invented month of the demo: what its diaries say, that each act has its effect once, and who finds what."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.local.caller import Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import place_of, seed, seeder
from deploy.local.history import DIARIES, History, Place, diary
from deploy.local.past import Past, past
from deploy.local.people import DEMO_PEOPLE, People
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import HOST_PERSON, TOWNS, VAARTBEKE, WELCOME, Town
from services.kit.clock import utc_now
from tests.e2e.fresh import fresh_town, invented
from tests.e2e.waiting import until

NOT_OF_A_PERSON = re.compile(r"\b(dader|verdacht|geval|profiel|geradicaliseerd)", re.IGNORECASE)
LONGEST_SENTENCE = 18
ACTS: Mapping[str, tuple[str, ...]] = {
    "enter_signal": ("enter_signal",),
    "propose_case": ("read_signal", "propose_case"),
    "place_on_list": ("read_case", "place_on_list"),
    "note_information": ("read_case", "note_information"),
    "invite_to_circle": ("read_case", "invite_to_circle"),
    "read_case": ("read_case",),
    "write_contribution": ("write_contribution",),
    "share_contribution": ("write_contribution", "assess_contribution", "share_contribution"),
    "plan_session": ("plan_session",),
    "open_session": ("read_session", "open_session"),
    "record_decision": ("read_session", "record_decision"),
}
"""What each kind of page does, as the log tells it."""


class Cut(Exception):
    """Living through a diary was cut off."""


class CutOff(Progress):
    """Is cut off once in every step, at the worst moment: after it was done and before it is noted."""

    def __init__(self, file: Path, cut: set[str]) -> None:
        super().__init__(file)
        self._cut = cut

    def note(self, step: str, result: str) -> None:
        """As always, but the first time it fails."""
        if step not in self._cut:
            self._cut.add(step)
            raise Cut
        super().note(step, result)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A furnished town of the test's own, before its history."""

    platform: Platform
    place: Place
    tag: str
    begun: datetime
    then: Past

    async def live(self, cut: set[str]) -> None:
        """Its people live through the diary of Vaartbeke. Raises Cut in each step that is not among these."""
        progress = CutOff(self.platform.instance.root / f"history-{self.tag}.json", cut)
        await History(self.then, self.place, progress, self.begun).live(diary("vaartbeke"))

    @asynccontextmanager
    async def callers(self, *names: str) -> AsyncIterator[list[Caller]]:
        """Some of its people at the API."""
        flow = CodeFlow(self.platform.instance)
        async with api_client(self.platform.instance.portal_url) as http:
            yield [Caller(http, partial(flow.token, f"{name}-{self.tag}")) for name in names]


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """One whose demo town nobody has touched."""
    return storm


@pytest.fixture
async def fresh(platform: Platform) -> AsyncIterator[Fresh]:
    tag = secrets.token_hex(4)
    instance = platform.instance
    names = [seat.person for seat in (*VAARTBEKE.seats, *VAARTBEKE.partners)]
    town = fresh_town(VAARTBEKE, tag, names)
    async with platform.keycloak.admin() as admin:
        await People(instance).add(admin, invented(tag, names))
    async with seeder(platform, Progress(instance.root / f"demo-{tag}.json")) as town_hall:
        cell = UUID(await town_hall.furnish(town))
    async with past(platform) as then:
        yield Fresh(platform, untagged(await place_of(platform, town, cell), tag), tag, utc_now(), then)


def untagged(place: Place, tag: str) -> Place:
    """The same people by the names of the diary."""
    people = {name.removesuffix(f"-{tag}"): person for name, person in place.people.items()}
    return replace(place, people=people, legal_bases={name: place.legal_bases[f"{name}-{tag}"] for name in people})


async def test_a_history_cut_off_in_every_step_happens_once(fresh: Fresh) -> None:
    cut: set[str] = set()
    while True:
        with suppress(Cut):
            await fresh.live(cut)
            break
    told = Counter(act for page in diary("vaartbeke") for act in ACTS[page["does"]])
    assert len(cut) == told.total()
    async with fresh.callers("tom", "an", "nele") as (tom, an, nele):
        # Each step was done twice, the second time without effect: so says the log, and nothing is there twice.
        leaves = await logged(tom, fresh, told.total() * 2)
        assert Counter(leaf["action"] for leaf in leaves) == Counter({act: 2 * times for act, times in told.items()})
        assert {leaf["outcome"] for leaf in leaves} == {"allow"}
        assert all(datetime.fromisoformat(leaf["at"]) < fresh.begun for leaf in leaves)
        await everything_is_there_once(an, nele, fresh)


async def logged(tom: Caller, fresh: Fresh, least: int) -> list[dict[str, Any]]:
    """The leaves of what people did in the history, as the DPO finds them once at least so many are in the log."""
    acts = {act for done in ACTS.values() for act in done}

    async def found() -> list[dict[str, Any]] | None:
        leaves: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = (await tom.get(f"/cells/{fresh.place.cell_id}/audit", page_size=50, cursor=cursor)).body
            leaves += [json.loads(entry["leaf"]) for entry in page["entries"]]
            if not (cursor := page["next_cursor"]):
                break
        leaves = [leaf for leaf in leaves if leaf["action"] in acts]
        return leaves if len(leaves) >= least else None

    return await until("the log has it all", found)


async def everything_is_there_once(an: Caller, nele: Caller, fresh: Fresh) -> None:
    """Signals, cases and sessions as the coordinator sees them, one case as a partner reads it."""
    cell = f"/cells/{fresh.place.cell_id}"
    cases = (await an.get(f"{cell}/cases")).body["cases"]
    assert Counter(case["state"] for case in cases) == {"FOLLOW_UP": 1, "SCHEDULED": 2, "PROPOSED": 1}
    signals = (await an.get(f"{cell}/signals")).body["signals"]
    assert Counter((signal["state"], signal["urgent"]) for signal in signals) == {
        ("PROPOSED", False): 4, ("RECEIVED", False): 1, ("RECEIVED", True): 1,
    }  # fmt: skip
    sessions = (await an.get(f"{cell}/sessions")).body["sessions"]
    assert Counter(session["state"] for session in sessions) == {"OPEN": 1, "PLANNED": 1}
    followed = next(case["case_id"] for case in cases if case["state"] == "FOLLOW_UP")
    case = (await nele.get(f"{cell}/cases/{followed}")).body
    assert Counter(contribution["police_origin"] for contribution in case["contributions"]) == {False: 5, True: 1}
    assert "school_and_training" not in {domain for entry in case["circle"] for domain in entry["life_domains"]}
    assert len(case["actions"]) == 3
    own = next(contribution for contribution in case["contributions"] if contribution["read_by"])
    readers = {str(fresh.place.people[name]) for name in ("an", "lieve", "joris", "wout", "els", "jonas")}
    assert set(own["read_by"]) == readers, "karim alone has not read what nele shared"


async def test_who_finds_what_in_the_demo_town_and_a_second_seeding_changes_nothing(platform: Platform) -> None:
    await seed(platform)
    noted = (platform.instance.root / "demo.json").read_bytes()
    found = await found_by_everybody(platform)
    assert found == {
        ("an", "Vaartbeke (demo)"): {"signal_received"},
        ("lieve", "Vaartbeke (demo)"): {"case_proposed"},
        ("karim", "Vaartbeke (demo)"): {"contribution_private", "contribution_wanted"},
        ("joris", "Vaartbeke (demo)"): {"contribution_wanted"},
        ("nele", "Vaartbeke (demo)"): {"contribution_wanted", "action_due"},
        ("nele", "Dijkgem (demo)"): set(),
        ("sofie", "Vaartbeke (demo)"): {"contribution_private"},
        ("wout", "Vaartbeke (demo)"): {"action_due"},
        ("els", "Vaartbeke (demo)"): {"action_due", "contribution_wanted"},
        ("jonas", "Vaartbeke (demo)"): {"contribution_wanted"},
        ("wim", "Dijkgem (demo)"): {"session_wanted", "signal_received"},
        ("rita", "Dijkgem (demo)"): set(),
        ("bram", "Dijkgem (demo)"): set(),
        ("ilse", "Dijkgem (demo)"): set(),
        ("hanne", "Dijkgem (demo)"): set(),
        ("pieter", "Dijkgem (demo)"): set(),
    }
    await seed(platform)
    assert await found_by_everybody(platform) == found
    assert (platform.instance.root / "demo.json").read_bytes() == noted


async def found_by_everybody(platform: Platform) -> dict[tuple[str, str], set[str]]:
    """What waits for each of the demo people at each table; the urgent before all else."""
    flow = CodeFlow(platform.instance)
    found = {}
    async with api_client(platform.instance.portal_url) as http:
        for name in sorted(set(DEMO_PEOPLE) - {"tom", "dirk", "greet", HOST_PERSON}):
            person = Caller(http, partial(flow.token, name))
            for cell in (await person.get("/me")).body["cells"]:
                waiting = (await person.get(f"/cells/{cell['cell_id']}/waiting")).body["waiting"]
                found[name, cell["name"]] = {item["kind"] for item in waiting}
                if name == "an":
                    assert waiting[0]["urgent"]
    return found


def test_everybody_of_the_demo_has_a_place_and_a_welcome() -> None:
    seated = {seat.person for town in TOWNS for seat in (*town.seats, *town.partners)}
    assert seated | {HOST_PERSON} == set(DEMO_PEOPLE) == set(WELCOME)


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.diary)
def test_a_diary_goes_on_in_time_and_its_people_sit_at_the_table(town: Town) -> None:
    pages = diary(town.diary)
    moments = [(page["day"], page["at"]) for page in pages if "minutes_ago" not in page]
    assert moments == sorted(moments)
    assert all(day < 0 for day, _ in moments), "what is still to come cannot have been done"
    assert ["minutes_ago" in page for page in pages] == sorted("minutes_ago" in page for page in pages)
    assert {page["by"] for page in pages} <= {seat.person for seat in (*town.seats, *town.partners)}
    assert {page["does"] for page in pages} <= set(ACTS)


@pytest.mark.parametrize("file", sorted(DIARIES.glob("*.json")), ids=lambda file: file.stem)
def test_a_diary_says_what_was_seen_in_short_sentences(file: Any) -> None:
    found = [text for page in diary(file.stem) for text in texts_of(page)]
    assert found
    assert [text for text in found if NOT_OF_A_PERSON.search(text) or "!" in text] == []
    sentences = [word for text in found for word in re.split(r"(?<=[.?:;])\s", text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > LONGEST_SENTENCE] == []


def texts_of(said: Any) -> Iterator[str]:
    """Every text in a page, however deep."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for sentence in said.values():
            yield from texts_of(sentence)
    elif isinstance(said, list):
        for sentence in said:
            yield from texts_of(sentence)
