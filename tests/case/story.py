"""The way of a case, step by step, for tests that need one at some point of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.case.commands.apply_decision import ApplyDecision, DecidedAction, Outcome, apply_decision
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.decline_contribution import DeclineContribution, decline_contribution
from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.commands.invite_to_circle import InviteToCircle, invite_to_circle
from services.case.commands.place_on_list import PlaceOnList, place_on_list
from services.case.commands.propose_case import ProposeCase, propose_case
from services.case.commands.refuse_case import RefuseCase
from services.case.commands.schedule_cases import ScheduleCases, schedule_cases
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.unschedule_cases import UnscheduleCases, unschedule_cases
from services.case.commands.write_contribution import WriteContribution, write_contribution
from services.case.criterion import Assessment, Criterion
from services.case.model import Part
from services.case.person import PersonConcerned
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.read_case import CaseView, ReadCase, read_case
from services.kit.clock import local_date
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.partial_dates import PartialDay
from services.kit.policy import Role
from tests.harness import Cell, Harness, Person

SIGNAL = EnterSignal(
    nis_code="24001",
    person=PersonConcerned("Milan", "Claes", PartialDay(2010, 4, 2), "Kerkstraat 1"),
    observed="Hij trekt zich terug.",
    tried="Gesprek met moeder.",
    reason="Wij kennen de school niet.",
    urgent=False,
    minor=None,
    language="nl",
)
CRITERION = Criterion("isolation", "observation", date(2026, 11, 20), "Hij breekt met iedereen.")
ASSESSMENT = Assessment("Nodig.", "Minder volstaat niet.", "In verhouding.", "postponed")
LEGAL_BASIS = "decree-vl-2021-05-21"
NO_SIGNAL = Receipt(UUID(int=0), "", 0)
EVERYTHING = (Part.IDENTITY, Part.PROPOSAL, Part.CONTENT)


@dataclass
class Story:
    """The people of one town, and the case they are busy with."""

    cell: Cell
    town: str
    coordinator: Person
    mayor: Person
    police: Person
    prevention: Person
    reporter: Person
    signal: Receipt = NO_SIGNAL
    case_id: UUID = field(default_factory=new_id)
    version: int = 0

    @property
    def now(self) -> Any:
        return self.cell.harness.clock()

    @property
    def today(self) -> date:
        return local_date(self.now)

    async def enter(self, **changes: Any) -> Receipt:
        """The reporter tells."""
        self.signal = await self.reporter.run(enter_signal, replace(SIGNAL, nis_code=self.town, **changes))
        return self.signal

    def proposal(self, **changes: Any) -> ProposeCase:
        """The request to propose the signal."""
        signal, interest = self.signal, "Rust en steun."
        request = ProposeCase(signal.id, signal.version, (CRITERION,), "unclear", interest, "asked_in_person")
        return replace(request, **changes)

    async def propose(self) -> Receipt:
        """The coordinator proposes what the reporter told."""
        if not self.signal.version:
            await self.enter()
        return self._keep(await self.coordinator.run(propose_case, self.proposal()))

    def listing(self) -> PlaceOnList:
        """The request to list the case."""
        return PlaceOnList(self.case_id, self.version, "De criteria zijn aangetoond.")

    async def list(self) -> Receipt:
        """The mayor lists what the coordinator proposed."""
        await self.propose()
        return self._keep(await self.mayor.run(place_on_list, self.listing()))

    def refusal(self) -> RefuseCase:
        """The request to refuse the case."""
        return RefuseCase(self.case_id, self.version, "Gewone jeugdhulp volstaat.")

    def invitation(self, person: Person, *parts: Part, **changes: Any) -> InviteToCircle:
        """The request to invite somebody for a month."""
        last_day = self.today + timedelta(days=30)
        request = InviteToCircle(
            self.case_id, self.version, person.person_id, parts or EVERYTHING, self.today, last_day, "Kent de school.",
            ("school_and_training",),
        )  # fmt: skip
        return replace(request, **changes)

    async def invite(self, *parts: Part, last_day_in: int = 30, **mandate: Any) -> Person:
        """A partner with a mandate, invited."""
        person = await self.cell.person(Role.PARTICIPANT, **mandate)
        last_day = self.today + timedelta(days=last_day_in)
        self.version = await self.present_version()
        invitation = self.invitation(person, *parts, last_day=last_day)
        self._keep(await self.coordinator.run(invite_to_circle, invitation))
        return person

    def text(self, text: str = "Hij komt nog naar de jeugdwerking.") -> WriteContribution:
        """The request to write a contribution."""
        return WriteContribution(self.case_id, text, "leisure", "nl")

    async def write(self, author: Person) -> Receipt:
        """A private draft."""
        return await author.run(write_contribution, self.text())

    async def assess(self, author: Person, written: Receipt, legal_basis: str = LEGAL_BASIS) -> Receipt:
        """The author weighs it."""
        return await author.run(
            assess_contribution, AssessContribution(written.id, written.version, ASSESSMENT, legal_basis)
        )

    async def share(self, author: Person) -> Receipt:
        """Written, weighed, shared."""
        assessed = await self.assess(author, await self.write(author))
        return await author.run(share_contribution, ShareContribution(assessed.id, assessed.version))

    async def decline(self, person: Person) -> Receipt:
        """Nothing to share this time."""
        return await person.run(decline_contribution, DeclineContribution(self.case_id))

    async def plan(self, *, session_id: UUID | None = None, version: int = 1, days: int = 0) -> None:
        """The meeting service says that a session with this case is planned, today or so many days ahead."""
        starts_at = self.now + timedelta(days=days)
        planned = ScheduleCases(session_id or new_id(), version, starts_at, (self.case_id,))
        await self.cell.as_system(schedule_cases, planned)

    async def cancel(self, session_id: UUID, *, version: int = 2, days: int = 0) -> None:
        """The meeting service says that this session, as it was planned, will not be held."""
        cancelled = UnscheduleCases(session_id, version, self.now + timedelta(days=days), (self.case_id,))
        await self.cell.as_system(unschedule_cases, cancelled)

    def decision(self, outcome: Outcome = Outcome.FOLLOW_UP, **changes: Any) -> ApplyDecision:
        """The meeting service says what a session decided."""
        follow_up = outcome is Outcome.FOLLOW_UP
        action = DecidedAction(new_id(), "leisure", self.prevention.person_id, self.today + timedelta(days=14))
        decision = ApplyDecision(
            decision_id=new_id(),
            case_id=self.case_id,
            outcome=outcome,
            decided_at=self.now,
            case_lead_id=self.prevention.person_id if follow_up else None,
            review_on=self.today + timedelta(days=90) if follow_up else None,
            actions=(action,) if follow_up else (),
        )
        return replace(decision, **changes)

    async def decide(self, decision: ApplyDecision) -> None:
        """It reaches this service."""
        await self.cell.as_system(apply_decision, decision)

    async def read(self, reader: Person) -> CaseView:
        """The case as somebody sees it."""
        return await reader.run(read_case, ReadCase(self.case_id))

    async def state(self) -> str:
        """The state as the coordinator sees it."""
        return (await self.read(self.coordinator)).frame.state

    async def present_version(self) -> int:
        """The version of the case, after what the consumer did to it."""
        page = await self.coordinator.run(list_cases, ListCases(50, None, None))
        return next(case.version for case in page.cases if case.case_id == self.case_id)

    def _keep(self, receipt: Receipt) -> Receipt:
        self.case_id, self.version = receipt.id, receipt.version
        return receipt


async def story(harness: Harness, *towns: str, opened: bool = True) -> Story:
    """A cell, open to cases unless asked otherwise; the people are of its first town."""
    cell = await harness.cell(*towns, opened=opened)
    return await story_in(cell, cell.nis_codes[0])


async def story_in(cell: Cell, town: str) -> Story:
    """The people of one town of a cell."""

    async def person(role: Role) -> Person:
        return await cell.person(role, nis_codes=(town,))

    return Story(
        cell,
        town,
        coordinator=await person(Role.COORDINATOR),
        mayor=await person(Role.MAYOR),
        police=await person(Role.INFORMATION_OFFICER),
        prevention=await person(Role.PREVENTION_OFFICER),
        reporter=await person(Role.PARTICIPANT),
    )
