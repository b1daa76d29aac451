"""Random histories of a cell that lost everybody: without three different persons nobody gets in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from deploy.local.servers import Servers
from services.kit.errors import RondetafelError
from services.kit.policy import Role
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.recovery.confirm_recovery import ConfirmRecovery, confirm_recovery
from services.partner_directory.commands.recovery.propose_recovery import propose_recovery
from services.partner_directory.commands.recovery.second_recovery import SecondRecovery, second_recovery
from services.partner_directory.policy import POLICY
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.partner_directory.lost import Lost, lost_town
from tests.partner_directory.town import Host, on_platform

WHO = sampled_from(range(4))
ROLE = sampled_from([Role.MAYOR, Role.COORDINATOR])
_GIVEN = (
    "SELECT mandate.*, recovery.proposed_by, recovery.proposed_at, recovery.seconded_by, recovery.confirmed_by"
    " FROM mandate LEFT JOIN recovery ON recovery.mandate_id = mandate.mandate_id AND recovery.cell_id = $1"
    " WHERE mandate.tenant_id = $1 AND mandate.role IN ('mayor', 'coordinator') ORDER BY mandate.mandate_id"
)


class Recovered(RuleBasedStateMachine):
    """Any step by anybody at any time, refused or not: what the database holds afterwards keeps to the rules."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    host: Host
    rows: Callable[[UUID], Coroutine[Any, Any, list[Any]]]

    def __init__(self) -> None:
        super().__init__()
        self.lost: Lost = self.run(lost_town(self.host))
        self.people = [self.lost.first, self.lost.second, self.lost.oversight, self.lost.unsworn]
        self.steps: list[UUID] = []

    @initialize(steps=integers(0, 2))
    def begin(self, steps: int) -> None:
        """Anywhere on the way."""
        if steps:
            self.somebody_proposes(0, Role.MAYOR)
        if steps == 2:
            self.somebody_seconds(1, 1)

    def attempt(self, act: Coroutine[Any, Any, Any]) -> Any:
        """The result, or None when it is refused with a typed error."""
        try:
            return self.run(act)
        except RondetafelError:
            return None

    def outside(self, who: int) -> Person:
        """On the platform."""
        return on_platform(self.people[who])

    @rule(who=WHO, role=ROLE)
    def somebody_proposes(self, who: int, role: Role) -> None:
        receipt = self.attempt(self.outside(who).run(propose_recovery, self.lost.proposal(role=role)))
        if receipt is not None:
            self.steps.append(receipt.id)

    @rule(who=WHO, version=integers(1, 2))
    def somebody_seconds(self, who: int, version: int) -> None:
        if self.steps:
            command = SecondRecovery(self.steps[-1], version)
            self.attempt(self.outside(who).run(second_recovery, command))

    @rule(who=WHO, which=integers(0, 5), version=integers(1, 2))
    def somebody_confirms(self, who: int, which: int, version: int) -> None:
        if self.steps:
            recovery_id = self.steps[-1 - which % len(self.steps)]
            command = ConfirmRecovery(recovery_id, version)
            self.attempt(self.people[who].elsewhere(self.lost.town).run(confirm_recovery, command))

    @rule(role=ROLE)
    def the_client_does_what_it_can(self, role: Role) -> None:
        self.attempt(self.lost.town.as_host(invite_person, self.lost.town.invitation(role)))
        self.attempt(self.host.run(propose_recovery, self.lost.proposal(role=role)))
        for step in self.steps:
            self.attempt(self.host.run(second_recovery, SecondRecovery(step, 1)))
            command = ConfirmRecovery(step, 2)
            self.attempt(self.host.run(confirm_recovery, command, self.lost.town.cell_id))

    @rule(number=integers(0, 5))
    def the_client_ends(self, number: int) -> None:
        rows = self.run(self.rows(self.lost.town.cell_id))
        command = EndMandate(rows[number % len(rows)]["mandate_id"], 1, "other")
        self.attempt(self.lost.town.as_host(end_mandate, command))

    @rule(hours=sampled_from([1, 71, 24 * 13, 24 * 14]))
    def time_goes_on(self, hours: int) -> None:
        self.host.harness.clock.advance(hours=hours)

    @invariant()
    def whoever_got_in_was_let_in_by_three(self) -> None:
        rows = self.run(self.rows(self.lost.town.cell_id))
        of_the_host = {self.lost.first.person_id, self.lost.second.person_id}
        for line in (row for row in rows if row["given_by"] != "FOUNDING"):
            at = line["invited_at"]
            assert line["given_by"] == "RECOVERY"
            assert {line["proposed_by"], line["seconded_by"]} == of_the_host
            assert line["confirmed_by"] == line["invited_by"] == self.lost.oversight.person_id
            assert at < line["proposed_at"] + timedelta(days=14)
            assert line["opens_at"] == at + timedelta(hours=72)
            earlier = [other for other in rows if other["mandate_id"] < line["mandate_id"]]
            assert not [other for other in earlier if other["ends_at"] > at], "somebody could say yes"


@pytest.fixture
def history(servers: Servers) -> Iterator[type[Recovered]]:
    """The machine with a loop and a database of its own: its rules are not coroutines."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        connection = runner.run(servers.postgres.connect("rondetafel_partner_directory"))

        async def rows(cell_id: UUID) -> list[Any]:
            return list(await connection.fetch(_GIVEN, cell_id))

        host = Host(Harness("partner_directory", database, POLICY))
        bound = {"run": staticmethod(runner.run), "host": host, "rows": staticmethod(rows)}
        yield type("History", (Recovered,), bound)
        runner.run(connection.close())
        runner.run(database.close())


def test_in_any_history_of_a_lost_cell_nobody_gets_in_without_three_persons(history: type[Recovered]) -> None:
    few = settings(
        max_examples=20, stateful_step_count=14, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(history, settings=few)
