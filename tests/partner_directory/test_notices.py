"""What waits for people reaches them by letter: gathered, bounded, in its hours, and without a word of what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.kit.clock import BRUSSELS, day_ends_at, local_date
from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.model import GATHERED_FOR, MOST_LETTERS, MOST_URGENT, next_hour
from services.partner_directory.notice_words import SENTENCES
from tests.partner_directory.noticing import (
    MINUTE,
    NAMES,
    Seated,
    arrived,
    records,
    sent_later,
    tell,
    urgent,
    waits,
)
from tests.partner_directory.post import HOME, Post
from tests.partner_directory.test_announcing import body_of
from tests.partner_directory.town import Host


async def test_an_urgent_signal_reaches_the_coordinator_at_once_and_nobody_else(
    host: Host, post: Post, seated: Seated
) -> None:
    town, _, _ = seated
    host.harness.clock.now = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
    signal = urgent(town)
    await tell(town, signal)
    (letter,) = await arrived(host, post)
    assert letter["Subject"] == "Rondetafel: dringend, er wacht iets op je"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is None
    text = body_of(letter)
    assert "Er is een dringend signaal binnengekomen." in text
    assert f"{HOME}/cells/{town.cell_id}/signals/{signal.object_id}" in text
    html = letter.get_body(("html",))
    assert html is not None
    assert f'<a href="{HOME}/cells/{town.cell_id}/signals/{signal.object_id}">' in html.get_content()
    assert not [name for name in NAMES if name in letter.as_string() + text]
    assert await sent_later(host, post, days=3) == []


@pytest.mark.parametrize("kind", NoticeKind)
async def test_each_kind_of_what_waits_can_be_kept(host: Host, seated: Seated, kind: NoticeKind) -> None:
    """The database has a list of its own; what it does not know would be lost among the dead letters."""
    town, coordinator, _ = seated
    await tell(town, waits(kind, coordinator))
    (record,) = [record for record in await records(town, "keep_notices") if record.detail["kind"] == kind]
    assert record.count == 1


async def test_the_coordinators_deputy_in_reserve_is_told_that_one_waits_and_not_where_it_is_read(
    host: Host, post: Post
) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation(Role.COORDINATOR, deputy_of=coordinator.mandate_id, deputy_when="absent")
    await town.given(coordinator.run, command)
    participant = await town.partner(coordinator)
    await arrived(host, post)
    host.harness.clock.now = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
    signal = urgent(town, by=participant.person_id)
    await tell(town, signal)
    letters = {letter["To"]: body_of(letter) for letter in await arrived(host, post)}
    assert len(letters) == 2
    of_deputy = letters.pop(command.email)
    assert SENTENCES[NoticeKind.URGENT_AT_DEPUTY]["nl"] in of_deputy
    assert str(signal.object_id) not in of_deputy
    assert str(town.cell_id) not in of_deputy
    (of_coordinator,) = letters.values()
    assert f"{HOME}/cells/{town.cell_id}/signals/{signal.object_id}" in of_coordinator
    await tell(town, waits(NoticeKind.SESSION_PLANNED, seats=("coordinator",), nis_codes=town.nis_codes))
    assert [letter["To"] for letter in await sent_later(host, post, days=3) if letter["To"] == command.email] == []


async def test_a_deputy_who_is_suspended_or_of_another_town_is_told_nothing_and_nobody_once_it_is_decided(
    host: Host, post: Post
) -> None:
    town, coordinator = await host.town_with_coordinator(2)
    mayor = await town.sworn(Role.MAYOR)
    here, there = (
        town.invitation(
            Role.COORDINATOR, nis_codes=(code,), deputy_of=coordinator.mandate_id, deputy_when="absent"
        )
        for code in town.nis_codes
    )  # fmt: skip
    deputy = town.person_of(here, await town.given(mayor.run, here))
    await town.given(mayor.run, there)
    await arrived(host, post)
    first = urgent(town, nis_codes=town.nis_codes[:1])
    await tell(town, first)
    assert sorted(letter["To"] for letter in await arrived(host, post)).count(here.email) == 1
    assert there.email not in [letter["To"] for letter in await arrived(host, post)]
    again = urgent(town, nis_codes=town.nis_codes[:1])
    await tell(town, again)
    await tell(town, replace(again, over=True))
    assert await arrived(host, post) == []
    await mayor.run(suspend_mandate, SuspendMandate(deputy.mandate_id, 1, "inquiry"))
    await arrived(host, post)
    await tell(town, urgent(town, nis_codes=town.nis_codes[:1]))
    assert here.email not in [letter["To"] for letter in await arrived(host, post)]


async def test_without_a_coordinator_the_stand_in_is_told_and_who_reported_is_not(host: Host, post: Post) -> None:
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR)
    await arrived(host, post)
    await tell(town, urgent(town, by=mayor.person_id))
    assert await arrived(host, post) == []
    await tell(town, urgent(town))
    assert len(await arrived(host, post)) == 1


async def test_what_comes_within_half_an_hour_is_one_letter_the_oldest_first(
    host: Host, post: Post, seated: Seated
) -> None:
    town, _, partner = seated
    kinds = (NoticeKind.CIRCLE_INVITATION, NoticeKind.SESSION_PLANNED, NoticeKind.SESSION_CANCELLED)
    for kind in kinds:
        told = waits(kind, partner)
        await tell(town, told)
        await tell(town, told)
        assert await sent_later(host, post, minutes=9) == []
    (letter,) = await sent_later(host, post, minutes=3)
    text = body_of(letter)
    places = [text.index(SENTENCES[kind]["nl"].format(code="AR-26-014")) for kind in kinds]
    assert places == sorted(places)
    assert [text.count(SENTENCES[kind]["nl"].format(code="AR-26-014")) for kind in kinds] == [1, 1, 1]


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("2026-11-27 19:20", "2026-11-27 19:50"),
        ("2026-11-27 19:45", "2026-11-30 07:00"),
        ("2026-11-28 12:00", "2026-11-30 07:00"),
        ("2026-12-01 00:00", "2026-12-01 07:00"),
        ("2026-12-01 06:20", "2026-12-01 07:00"),
        ("2026-12-01 06:40", "2026-12-01 07:10"),
        ("2027-03-26 21:00", "2027-03-29 07:00"),
        ("2027-10-29 21:00", "2027-11-01 07:00"),
        ("2026-12-31 23:59", "2027-01-01 07:00"),
    ],
)  # fmt: skip
async def test_letters_keep_their_hours_over_weekends_midnight_and_both_changes_of_the_clock(
    host: Host, post: Post, seated: Seated, asked: str, sent: str
) -> None:
    town, _, partner = seated
    clock = host.harness.clock
    clock.now = datetime.fromisoformat(asked).replace(tzinfo=BRUSSELS).astimezone(UTC)
    await tell(town, waits(NoticeKind.SESSION_PLANNED, partner))
    leaves = datetime.fromisoformat(sent).replace(tzinfo=BRUSSELS).astimezone(UTC)
    clock.now = leaves - timedelta(microseconds=1)
    assert await arrived(host, post) == []
    clock.now = leaves
    assert len(await arrived(host, post)) == 1


async def test_a_letter_that_waited_for_the_mail_server_keeps_its_hours_too(
    host: Host, post: Post, seated: Seated
) -> None:
    town, _, partner = seated
    await tell(town, waits(NoticeKind.SESSION_PLANNED, partner))
    await post.mailbox.close()
    assert await sent_later(host, post, hours=1) == []
    host.harness.clock.now = day_ends_at(local_date(host.harness.clock()))
    await post.mailbox.open()
    assert await arrived(host, post) == []
    assert len(await sent_later(host, post, hours=7)) == 1


async def test_at_most_three_a_day_from_a_table_and_urgent_ones_beside_them(
    host: Host, post: Post, seated: Seated
) -> None:
    town, _, partner = seated
    letters = []
    for _ in range(MOST_LETTERS + 2):
        await tell(town, waits(NoticeKind.SESSION_PLANNED, partner))
        letters += await sent_later(host, post, minutes=GATHERED_FOR.seconds // 60)
    assert len(letters) == MOST_LETTERS
    await tell(town, waits(NoticeKind.URGENT_SIGNAL, partner, urgent=True))
    assert len(await arrived(host, post)) == 1
    host.harness.clock.now = next_hour(day_ends_at(local_date(host.harness.clock()))) - MINUTE
    assert await arrived(host, post) == []
    (rest,) = await sent_later(host, post, minutes=1)
    assert body_of(rest).count("Er is een zitting gepland.") == 2


async def test_two_tables_of_one_person_never_meet_in_a_letter_nor_hold_each_other_back(
    host: Host, post: Post, seated: Seated
) -> None:
    """Invariant 17: by the letters of one table nobody can tell what another sends."""
    town, coordinator, _ = seated
    other, giver = await host.town_with_coordinator()
    both = town.invitation(email=f"{uuid4().hex}@caw.example")
    person = town.person_of(both, await town.given(coordinator.run, both))
    await other.given(giver.run, both)
    await arrived(host, post)
    for _ in range(MOST_LETTERS):
        await tell(town, waits(NoticeKind.SESSION_PLANNED, person))
        assert len(await sent_later(host, post, minutes=GATHERED_FOR.seconds // 60)) == 1
    for table in (town, other):
        await tell(table, waits(NoticeKind.SESSION_PLANNED, person))
    (letter,) = await sent_later(host, post, minutes=GATHERED_FOR.seconds // 60)
    assert str(other.cell_id) in body_of(letter)
    assert str(town.cell_id) not in body_of(letter)


async def test_urgent_ones_are_bounded_too_and_the_rest_comes_after_midnight(
    host: Host, post: Post, seated: Seated
) -> None:
    town, _, _ = seated
    letters = []
    for _ in range(MOST_URGENT + 3):
        await tell(town, urgent(town))
        letters += await arrived(host, post)
    assert len(letters) == MOST_URGENT
    host.harness.clock.now = day_ends_at(local_date(host.harness.clock()))
    (rest,) = await arrived(host, post)
    assert body_of(rest).count("dringend signaal") == 3


async def test_what_was_done_or_is_of_no_use_any_more_is_not_sent(host: Host, post: Post, seated: Seated) -> None:
    town, coordinator, partner = seated
    proposed, kept = waits(NoticeKind.CASE_PROPOSED, partner, coordinator), waits(NoticeKind.SESSION_PLANNED, partner)
    passing = waits(NoticeKind.SESSION_PLANNED, partner, until=host.harness.clock() + MINUTE)
    for told in (proposed, kept, passing):
        await tell(town, told)
    await tell(town, waits(NoticeKind.CASE_PROPOSED, object_id=proposed.object_id, over=True))
    (letter,) = await sent_later(host, post, hours=1)
    assert body_of(letter).count("Er is een zitting gepland.") == 1
    assert "antwoord" not in body_of(letter)
    assert sorted(record.detail["sent"] for record in await records(town, "send_letter"))[1:] == ["no", "yes"]


async def test_a_cancelled_session_nobody_heard_of_is_told_nobody(host: Host, post: Post, seated: Seated) -> None:
    town, coordinator, partner = seated
    planned = waits(NoticeKind.SESSION_PLANNED, partner)
    await tell(town, planned)
    assert len(await sent_later(host, post, hours=1)) == 1
    again = waits(NoticeKind.SESSION_PLANNED, partner, coordinator, object_id=planned.object_id)
    await tell(town, again)
    await tell(town, waits(NoticeKind.SESSION_CANCELLED, partner, coordinator, object_id=planned.object_id))
    assert await sent_later(host, post, hours=1) == []
    await tell(town, waits(NoticeKind.SESSION_CANCELLED, partner, object_id=planned.object_id))
    (letter,) = await sent_later(host, post, hours=1)
    assert "Een zitting gaat niet door." in body_of(letter)
