"""What the host does in a cell without the cell is told: in the logs, and by letter to the municipality."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from services.partner_directory.announced import LANGUAGES, written
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.letter.announce import Announce, announce
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.letters import Letters
from services.partner_directory.model import WAIT, Announcement, Cell, Done
from services.partner_directory.queries.list_announcements import (
    ListAnnouncements,
    list_announcements,
)
from tests.mailbox import SENDER
from tests.partner_directory.post import Post
from tests.partner_directory.town import UNUSED, Host, Town

NOBODY = "niemand@stad.example"
ANNOUNCER = system("partner_directory.announcer", PLATFORM)


async def records(servers: Servers, cell_id: UUID) -> list[audit_pb2.AuditRecord]:
    """The announcements in a log, oldest first."""
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE stream = 'audit' AND tenant_id = $1 ORDER BY producer_epoch, producer_seq",
        cell_id,
    )
    await connection.close()
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [result for result in found if result.action == "announce"]


async def with_contact(host: Host, region: str = "flanders", contact: str = "cel@büllingen.example") -> Town:
    """A cell whose town has a contact."""
    town = await host.town()
    nis_codes = (next(UNUSED[region]),)
    made = await host.run(create_cell, CreateCell(nis_codes, "", contact=contact))
    return replace(town, cell_id=made.id, nis_codes=nis_codes)


async def test_a_founding_stands_in_both_logs_once_and_in_a_letter(host: Host, servers: Servers, post: Post) -> None:
    town = await with_contact(host)
    for role in (Role.COORDINATOR, Role.MAYOR):
        await town.given(town.as_host, town.invitation(role))
        await post.announce()
        await post.announce()
    opens_at = (host.harness.clock() + WAIT).isoformat()
    for log in (town.cell_id, PLATFORM):
        mine = [
            dict(record.detail) for record in await records(servers, log) if record.detail["cell"] == str(town.cell_id)
        ]
        assert mine == [
            {"what": "APPOINTED", "role_given": role, "cell": str(town.cell_id), "opens_at": opens_at}
            for role in ("coordinator", "mayor")
        ]
    assert await post.of(town) == [("APPOINTED", "coordinator"), ("APPOINTED", "mayor")]


async def test_so_does_what_the_host_ends_and_nothing_the_cell_does(host: Host, servers: Servers, post: Post) -> None:
    town = await with_contact(host)
    coordinator = await town.sworn(Role.COORDINATOR)
    await town.sworn(Role.MAYOR)
    by_cell, by_host = await town.partner(coordinator), await town.partner(coordinator)
    await town.confirmed(town.invitation(Role.OVERSIGHT))
    await post.announce()
    before = len(await records(servers, town.cell_id))
    await coordinator.run(end_mandate, EndMandate(by_cell.mandate_id, 1, "left"))
    await post.announce()
    assert len(await records(servers, town.cell_id)) == before == 2
    await town.as_host(end_mandate, EndMandate(by_host.mandate_id, 1, "other"))
    await post.announce()
    assert [record.detail["what"] for record in await records(servers, town.cell_id)][2:] == ["ENDED"]
    assert (await post.of(town))[2:] == [("ENDED", "participant")]


async def test_a_mail_server_that_is_away_keeps_no_record_back(host: Host, servers: Servers, post: Post) -> None:
    town = await with_contact(host)
    await post.announce()
    await post.mailbox.close()
    await town.given(town.as_host, town.invitation(Role.MAYOR))
    for _ in range(60):
        await post.announce()
        host.harness.clock.advance(minutes=1)
    assert (len(await records(servers, town.cell_id)), await post.of(town)) == (1, [])
    await post.mailbox.open()
    await post.announce()
    host.harness.clock.advance(days=1)
    await post.announce()
    assert (len(await records(servers, town.cell_id)), await post.of(town)) == (1, [("APPOINTED", "mayor")])


async def test_an_address_that_is_refused_keeps_no_other_letter_back(host: Host, post: Post) -> None:
    await post.announce()
    first, second = [await with_contact(host, "wallonia", contact) for contact in (NOBODY, "cel@ville.example")]
    post.mailbox.refuses = NOBODY
    for town in (first, second):
        await town.given(town.as_host, town.invitation(Role.MAYOR))
    await post.announce()
    assert [await post.of(town) for town in (first, second)] == [[], [("APPOINTED", "mayor")]]
    post.mailbox.refuses = ""
    host.harness.clock.advance(minutes=1)
    await post.announce()
    assert [await post.of(town) for town in (first, second)] == [[("APPOINTED", "mayor")]] * 2


REFUSED_FOR_EVER = """
WITH made AS (
    INSERT INTO announcement (announcement_id, cell_id, what, role, at, recorded_at)
    SELECT gen_random_uuid(), $1, 'ENDED', 'mayor', $2, $2 FROM generate_series(1, 60) RETURNING announcement_id),
letters AS (
    INSERT INTO letter (tenant_id, letter_id, kind, urgent, made_at, version)
    SELECT $1, announcement_id, 'announcement', true, $2, 1 FROM made)
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at, tries)
SELECT $1, 'letter', announcement_id, $2, $2, 8 FROM made"""
"""As if each had been refused eight times."""


async def test_sixty_letters_that_are_refused_for_ever_hold_back_no_later_one(
    host: Host, servers: Servers, post: Post
) -> None:
    refused, other = await with_contact(host, "wallonia", NOBODY), await with_contact(host, "wallonia")
    await post.announce()
    post.mailbox.refuses = NOBODY
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    await connection.execute(REFUSED_FOR_EVER, refused.cell_id, host.harness.clock())
    await connection.close()
    await post.announce()
    await other.given(other.as_host, other.invitation(Role.MAYOR))
    await post.announce()
    assert (await post.of(refused), await post.of(other)) == ([], [("APPOINTED", "mayor")])
    host.harness.clock.advance(hours=6)
    await post.announce()
    terms = await host.harness.database.unwalled(
        "SELECT state, count(*) AS count FROM term WHERE tenant_id = $1 AND kind = 'letter' GROUP BY state",
        refused.cell_id,
    )
    assert {row["state"]: row["count"] for row in terms} == {"set_aside": 60}


async def test_without_mail_server_or_contact_letters_wait_and_records_do_not(
    host: Host, servers: Servers, post: Post
) -> None:
    towns = [await with_contact(host), await host.town()]
    for town in towns:
        await town.given(town.as_host, town.invitation(Role.MAYOR))
    host.hand_in(None)
    await post.announce()
    assert [len(await records(servers, town.cell_id)) for town in towns] == [1, 1]
    host.hand_in(post.send)
    host.harness.clock.advance(minutes=1)
    await post.announce()
    assert [await post.of(town) for town in towns] == [[("APPOINTED", "mayor")], []]


async def test_nobody_else_announces(host: Host) -> None:
    town = await with_contact(host)
    coordinator = await town.sworn(Role.COORDINATOR)
    found = await host.harness.executor.run(ANNOUNCER, list_announcements, ListAnnouncements())
    mine = next(result.announcement_id for result in found if result.cell_id == town.cell_id)
    acts: list[tuple[Any, Any]] = [(list_announcements, ListAnnouncements()), (announce, Announce(mine))]
    for handler, command in acts:
        for run in (town.as_host, host.run, coordinator.run):
            with pytest.raises(Exception, match=r"cell|role"):
                await run(handler, command)
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(system("case.service", PLATFORM), handler, command)
        await host.harness.executor.run(ANNOUNCER, handler, command)


@pytest.mark.parametrize(
    ("region", "said"),
    [("flanders", ["stelde op 24.11.2026, 10.00 iemand aan als burgemeester", "27.11.2026, 10.00", "Klopt dit niet"]),
     ("wallonia", ["a désigné le 24.11.2026, 10.00 un bourgmestre", "einen Bürgermeister"]),
     ("brussels", ["bourgmestre", "burgemeester"])],
)  # fmt: skip
async def test_the_letter_says_what_and_until_when_and_names_nobody(
    host: Host, post: Post, region: str, said: list[str]
) -> None:
    town = await with_contact(host, region)
    await post.announce()
    post.mailbox.rest()
    await town.given(town.as_host, town.invitation(Role.MAYOR, email="lieve@geheim.example"))
    await post.announce()
    got = await post.mailbox.next()
    assert (got["To"], got["From"]) == ("cel@xn--bllingen-65a.example", SENDER)
    assert got["Message-ID"].endswith("@host.example>")
    text = body_of(got)
    assert [sentence for sentence in said if sentence not in text] == []
    assert not [item for item in ("Nele", "Claes", "geheim") if item in got.as_string() + text]


def test_letters_go_in_the_clear_on_loopback_alone() -> None:
    assert Letters("smtps://user:pass@mail.example:465", "a@host.example")
    assert Letters("smtp+starttls://user:pass@mail.example", "a@host.example")
    assert Letters("smtp://127.0.0.1:25", "a@host.example")
    for url, sender in (("smtp://mail.example:25", "a@host.example"), ("https://mail.example", "a@host.example"),
                        ("smtps://mail.example", "")):  # fmt: skip
        with pytest.raises(ValueError, match="RONDETAFEL"):
            Letters(url, sender)


def body_of(letter: EmailMessage) -> str:
    """Its plain text."""
    plain = letter.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


SAYS_NO_DAY = {Done.ENDED, Done.RECOVERY_PROPOSED, Done.RECOVERY_SECONDED}
"""Nothing opens by these."""


def test_every_kind_of_act_and_role_has_its_words() -> None:
    cell = Cell(cell_id=uuid4(), name="Vaartbeke", contact="cel@gemeente.example")
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    for what, role, languages in itertools.product(Done, Role, LANGUAGES.values()):
        opens_at = None if what in SAYS_NO_DAY else at + timedelta(hours=72)
        done = Announcement(announcement_id=uuid4(), what=what, role=role, at=at, opens_at=opens_at)
        said = written(done, cell, languages)
        assert "{" not in said.subject + str(said.paragraphs)
        assert len(said.paragraphs) == 2 * len(languages)
