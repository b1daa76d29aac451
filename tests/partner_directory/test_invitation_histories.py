"""Whatever is done to an invitation in any order: who comes had the newest code in time, and nobody comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.kit.errors import RondetafelError
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.invitation.resend_invitation import ResendInvitation, resend_invitation
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.policy import POLICY
from services.partner_directory.terms import TERMS
from tests.databases import migrated
from tests.falling_due import run_due
from tests.harness import Harness, Person
from tests.partner_directory.town import Host

ACTS = ("send", "send", "resend", "withdraw", "right", "right", "old", "wrong", "guesses", "day", "fortnight", "clock")
START = datetime.fromisoformat("2026-11-24T09:00:00+00:00")


class Expected:
    """What should be so, told in a few lines: the newest code counts, five wrong ones end it, 14 days end it all."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.state, self.wrong, self.version, self.asked_on = "SENT", 0, 1, START
        self.waits = True

    def counts(self, now: datetime) -> bool:
        """Whether the newest code would let somebody in."""
        return self.open(now) and not self.waits and self.wrong < 5

    def open(self, now: datetime) -> bool:
        """Whether it is neither decided nor over."""
        return self.state == "SENT" and (now - self.asked_on).days < 15


async def live(host: Host, acts: list[tuple[str, int]]) -> None:
    clock = host.harness.clock
    clock.now = START
    town, coordinator = await host.town_with_coordinator()
    receipt = await coordinator.run(invite_person, town.invitation())
    expected = Expected()
    for act, days in acts:
        await happens(host, town, coordinator, receipt.id, expected, act, days)
    (row,) = await host.harness.database.unwalled("SELECT * FROM invitation WHERE invitation_id = $1", receipt.id)
    given_to = await host.harness.database.unwalled("SELECT * FROM mandate WHERE mandate_id = $1", receipt.id)
    assert len(given_to) == (expected.state == "ACCEPTED")
    if expected.state != "SENT":
        assert row["state"] == expected.state
    assert (row["state"] == "SENT") == (row["email"] is not None)
    assert row["tries"] == expected.wrong


async def happens(
    host: Host, town: Any, coordinator: Person, invitation_id: Any, expected: Expected, act: str, days: int
) -> None:
    """One act; what is refused changes nothing, and is refused when it should be."""
    clock = host.harness.clock
    if act in ("day", "fortnight"):
        clock.advance(days=days if act == "day" else 14)
    elif act == "clock":
        await run_due(host.harness, TERMS)
        learn(host, expected, invitation_id)
    elif act == "send":
        await town_sends(host, town, invitation_id)
        learn(host, expected, invitation_id)
    elif act == "guesses":
        for _ in range(4):
            await comes(host, town, invitation_id, expected, "wrong")
    elif act in ("right", "old", "wrong"):
        await comes(host, town, invitation_id, expected, act)
    else:
        command: Any = ResendInvitation if act == "resend" else WithdrawInvitation
        handler: Any = resend_invitation if act == "resend" else withdraw_invitation
        may = expected.open(clock.now)
        assert (await done(coordinator, handler, command(invitation_id, expected.version))) == may, act
        if may and act == "resend":
            expected.waits, expected.wrong, expected.asked_on = True, 0, clock.now
        elif may:
            expected.state = "WITHDRAWN"
        expected.version += may


async def town_sends(host: Host, town: Any, invitation_id: Any) -> None:
    """The letter is due, or not."""
    before = len(host.sign_in.invited)
    try:
        await town.sent(type("Invited", (), {"id": invitation_id}))
    except RuntimeError:
        assert len(host.sign_in.invited) == before, "none was ever sent"


def learn(host: Host, expected: Expected, invitation_id: Any) -> None:
    """The codes that arrived."""
    codes = [letter.code for letter in host.sign_in.invited if letter.invitation_id == invitation_id]
    if len(codes) > len(expected.codes):
        assert len(codes) == len(expected.codes) + 1, "one letter for each that was asked for"
        assert expected.waits
        expected.waits, expected.codes = False, codes


async def comes(host: Host, town: Any, invitation_id: Any, expected: Expected, act: str) -> None:
    now = host.harness.clock.now
    old = expected.codes[:-1] if not expected.waits else expected.codes
    code = {"right": expected.codes[-1:], "old": old[-1:], "wrong": ["AAAA-AAAA"]}[act]
    if not code:
        return
    right = act == "right" and expected.counts(now)
    counted = expected.counts(now) and not right
    command = AcceptInvitation(invitation_id, code[0])
    assert await done(Person(town, uuid4()), accept_invitation, command) == right, (act, expected.__dict__, now)
    expected.wrong += counted
    if right:
        expected.state = "ACCEPTED"


async def done(person: Person, handler: Any, command: Any) -> bool:
    """Whether it was not refused."""
    try:
        await person.run(handler, command)
    except RondetafelError:
        return False
    return True


@pytest.fixture
def property_run(servers: Servers) -> Iterator[Any]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        yield runner.run, Host(Harness("partner_directory", database, POLICY))
        runner.run(database.close())


def test_in_any_history_only_the_newest_code_lets_one_person_in(property_run: Any) -> None:
    loop, host = property_run

    @settings(
        max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(lists(tuples(sampled_from(ACTS), sampled_from((1, 3, 7))), min_size=4, max_size=16))
    def holds(acts: list[tuple[str, int]]) -> None:
        loop(live(host, [("send", 1), *acts]))

    holds()
