"""Rules handed in as a PDF: in parts, judged as a whole, sealed, read by whoever may read the version."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.fields import FieldMalformed
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.rules.decide_rules import DecideRules, decide_rules
from services.partner_directory.commands.rules.upload_rules import PART_BYTES, UploadRules, upload_rules
from services.partner_directory.errors import (
    FileNotPdf,
    PdfActive,
    PdfEncrypted,
    RulesFollowAnother,
    RulesNotFound,
    RulesPartTaken,
    RulesStateForbids,
)
from services.partner_directory.queries.read_rules_file import ReadRulesFile, read_rules_file
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.ruled import Ruled, accept, listed, read, ruled
from tests.partner_directory.town import Host
from tests.pdfs import ACTIVE, ENCRYPTED, NO_PDF, padded, pdf


def parts_of(file: bytes, kind: str = "cooperation_protocol", follows: UUID | None = None) -> list[UploadRules]:
    """What hands in a file."""
    pieces = [file[at : at + PART_BYTES] for at in range(0, len(file), PART_BYTES)]
    upload_id = uuid4()
    return [
        UploadRules(kind, follows, upload_id, f"{place}/{len(pieces)}", base64.b64encode(piece).decode())
        for place, piece in enumerate(pieces, 1)
    ]


async def handed_in(cell: Ruled, file: bytes, follows: UUID | None = None) -> Receipt:
    """The receipt of the whole."""
    receipts = [await cell.coordinator.run(upload_rules, part) for part in parts_of(file, follows=follows)]
    assert {receipt.state for receipt in receipts[:-1]} <= {"RECEIVED"}
    return receipts[-1]


async def whole(who: Person, rules_id: UUID) -> bytes:
    """The file as somebody reads it."""
    first = await who.run(read_rules_file, ReadRulesFile(rules_id, ""))
    more = [await who.run(read_rules_file, ReadRulesFile(rules_id, str(place))) for place in range(2, first.parts + 1)]
    return b"".join(base64.b64decode(part.content) for part in (first, *more))


async def test_a_file_is_handed_in_decided_on_read_and_accepted(host: Host) -> None:
    cell = await ruled(host)
    file = padded(3 * PART_BYTES)
    made = await handed_in(cell, file)
    (view,) = await listed(cell.mayor)
    assert (made.state, view.rules.format, view.rules.file_size) == ("PROPOSED", "pdf", len(file))
    assert await whole(cell.mayor, made.id) == file
    with pytest.raises(RulesNotFound):
        await whole(cell.partner, made.id)
    await cell.decide(made.id)
    assert await whole(cell.partner, made.id) == file
    assert (await read(cell.partner, made.id)).texts.text_nl == ""
    assert await accept(cell.partner, made.id)


async def test_parts_come_in_any_order_and_once(host: Host) -> None:
    cell = await ruled(host)
    file = padded(2 * PART_BYTES)
    parts = parts_of(file)
    for part in parts[1:][::-1]:
        assert (await cell.coordinator.run(upload_rules, part)).state == "RECEIVED"
    with pytest.raises(RulesPartTaken):
        await cell.coordinator.run(upload_rules, parts[1])
    with pytest.raises(RulesPartTaken):
        await cell.coordinator.run(upload_rules, replace(parts[0], part=f"1/{len(parts) + 1}"))
    second = await cell.town.sworn(Role.COORDINATOR)
    with pytest.raises(RulesPartTaken):
        await second.run(upload_rules, parts[0])
    assert len(parts) == 3
    again = [await cell.coordinator.run(upload_rules, parts[0], idempotency_key="k") for _ in range(2)]
    assert again[0] == again[1]
    assert await whole(cell.mayor, again[0].id) == file


REFUSED: Mapping[str, tuple[bytes, type[Exception]]] = {
    "no PDF": (NO_PDF["web page that says it is one"], FileNotPdf),
    "password": (ENCRYPTED, PdfEncrypted),
    "script": (ACTIVE["script at opening"], PdfActive),
    "attachment": (ACTIVE["attached file"], PdfActive),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_pdf_of_pages_is_refused_and_nothing_is_put_forward(host: Host, what: str) -> None:
    cell = await ruled(host)
    file, error = REFUSED[what]
    with pytest.raises(error) as refused:
        await handed_in(cell, file)
    assert refused.value.field == "piece"  # type: ignore[attr-defined]
    assert await listed(cell.coordinator) == ()
    assert await handed_in(cell, pdf())


async def test_parts_that_come_at_once_become_one_file(host: Host) -> None:
    cell = await ruled(host)
    file = padded(3 * PART_BYTES)
    receipts = await asyncio.gather(*[cell.coordinator.run(upload_rules, part) for part in parts_of(file)])
    (made,) = [receipt for receipt in receipts if receipt.state == "PROPOSED"]
    assert await whole(cell.mayor, made.id) == file


async def test_bad_parts_are_named(host: Host) -> None:
    cell = await ruled(host)
    (good,) = parts_of(pdf())
    large = base64.b64encode(bytes(PART_BYTES + 1)).decode()
    for spoiled, field in (
        ({"part": "0/1"}, "part"), ({"part": "2/1"}, "part"), ({"part": "1/21"}, "part"), ({"part": "one"}, "part"),
        ({"piece": "%%%"}, "piece"), ({"piece": large}, "piece"),
    ):  # fmt: skip
        with pytest.raises(FieldMalformed) as refused:
            await cell.coordinator.run(upload_rules, replace(good, **spoiled))  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(RulesStateForbids):
        await cell.coordinator.run(upload_rules, replace(good, kind="undertaking"))
    with pytest.raises(RulesFollowAnother):
        await cell.coordinator.run(upload_rules, replace(good, follows=uuid4()))
    made = await cell.coordinator.run(upload_rules, good)
    for part in ("x", "-1"):
        with pytest.raises(FieldMalformed):
            await cell.mayor.run(read_rules_file, ReadRulesFile(made.id, part))
    with pytest.raises(RulesNotFound):
        await cell.mayor.run(read_rules_file, ReadRulesFile(made.id, "2"))


async def test_nobody_else_hands_in_and_no_other_cell_reads(host: Host) -> None:
    cell, neighbour = await ruled(host), await ruled(host)
    (part,) = parts_of(pdf())
    for other in (cell.mayor, cell.partner, await cell.town.sworn(Role.DPO)):
        with pytest.raises(RoleMissing):
            await other.run(upload_rules, part)
    with pytest.raises(CellNotFound):
        await neighbour.coordinator.elsewhere(cell.town).run(upload_rules, part)
    made = await cell.coordinator.run(upload_rules, part)
    await cell.mayor.run(decide_rules, DecideRules(made.id, 1, cell.today, ""))
    asked = ReadRulesFile(made.id, "")
    assert await cell.partner.run(read_rules_file, asked)
    with pytest.raises(RulesNotFound):
        await neighbour.mayor.run(read_rules_file, asked)
    with pytest.raises(CellNotFound):
        await cell.town.as_host(read_rules_file, asked)


async def test_what_is_not_whole_is_forgotten_after_a_day_and_what_is_whole_is_kept(
    host: Host, servers: Servers
) -> None:
    cell = await ruled(host)
    file = padded(2 * PART_BYTES)
    half, kept = parts_of(file), await handed_in(cell, file)
    await cell.coordinator.run(upload_rules, half[0])
    host.harness.clock.advance(hours=25)
    await run_due(host.harness, TERMS)
    assert await whole(cell.mayor, kept.id) == file
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch("SELECT upload_id, content FROM rules_part WHERE tenant_id = $1", cell.town.cell_id)
    await connection.close()
    assert {row["content"] is None for row in rows if row["upload_id"] == half[0].upload_id} == {True}
    assert not any(b"%PDF" in (row["content"] or b"") for row in rows), "sealed"
    assert {row["content"] is None for row in rows if row["upload_id"] != half[0].upload_id} == {False}
    with pytest.raises(RulesPartTaken):
        for part in half[1:]:
            await cell.coordinator.run(upload_rules, part)
