"""What the pages of a case and of a session need to be seen in each state: the story, stopped at every step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

from tests.browser import Contexts, Look
from tests.e2e.bodies import Pen, day
from tests.e2e.story import Story
from tests.e2e.table import Table

LETTERS = str.maketrans("0123456789", "ghijklmnop")
AUTHOR = "nele"
STEPS = ("need", "informed", "less", "proportion", "share")
DRAFT = "Hij zoekt weer contact met zijn zus. Dat is hoopgevend. Zij weet dat wij dit bespreken."

# Something typed into every field, the first of each choice ticked: the state of the page matters, not the words.
FILLED_IN = """(() => {
    const form = document.getElementById('form')
    form.querySelectorAll('textarea').forEach((one) => { one.value ||= 'Omdat het helpt.' })
    const choices = [...form.querySelectorAll('[type=radio], [type=checkbox]')].reverse()
    new Map(choices.map((one) => [one.name, one])).forEach((one) => { one.checked = true })
})()"""


async def play_scenes(table: Table) -> dict[str, str]:
    """Ids of signals, cases, contributions and sessions, by the state they are in."""
    found: dict[str, str] = {}
    entered = await played(table, Story.nele_enters_a_signal)
    found["signal"] = entered.signal
    found["unlike"] = await somebody_else(table)
    found["asked"] = (await played(table, *ASKED)).signal
    found["held"] = (await played(table, *ASKED, Story.karim_asks_to_wait)).signal
    found |= await exchanges_of(table)
    found |= await questions_of(table)
    found["dismissed"] = (await played(table, Story.nele_enters_a_signal, Story.an_dismisses_it)).signal
    found["redirected"] = (await played(table, *ASKED, Story.karim_asks_to_wait, Story.an_redirects_it)).signal
    found["proposed"] = (await played(table, *PROPOSED)).case
    found["just_listed"] = (await played(table, *PROPOSED, Story.lieve_lists_it)).case
    drafted = await played(table, *TABLED)
    found |= {"listed": drafted.case, "draft": await _drafted(drafted), "signal_proposed": drafted.signal}
    found["entry"] = await _entry(drafted)
    left = await played(table, *TABLED)
    found |= {"left": left.case, "ended": await _entry(left)}
    await _ended(left, found["ended"])
    out = await played(table, *TABLED)
    await table["karim"].post(table.path(f"cases/{out.case}/conflict"), {})
    found_out = await table["an"].get(table.path(f"cases/{out.case}"))
    put_off = {"answer": "postponed", "day": day(60), "why": "safety"}
    await table["an"].post(table.path(f"cases/{out.case}/information"), put_off, if_match=found_out.etag)
    found |= {"kept_out": out.case, "karims_id": out.ids["karim"]}
    weighed = await played(table, *TABLED)
    found |= {"weighing": weighed.case, "weighed": await _drafted(weighed)}
    planned = await played(table, *PLANNED)
    found |= {"scheduled": planned.case, "planned": planned.session, "shared": planned.contributions[AUTHOR]}
    opened = await played(table, *PLANNED, Story.lieve_opens_it)
    found |= {"at_table": opened.case, "open": opened.session}
    prepared = await played(table, *PLANNED, Story.lieve_opens_it, Story.an_prepares)
    found |= {"prepared_case": prepared.case, "prepared": prepared.session}
    cancelled = await played(table, *PLANNED, Story.an_cancels)
    found |= {"cancelled": cancelled.session}
    decided = await played(table, *PLANNED, Story.lieve_opens_it, Story.lieve_decides, Story.the_case_is_followed_up)
    found |= {"followed": decided.case, "decided": decided.session}
    return found


Step = Callable[[Story], Awaitable[None]]
ASKED: tuple[Step, ...] = (Story.nele_enters_a_signal, Story.an_asks_the_police)
PROPOSED: tuple[Step, ...] = (Story.nele_enters_a_signal, Story.an_proposes_a_case)
TABLED: tuple[Step, ...] = (*PROPOSED, Story.lieve_lists_it, Story.an_composes_the_circle)
PLANNED: tuple[Step, ...] = (*TABLED, Story.partners_share, Story.an_plans_a_session)


async def played(table: Table, *steps: Step) -> Story:
    """A story of this table after these steps."""
    story = Story(table, say=lambda _: None)
    story.ids = await table.ids()
    for step in steps:
        await step(story)
    return story


async def somebody_else(table: Table) -> str:
    """A signal about somebody of whom nobody else told; all others of the story are about one person."""
    told = Pen().signal(table.nis_code)
    told["person"] |= {"given_name": "Amira", "family_name": uuid4().hex.translate(LETTERS)}
    return str((await table[AUTHOR].post(table.path("signals"), told)).body["id"])


async def exchanges_of(table: Table) -> dict[str, str]:
    """A signal about which something is asked, and one of which that is answered and something is added."""
    found = {name: (await played(table, Story.nele_enters_a_signal)).signal for name in ("wondered", "answered")}
    path = table.path(f"signals/{found['wondered']}/ask")
    await table["an"].post(path, Pen().said("Sinds wanneer blijft hij weg, en van welke lessen?"), if_match='"1"')
    await table.talk(found["answered"], Pen())
    return found


async def questions_of(table: Table) -> dict[str, str]:
    """A question without a name that waits, and one that was answered."""
    body, found = {"text": "Een leerling zegt vreemde dingen. Hoe begin ik dat gesprek?", "language": "nl"}, {}
    for name in ("question", "told_question"):
        found[name] = str((await table[AUTHOR].post(table.path("questions"), body)).body["id"])
    path = table.path(f"questions/{found['told_question']}/answer")
    answer = {"prepared": "talk_first", "text": "Bel mij gerust.", "language": "nl"}
    await table["an"].post(path, answer, if_match='"1"')
    told = {"question": "Hoe begin ik een gesprek?", "answer": "Vraag wat er speelt, en luister.", "language": "nl"}
    await table["an"].post(table.path(f"questions/{found['told_question']}/publish"), told)
    return found


async def _drafted(story: Story) -> str:
    body = {"text": DRAFT, "life_domain": "family", "language": "nl"}
    path = story.table.path(f"cases/{story.case}/contributions")
    written: str = (await story.table[AUTHOR].post(path, body)).body["id"]
    return written


async def _entry(story: Story) -> str:
    """The invitation of a partner."""
    circle = (await story.table["an"].get(story.table.path(f"cases/{story.case}"))).body["circle"]
    return next(str(entry["entry_id"]) for entry in circle if entry["person_id"] == story.ids["sofie"])


async def _ended(story: Story, entry: str) -> None:
    """The coordinator takes the partner out again."""
    an, path = story.table["an"], story.table.path(f"cases/{story.case}")
    etag = (await an.get(path)).etag
    await an.post(f"{path}/circle/{entry}/end", {"reason": "conflict_of_interest"}, if_match=etag)


async def answer_until(contexts: Contexts, author: str, contribution: str, last: str) -> None:
    """The author answers the questions of sharing on the pages, until this one is asked; nothing is shared."""
    watched = await contexts.page_for(author, Look())
    for step in STEPS[: STEPS.index(last)]:
        await watched.open(f"{contexts.instance.portal_url}{contribution}/{step}")
        await watched.evaluate(FILLED_IN)
        async with watched.settled():
            await watched.page.locator("#form button:not([name])").click()
    if not watched.page.url.endswith(f"/{last}"):
        raise AssertionError(f"the steps of sharing end at {watched.page.url}: {(await watched.text())[:500]}")
