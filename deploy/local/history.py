"""Lets a cell live through a diary: what its people did, day by day, until today.

The diaries lie in `invented/`, page by page in the order of time. A page says who does what on which day: `day` counts
from the day the diary is lived through, 0, so yesterday is -1 and tomorrow 1; times are those of Brussels.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.local.past import Past
from deploy.local.progress import Progress
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.commands.invite_to_circle import InviteToCircle, invite_to_circle
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.place_on_list import PlaceOnList, place_on_list
from services.case.commands.propose_case import ProposeCase, propose_case
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import WriteContribution, write_contribution
from services.case.criterion import Assessment, Criterion
from services.case.information import INFORMED
from services.case.model import EVERY_PART
from services.case.person import EstimatedAge, PersonConcerned
from services.case.queries.read_case import CaseView, ReadCase, read_case
from services.case.queries.read_signal import ReadSignal, SignalView, read_signal
from services.kit.clock import BRUSSELS, local_date
from services.kit.execute import HandlerOf
from services.kit.outbox import Receipt
from services.kit.partial_dates import PartialDay
from services.meeting.commands.open_session import OpenSession, open_session
from services.meeting.commands.plan_session import PlannedItem, PlanSession, plan_session
from services.meeting.commands.record_decision import RecordDecision, record_decision
from services.meeting.model import AgreedAction, Outcome, StatedDissent
from services.meeting.queries.read_session import ReadSession, SessionView, read_session

Command = TypeVar("Command")
View = TypeVar("View")
Said = Mapping[str, Any]

DIARIES = Path(__file__).parent / "invented"
LANGUAGE = "nl"
READING = timedelta(minutes=4)
"""Between looking at something and acting on it."""


def diary(name: str) -> tuple[Said, ...]:
    """The pages of a diary, oldest first."""
    return tuple(json.loads((DIARIES / f"{name}.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a diary is lived through, and who is who there: ids, and the legal basis each shares under, by name."""

    cell_id: UUID
    nis_code: str
    people: Mapping[str, UUID]
    legal_bases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What one person did at one moment; `name` is what its steps are noted under."""

    name: str
    by: str
    at: datetime
    says: Said

    @property
    def about(self) -> str:
        """Whom the signal or case is about, by first name."""
        return str(self.says["about"])


class History:
    """One cell's past. `begun` is when living through it began: what was cut off goes on from the same day."""

    def __init__(self, past: Past, place: Place, progress: Progress, begun: datetime) -> None:
        self._past = past
        self._place = place
        self._progress = progress
        self._begun = begun
        self._signals: dict[str, UUID] = {}
        self._cases: dict[str, UUID] = {}
        self._sessions: dict[str, UUID] = {}

    async def live(self, pages: Sequence[Said]) -> None:
        """Every page once, however often this is cut off. Raises TimeoutError and the handlers' errors."""
        await self._past.mandates_are_heard(self._place.cell_id)
        for number, said in enumerate(pages, start=1):
            name = f"{self._place.cell_id} page {number}"
            await _DOES[said["does"]](self, Page(name, said["by"], self._moment(said), said))
        for case_id in self._cases.values():
            await self._past.news_is_heard(case_id)

    async def enter_signal(self, page: Page) -> None:
        """A concern about somebody."""
        entering = EnterSignal(
            nis_code=self._place.nis_code,
            person=self._concerned(page),
            **{name: page.says[name] for name in ("observed", "tried", "reason")},
            urgent=page.says.get("urgent", False),
            minor=None,
            language=LANGUAGE,
        )
        self._signals[page.about], _ = await self._do("case", page, enter_signal, entering)

    async def propose_case(self, page: Page) -> None:
        """The coordinator reads a signal and makes a case of it."""
        signal_id = self._signals[page.about]
        version = await self._saw("case", page, read_signal, ReadSignal(signal_id), _version_of)
        criteria = tuple(
            Criterion(criterion["code"], criterion["evidence_kind"], self._day(criterion["day"]), criterion["argument"])
            for criterion in page.says["criteria"]
        )
        proposal = ProposeCase(
            signal_id,
            int(version),
            criteria,
            page.says["phenomenon"],
            page.says["best_interest"],
            page.says.get("unchecked", "asked_in_person"),
        )
        self._cases[page.about], _ = await self._do("case", page, propose_case, proposal, after=READING)

    async def place_on_list(self, page: Page) -> None:
        """The mayor reads the proposal and lists the case."""
        listing = PlaceOnList(self._cases[page.about], await self._case_version(page), page.says["reasons"])
        await self._do("case", page, place_on_list, listing, after=READING)

    async def invite_to_circle(self, page: Page) -> None:
        """The coordinator invites somebody to a case, from that day until one to come."""
        invitation = InviteToCircle(
            case_id=self._cases[page.about],
            expected_version=await self._case_version(page),
            person_id=self._place.people[page.says["person"]],
            parts=EVERY_PART,
            first_day=local_date(page.at),
            last_day=self._day(page.says["until"]),
            why=page.says["why"],
            life_domains=tuple(page.says["life_domains"]),
        )
        await self._do("case", page, invite_to_circle, invitation, after=READING)

    async def note_information(self, page: Page) -> None:
        """The coordinator says that the person was informed that day."""
        case_id, version = self._cases[page.about], await self._case_version(page)
        noting = NoteInformation(case_id, version, INFORMED, local_date(page.at), None)
        await self._do("case", page, note_information, noting, after=READING)

    async def read_case(self, page: Page) -> None:
        """Somebody of the circle looks at the case."""
        await self._case_version(page)

    async def write_contribution(self, page: Page) -> tuple[UUID, int]:
        """A draft that stays private."""
        draft = WriteContribution(self._cases[page.about], page.says["text"], page.says["life_domain"], LANGUAGE)
        return await self._do("case", page, write_contribution, draft)

    async def share_contribution(self, page: Page) -> None:
        """Written, weighed and shared with the circle."""
        contribution_id, version = await self.write_contribution(page)
        answers = (page.says[name] for name in ("need", "less_is_enough", "proportionality", "person_informed"))
        basis = self._place.legal_bases[page.by]
        weighed = AssessContribution(contribution_id, version, Assessment(*answers), basis)
        _, version = await self._do("case", page, assess_contribution, weighed, after=READING)
        sharing = ShareContribution(contribution_id, version)
        await self._do("case", page, share_contribution, sharing, after=2 * READING)

    async def plan_session(self, page: Page) -> None:
        """The coordinator plans a session, once the meeting service knows its cases."""
        items = []
        for item in page.says["items"]:
            case_id = self._cases[item["about"]]
            await self._past.news_is_heard(case_id)
            items.append(PlannedItem(case_id, *self._window(page, item)))
        plan = PlanSession(*self._window(page, page.says), page.says["place"], tuple(items))
        self._sessions[page.says["session"]], _ = await self._do("meeting", page, plan_session, plan)

    async def open_session(self, page: Page) -> None:
        """The chair opens the session with those present."""
        session_id = self._sessions[page.says["session"]]
        version = await self._saw("meeting", page, read_session, ReadSession(session_id), _session_version)
        present = tuple(self._place.people[name] for name in page.says["present"])
        await self._do("meeting", page, open_session, OpenSession(session_id, int(version), present, True))

    async def record_decision(self, page: Page) -> None:
        """The chair decides to follow a case up."""
        session_id, case_id = self._sessions[page.says["session"]], self._cases[page.about]

        def item_of(view: SessionView) -> str:
            item = next(item.item.agenda_item_id for item in view.items if item.case_id == case_id)
            return f"{item} {view.session.version}"

        found = await self._saw("meeting", page, read_session, ReadSession(session_id), item_of)
        item, version = found.split()
        people, says = self._place.people, page.says
        decision = RecordDecision(
            session_id, int(version), UUID(item), Outcome.FOLLOW_UP, says["reasons"],
            dissents=tuple(StatedDissent(people[dissent["person"]], dissent["text"]) for dissent in says["dissents"]),
            actions=tuple(
                AgreedAction(action["life_domain"], people[action["owner"]], self._day(action["due"]), action["what"])
                for action in says["actions"]
            ),
            case_lead_id=people[says["case_lead"]],
            review_on=self._day(says["review"]),
        )  # fmt: skip
        await self._do("meeting", page, record_decision, decision, after=READING)

    async def _case_version(self, page: Page) -> int:
        case_id = self._cases[page.about]
        return int(await self._saw("case", page, read_case, ReadCase(case_id), _version_of))

    async def _saw(
        self, service: str, page: Page, handler: HandlerOf[Command, View], query: Command, take: Callable[[View], str]
    ) -> str:
        """What somebody saw then, or saw when this was cut off: the commands that follow must be the same again."""

        async def look() -> str:
            person = self._place.people[page.by]
            return take(await self._past.act(service, person, self._place.cell_id, page.at, handler, query))

        return await self._progress.once(f"{page.name}: {handler.__name__}", look)

    async def _do(
        self, service: str, page: Page, handler: HandlerOf[Command, Receipt], command: Command, *,
        after: timedelta = timedelta(),
    ) -> tuple[UUID, int]:  # fmt: skip
        """The id and version on the receipt of a command, now or the first time."""
        step = f"{page.name}: {handler.__name__}"

        async def act() -> str:
            receipt = await self._past.act(
                service, self._place.people[page.by], self._place.cell_id, page.at + after, handler, command,
                key=str(uuid5(NAMESPACE_URL, step)),
            )  # fmt: skip
            return f"{receipt.id} {receipt.version}"

        made, version = (await self._progress.once(step, act)).split()
        return UUID(made), int(version)

    def _moment(self, said: Said) -> datetime:
        if "minutes_ago" in said:
            return self._begun - timedelta(minutes=said["minutes_ago"])
        return self._at(said["day"], said["at"])

    def _window(self, page: Page, said: Said) -> tuple[datetime, datetime]:
        return self._at(page.says["on"], said["from"]), self._at(page.says["on"], said["to"])

    def _at(self, day: int, clock: str) -> datetime:
        hour, minute = clock.split(".")
        return datetime.combine(self._day(day), time(int(hour), int(minute)), BRUSSELS).astimezone(UTC)

    def _day(self, day: int) -> date:
        return local_date(self._begun) + timedelta(days=day)

    def _concerned(self, page: Page) -> PersonConcerned:
        """Of some only a first name is known, and about how old."""
        said = page.says["person"]
        if "guessed_age" in said:
            guessed = EstimatedAge(said["guessed_age"], local_date(page.at))
            return PersonConcerned(said["given_name"], "", None, said["address"], guessed)
        born = PartialDay.of(self._born(said["age"]))
        return PersonConcerned(said["given_name"], said["family_name"], born, said["address"])

    def _born(self, age: int) -> date:
        """Half a year after that birthday; on no 29 February."""
        half_a_year_ago = self._day(-180)
        return half_a_year_ago.replace(year=half_a_year_ago.year - age, day=min(half_a_year_ago.day, 28))


def _version_of(view: CaseView | SignalView) -> str:
    return str(view.frame.version)


def _session_version(view: SessionView) -> str:
    return str(view.session.version)


_DOES: Mapping[str, Callable[[History, Page], Awaitable[object]]] = {
    "enter_signal": History.enter_signal,
    "propose_case": History.propose_case,
    "place_on_list": History.place_on_list,
    "invite_to_circle": History.invite_to_circle,
    "note_information": History.note_information,
    "read_case": History.read_case,
    "write_contribution": History.write_contribution,
    "share_contribution": History.share_contribution,
    "plan_session": History.plan_session,
    "open_session": History.open_session,
    "record_decision": History.record_decision,
}
