"""Random histories of founding, proposing, answering, giving, ending, appointing: who sits was let in by the cell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from deploy.local.servers import Servers
from services.kit.errors import RondetafelError
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import appoint_host
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.proposal.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.policy import POLICY
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.partner_directory.signing_in import PEOPLE
from tests.partner_directory.town import TEXT, Host, Town

WHO = sampled_from(range(5))
ROLE = sampled_from([Role.MAYOR, Role.COORDINATOR, Role.MAYOR_DELEGATE, Role.DPO, Role.OVERSIGHT, Role.PARTICIPANT])
LAST = date(2028, 11, 1)
_ROWS = (
    "SELECT mandate_id, tenant_id, person_id, role, given_by, invited_by, invited_at, starts_at, ends_at, opens_at"
    " FROM mandate WHERE tenant_id IN ($1, $2) AND person_id = ANY ($3) ORDER BY mandate_id"
)


class Giving(RuleBasedStateMachine):
    """Any act of anybody at any time, refused or not: what the database holds afterwards keeps to the rules."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    host: Host
    town: Town
    rows: Callable[[UUID, list[UUID]], Coroutine[Any, Any, list[Any]]]

    def __init__(self) -> None:
        super().__init__()
        self.host.harness.clock.now = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
        self.town = self.run(self.host.town(region="wallonia"))
        self.emails = [f"{uuid4().hex}@history.example" for _ in range(5)]
        self.people = [Person(self.town, uuid5(PEOPLE, email)) for email in self.emails]
        self.proposals: list[UUID] = []
        self.asked: dict[UUID, Any] = {}

    @initialize(steps=integers(0, 4))
    def begin(self, steps: int) -> None:
        """Anywhere on the way, so that few histories reach every state."""
        founding: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            (self.the_host_asks, (0, Role.COORDINATOR)), (self.somebody_swears, (0,)),
            (self.the_host_asks, (1, Role.MAYOR)), (self.somebody_swears, (1,)),
        ]  # fmt: skip
        for act, given in founding[:steps]:
            act(*given)

    def attempt(self, act: Coroutine[Any, Any, Any]) -> Any:
        """The result, or None when it is refused with a typed error."""
        try:
            return self.run(act)
        except RondetafelError:
            return None

    def _asked(self, who: int, role: Role) -> Any:
        return self.town.invitation(role, email=self.emails[who], last_day=LAST)

    @rule(who=WHO, role=ROLE)
    def the_host_asks(self, who: int, role: Role) -> None:
        asked = self._asked(who, role)
        receipt = self.attempt(self.town.given(self.town.as_host, asked))
        if receipt is not None and receipt.state == "PROPOSED":
            self.proposals.append(receipt.id)
            self.asked[receipt.id] = asked

    @rule(giver=WHO, who=WHO, role=ROLE)
    def somebody_gives(self, giver: int, who: int, role: Role) -> None:
        self.attempt(self.town.given(self.people[giver].run, self._asked(who, role)))

    @rule(who=WHO, yes=sampled_from([True, True, False]))
    def somebody_answers(self, who: int, yes: bool) -> None:
        if self.proposals and yes:
            self.attempt(self._confirmed(who, self.proposals[-1]))
        elif self.proposals:
            self.attempt(self.people[who].run(decline_proposal, DeclineProposal(self.proposals[-1], 1)))

    async def _confirmed(self, who: int, proposal_id: UUID) -> None:
        """Who was proposed comes at once."""
        invitation = await self.people[who].run(confirm_proposal, ConfirmProposal(proposal_id, 1))
        await self.town.comes(self.asked[proposal_id], invitation)

    @rule(who=WHO)
    def somebody_swears(self, who: int) -> None:
        self.attempt(self.people[who].run(accept_undertaking, AcceptUndertaking(TEXT)))

    @rule(who=WHO)
    def the_host_appoints(self, who: int) -> None:
        command = self.run(self.host.appointment(email=self.emails[who], last_day=LAST))
        self.attempt(self.host.run(appoint_host, command))

    @rule(by=sampled_from([None, 0, 1, 2, 3, 4]), number=integers(0, 9))
    def somebody_ends(self, by: int | None, number: int) -> None:
        rows = self._rows()
        if rows:
            row = rows[number % len(rows)]
            for version in (1, 2):
                command = EndMandate(row["mandate_id"], version, "other")
                inside = row["tenant_id"] == self.town.cell_id
                if by is None:
                    self.attempt(self.host.run(end_mandate, command, row["tenant_id"]))
                elif inside:
                    self.attempt(self.people[by].run(end_mandate, command))

    @rule(hours=sampled_from([1, 71, 72, 24 * 91]))
    def time_goes_on(self, hours: int) -> None:
        self.host.harness.clock.advance(hours=hours)

    def _rows(self) -> list[Any]:
        found: list[Any] = self.run(self.rows(self.town.cell_id, [person.person_id for person in self.people]))
        return found

    @invariant()
    def whoever_sits_was_let_in_by_the_cell(self) -> None:
        rows = [row for row in self._rows() if row["tenant_id"] == self.town.cell_id]
        founding = [row for row in rows if row["given_by"] == "FOUNDING"]
        for row in rows:
            at = row["invited_at"]
            before = [other for other in rows if other["invited_at"] <= at and other["mandate_id"] < row["mandate_id"]]
            if row in founding:
                lasting = [other for other in before if not _corrected(other)]
                assert row["opens_at"] == at + timedelta(hours=72)
                assert not [other for other in lasting if other["role"] in ("mayor", row["role"])]
            else:
                givers = [other for other in before if other["person_id"] == row["invited_by"]]
                assert [
                    giver
                    for giver in givers
                    if giver["role"] in ("mayor", "coordinator") and giver["starts_at"] <= at < giver["ends_at"]
                ] or _over_at(givers, at), "the yes of a mayor or a coordinator of that time"
            assert (row["role"] != "mayor_delegate") or _by(rows, row) == {"mayor"}

    @invariant()
    def nobody_is_of_the_host_and_of_the_cell(self) -> None:
        rows = self._rows()
        terms = [row for row in rows if row["tenant_id"] == PLATFORM]
        for member in (row for row in rows if row["tenant_id"] == self.town.cell_id):
            for term in (term for term in terms if term["person_id"] == member["person_id"]):
                if term["invited_at"] <= member["invited_at"]:
                    assert term["ends_at"] + timedelta(days=90) <= member["invited_at"]
                else:
                    assert member["ends_at"] <= term["invited_at"]


def _corrected(one: Any) -> bool:
    """Ended before it opened anything."""
    return one["opens_at"] is not None and one["ends_at"] <= one["opens_at"]


def _over_at(givers: list[Any], at: datetime) -> bool:
    """Given and ended in the same moment of the test's clock: the order of the two is not in the row."""
    return any(giver["role"] in ("mayor", "coordinator") and giver["ends_at"] == at for giver in givers)


def _by(rows: list[Any], given: Any) -> set[str]:
    """Whether the giver was ever a mayor."""
    return {row["role"] for row in rows if row["person_id"] == given["invited_by"] and row["role"] == "mayor"}


@pytest.fixture
def history(servers: Servers) -> Iterator[type[Giving]]:
    """The machine with a loop and a database of its own: its rules are not coroutines."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        connection = runner.run(servers.postgres.connect("rondetafel_partner_directory"))

        async def rows(cell_id: UUID, people: list[UUID]) -> list[Any]:
            return list(await connection.fetch(_ROWS, cell_id, PLATFORM, people))

        host = Host(Harness("partner_directory", database, POLICY))
        bound = {"run": staticmethod(runner.run), "host": host, "rows": staticmethod(rows)}
        yield type("History", (Giving,), bound)
        runner.run(connection.close())
        runner.run(database.close())


def test_invariant_24_in_any_history_the_cell_lets_people_in(history: type[Giving]) -> None:
    few = settings(
        max_examples=25, stateful_step_count=16, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(history, settings=few)
