"""Invariant 20 later: how far a missing seat is, and who is written to when an open table lacks something again."""

from __future__ import annotations

from datetime import date

import pytest

from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.partner_directory.commands.deputy.name_deputy import NameDeputy, name_deputy
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.resume_mandate import ResumeMandate, resume_mandate
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.commands.organisation.suspend_organisation import (
    SuspendOrganisation,
    suspend_organisation,
)
from services.partner_directory.errors import SetUpIncomplete
from services.partner_directory.notice_words import SENTENCES
from services.partner_directory.setup import LineView, SeatStanding
from tests.partner_directory.noticing import arrived, sent_later
from tests.partner_directory.post import Post
from tests.partner_directory.setting_up import Founding, founding
from tests.partner_directory.test_announcing import body_of
from tests.partner_directory.test_suspend_mandate import organisation_of
from tests.partner_directory.town import TEXT, Host

LACKS = SENTENCES[NoticeKind.TABLE_LACKS]["fr"]


async def line_of(cell: Founding, code: str) -> LineView:
    """One line as the coordinator reads it."""
    return next(line for line in (await cell.view()).lines if line.code == code)


async def far(cell: Founding, code: str) -> dict[str, str]:
    """How far a seat is, by town."""
    return {seat.nis_code: seat.standing.value for seat in (await line_of(cell, code)).seats}


async def test_a_missing_seat_tells_nobody_invited_come_and_held_apart(host: Host) -> None:
    cell = await founding(host, towns=2, without=("prevention",))
    first, second = cell.town.nis_codes
    assert await far(cell, "prevention") == {first: "nobody", second: "nobody"}
    command = cell.town.invitation(Role.PREVENTION_OFFICER, nis_codes=(first,))
    sent = await cell.coordinator.run(invite_person, command)
    assert await far(cell, "prevention") == {first: "invited", second: "nobody"}
    officer = cell.town.person_of(command, await cell.town.comes(command, sent))
    assert await far(cell, "prevention") == {first: "unsworn", second: "nobody"}
    await officer.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await far(cell, "prevention") == {second: "nobody"}
    await cell.coordinator.run(suspend_mandate, SuspendMandate(officer.mandate_id, 2, "inquiry"))
    assert await far(cell, "prevention") == {first: "suspended", second: "nobody"}
    assert [line.seats for line in (await cell.view()).lines if line.code == "dpia"] == [()]


async def test_a_clearance_that_is_over_and_a_mandate_to_come_are_told_as_that(host: Host) -> None:
    cell = await founding(host, without=("police",))
    (town,) = cell.town.nis_codes
    later = cell.town.invitation(
        Role.INFORMATION_OFFICER, first_day=date(2026, 12, 5), clearance_until=date(2028, 1, 1)
    )
    await cell.town.given(cell.coordinator.run, later)
    assert await far(cell, "police") == {town: "unsworn"}
    await cell.do("police", clearance_until=date(2026, 12, 1))
    assert await far(cell, "police") == {}
    host.harness.clock.advance(days=8)
    assert await far(cell, "police") == {town: "uncleared"}
    assert next(iter(SeatStanding)) == "uncleared", "the furthest is told"


@pytest.mark.parametrize("kind", ["internal_rules", "cooperation_protocol"])
async def test_invariant_20_rules_of_either_kind_count_from_their_first_day(host: Host, kind: str) -> None:
    cell = await founding(host, without=("rules",))
    await cell.say_rules(kind, first_day=date(2026, 11, 26))
    assert await cell.missing() == {"rules"}
    with pytest.raises(SetUpIncomplete) as refused:
        await cell.open()
    assert refused.value.expected == "first rules"
    host.harness.clock.advance(days=2)
    assert await cell.missing() == set()
    assert (await cell.open()).state == "ACTIVE"


async def test_a_text_of_secrecy_is_no_rules(host: Host) -> None:
    cell = await founding(host, without=("rules",))
    await cell.say_rules("undertaking")
    assert await cell.missing() == {"rules"}


async def test_a_deputy_of_the_coordinator_is_a_line_that_keeps_nothing_closed(host: Host) -> None:
    cell = await founding(host)
    before = await line_of(cell, "deputy")
    assert (before.optional, before.done) == (True, False)
    assert await cell.missing() == set()
    second = await cell.town.sworn(Role.COORDINATOR)
    named = NameDeputy(second.mandate_id, 2, cell.coordinator.mandate_id, "absent")
    await cell.people["mayor"].run(name_deputy, named)
    after = await line_of(cell, "deputy")
    assert (after.done, after.since is None) == (True, False), "on standby too"
    await cell.people["mayor"].run(suspend_mandate, SuspendMandate(second.mandate_id, 3, "inquiry"))
    assert not (await line_of(cell, "deputy")).done


async def test_coordinator_and_mayor_are_written_to_when_a_seat_falls_empty(host: Host, post: Post) -> None:
    cell = await founding(host)
    officer = cell.people["prevention"]
    await arrived(host, post)
    await cell.coordinator.run(suspend_mandate, SuspendMandate(officer.mandate_id, 2, "inquiry"))
    assert await sent_later(host, post, hours=1) == [], "while it is set up, things are missing as a matter of course"
    await cell.coordinator.run(resume_mandate, ResumeMandate(officer.mandate_id, 3))
    await cell.open()
    await cell.coordinator.run(suspend_mandate, SuspendMandate(officer.mandate_id, 4, "inquiry"))
    letters = await sent_later(host, post, hours=1)
    assert len({letter["To"] for letter in letters}) == 2
    for letter in letters:
        assert LACKS in body_of(letter)
        assert f"/cells/{cell.town.cell_id}/set-up" in body_of(letter)


async def test_what_is_there_again_before_the_letter_leaves_is_not_told(host: Host, post: Post) -> None:
    cell = await founding(host)
    await cell.open()
    await arrived(host, post)
    officer = cell.people["prevention"]
    await cell.coordinator.run(suspend_mandate, SuspendMandate(officer.mandate_id, 2, "inquiry"))
    await cell.coordinator.run(resume_mandate, ResumeMandate(officer.mandate_id, 3))
    assert await sent_later(host, post, hours=1) == []


async def test_the_end_of_somebody_beside_whom_the_seat_is_held_warns_nobody(host: Host, post: Post) -> None:
    cell = await founding(host)
    await cell.open()
    beside = await cell.town.sworn(Role.PREVENTION_OFFICER)
    partner = await cell.town.sworn(Role.PARTICIPANT)
    await arrived(host, post)
    for person in (beside, partner):
        await cell.coordinator.run(end_mandate, EndMandate(person.mandate_id, 2, "left"))
    assert await sent_later(host, post, hours=1) == []


async def test_ends_that_come_by_time_warn_too(host: Host, post: Post) -> None:
    cell = await founding(host, without=("police", "prevention"))
    await cell.do("police", clearance_until=date(2026, 12, 1))
    await cell.do("prevention", last_day=date(2026, 12, 8))
    await cell.open()
    await arrived(host, post)
    letters = await sent_later(host, post, days=8) + await sent_later(host, post, hours=1)
    assert sum(LACKS in body_of(letter) for letter in letters) == 2, "the clearance is over"
    letters = await sent_later(host, post, days=7) + await sent_later(host, post, hours=1)
    assert sum(LACKS in body_of(letter) for letter in letters) == 2, "the mandate is over"


async def test_an_organisation_that_is_suspended_warns_too(host: Host, post: Post) -> None:
    cell = await founding(host, without=("prevention",))
    await cell.do("prevention", kbo_number=await host.organisation("municipality"))
    await cell.open()
    await arrived(host, post)
    organisation = await organisation_of(cell.coordinator, cell.people["prevention"])
    await cell.coordinator.run(suspend_organisation, SuspendOrganisation(organisation, "inquiry"))
    letters = await sent_later(host, post, hours=1)
    assert sum(LACKS in body_of(letter) for letter in letters) == 2
