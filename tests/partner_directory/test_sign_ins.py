"""Where somebody is signed in: who sees it, who ends it, and what becomes of "that was not me" (invariant 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.kit.errors import CellNotFound, Unavailable
from services.kit.identities import Revoked, identity_id
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.identity.disable_identity import DisableIdentity, disable_identity
from services.partner_directory.commands.identity.enable_identity import EnableIdentity, enable_identity
from services.partner_directory.commands.identity.end_my_other_sign_ins import EndMyOtherSignIns, end_my_other_sign_ins
from services.partner_directory.commands.identity.end_my_sign_in import EndMySignIn, end_my_sign_in
from services.partner_directory.commands.identity.end_sign_in import EndSignIn, end_sign_in
from services.partner_directory.commands.identity.note_sign_in import NoteSignIn, note_sign_in
from services.partner_directory.commands.identity.report_theft import ReportTheft, report_theft
from services.partner_directory.errors import SignInNotFound
from services.partner_directory.queries.list_my_sign_ins import ListMySignIns, list_my_sign_ins
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.providers import Register
from tests.partner_directory.signed_in import PORTAL, SignedIn, signed_in
from tests.partner_directory.town import Host

ACTS: list[tuple[Any, Any]] = [
    (list_my_sign_ins, ListMySignIns()),
    (end_my_other_sign_ins, EndMyOtherSignIns()),
    (report_theft, ReportTheft()),
]


async def test_everybody_sees_the_own_sign_ins_and_which_one_this_is(host: Host) -> None:
    here = await signed_in(host)
    host.harness.clock.advance(minutes=5)
    there = await SignedIn(host, here.person_id, str(uuid4()), acr=1).note("edge")
    stranger = await signed_in(host)
    assert [(each.sign_in_id, each.asking, each.browser) for each in await here.listed()] == [
        (there.id, False, "edge"), (here.id, True, "firefox"),
    ]  # fmt: skip
    assert [each.asking for each in await there.listed()] == [True, False], "with one factor, too"
    assert [each.sign_in_id for each in await stranger.listed()] == [stranger.id]


async def test_it_goes_on_with_each_use_and_is_over_when_it_was_not_used(host: Host) -> None:
    here, there = await signed_in(host), await signed_in(host)
    started = host.harness.clock.now
    host.harness.clock.advance(minutes=30)
    await here.note("")
    host.harness.clock.advance(minutes=10)
    (mine,) = await here.listed()
    assert (mine.started_at, mine.used_at, mine.browser) == (started, started + timedelta(minutes=30), "firefox")
    assert await there.listed() == []
    rows = await host.harness.database.unwalled("SELECT 1 FROM sign_in WHERE sign_in_id = $1", there.id)
    assert rows, "until somebody else comes"
    await signed_in(host)
    assert not await host.harness.database.unwalled("SELECT 1 FROM sign_in WHERE sign_in_id = $1", there.id)


async def test_whose_it_is_never_changes(host: Host) -> None:
    here = await signed_in(host)
    await SignedIn(host, uuid4(), here.sid).note(minutes=500)
    host.harness.clock.advance(minutes=40)
    assert await here.listed() == []


async def test_by_which_provider_one_came(host: Host) -> None:
    command = await Register(host).command(name="CAW Oost")
    await Register(host).added(command)
    here = await signed_in(host, provider=command.alias)
    assert [each.provider_name for each in await here.listed()] == ["CAW Oost"]


async def test_what_was_revoked_since_it_began_is_not_shown(host: Host) -> None:
    person, alias = uuid4(), f"caw-{uuid4().hex[:8]}"
    first = await signed_in(host, of=person, provider=alias)
    now = await SignedIn(host, person, str(uuid4())).note()
    await host.run(disable_identity, DisableIdentity(Revoked.PROVIDER, identity_id("", Revoked.PROVIDER, alias)))
    host.harness.clock.advance(minutes=1)
    assert [each.sign_in_id for each in await now.listed()] == [now.id]
    await host.run(enable_identity, EnableIdentity(Revoked.PROVIDER, identity_id("", Revoked.PROVIDER, alias)))
    assert [each.sign_in_id for each in await now.listed()] == [now.id], "what began before stays over"
    await host.harness.executor.run(PORTAL, end_sign_in, EndSignIn(first.sid))
    host.harness.clock.advance(minutes=1)
    after = await SignedIn(host, person, str(uuid4()), provider=alias).note()
    assert {each.sign_in_id for each in await now.listed()} == {now.id, after.id}


async def test_invariant_15_one_of_the_own_sign_ins_is_ended_and_nobody_elses(host: Host) -> None:
    here = await signed_in(host)
    there = await signed_in(host, of=here.person_id)
    stranger = await signed_in(host)
    with pytest.raises(SignInNotFound):
        await stranger.run(end_my_sign_in, EndMySignIn(there.id))
    assert await there.counts()
    assert (await here.run(end_my_sign_in, EndMySignIn(there.id))).id == there.id
    assert (await here.counts(), await there.counts(), await stranger.counts()) == (True, False, True)
    assert [each.sign_in_id for each in await here.listed()] == [here.id]
    for over in (there.id, uuid4()):
        with pytest.raises(SignInNotFound):
            await here.run(end_my_sign_in, EndMySignIn(over))


async def test_the_sign_in_service_ends_it_too_however_long_it_is_away(host: Host) -> None:
    here, there = await signed_in(host), None
    there = await signed_in(host, of=here.person_id)
    host.sign_in.failure = Unavailable()
    await here.run(end_my_sign_in, EndMySignIn(there.id))
    await run_due(host.harness, TERMS)
    assert (host.sign_in.ended, await there.counts()) == ([], False)
    host.sign_in.failure = None
    host.harness.clock.advance(minutes=10)
    await run_due(host.harness, TERMS)
    assert host.sign_in.ended == [there.sid]


async def test_invariant_15_all_others_end_and_this_one_goes_on(host: Host) -> None:
    here = await signed_in(host)
    others = [await signed_in(host, of=here.person_id) for _ in range(3)]
    stranger = await signed_in(host)
    await here.run(end_my_other_sign_ins, EndMyOtherSignIns())
    assert [await other.counts() for other in others] == [False] * 3
    assert (await here.counts(), await stranger.counts()) == (True, True)
    await here.run(end_my_other_sign_ins, EndMyOtherSignIns())
    await run_due(host.harness, TERMS)
    assert sorted(host.sign_in.ended) == sorted(other.sid for other in others)


@pytest.mark.parametrize(("handler", "command"), ACTS)
async def test_they_are_asked_on_the_platform_by_people_alone(host: Host, handler: Any, command: Any) -> None:
    here = await signed_in(host)
    town, coordinator = await host.town_with_coordinator()
    assert await here.run(handler, command)
    here = await signed_in(host)
    with pytest.raises(CellNotFound):
        await host.harness.executor.run(replace(here.principal, cell_id=town.cell_id), handler, command)
    with pytest.raises(CellNotFound):
        await coordinator.run(handler, command)
    for name in ("portal.service", "case.service"):
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(system(name, PLATFORM), handler, command)


async def test_nobody_but_the_portal_notes_sign_ins(host: Host) -> None:
    here = await signed_in(host)
    command = NoteSignIn(here.sid, here.person_id, "edge", "", host.harness.clock.now + timedelta(hours=1))
    for name in ("case.service", "portal.consumer", "cli.service"):
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(system(name, PLATFORM), note_sign_in, command)
    with pytest.raises(CellNotFound):
        await here.run(note_sign_in, command)


async def test_the_database_shows_a_sign_in_to_its_person_and_a_theft_to_nobody(host: Host) -> None:
    """Whatever is asked as the role of people: no session, nobody else's row, never whose report it was."""
    here, stranger, robbed = await signed_in(host), await signed_in(host), await signed_in(host)
    await robbed.run(report_theft, ReportTheft())
    for principal, seen in ((here.principal, 1), (stranger.principal, 0)):
        async with host.harness.database.transaction(principal, host.harness.clock()) as session:
            rows = await session.raw.fetch("SELECT sign_in_id FROM sign_in WHERE person_id = $1", here.person_id)
            assert len(rows) == seen
    asked = ("SELECT session_id FROM sign_in", "SELECT person_id FROM theft", "SELECT cell_ids FROM theft",
             "UPDATE sign_in SET used_at = used_at", "DELETE FROM sign_in")  # fmt: skip
    for statement in asked:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with host.harness.database.transaction(here.principal, host.harness.clock()) as session:
                await session.raw.execute(statement)
    false = "INSERT INTO theft VALUES ($1, $2, $3, '{}', now(), NULL)"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with host.harness.database.transaction(stranger.principal, host.harness.clock()) as session:
            await session.raw.execute(false, PLATFORM, uuid4(), here.person_id)
