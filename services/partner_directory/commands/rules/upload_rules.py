"""The coordinator hands in a PDF, part by part; with the last part it is put before the mayor."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.fields import FieldMalformed
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.pdf import Flaw, flaw_in
from services.partner_directory.errors import FileNotPdf, PdfActive, PdfEncrypted, RulesPartTaken, RulesStateForbids
from services.partner_directory.model import Rules, RulesFormat, RulesKind, RulesPart, RulesState
from services.partner_directory.ruling import lock_rules_of_cell, place_of_part, replace_waiting

PART_BYTES = 512 * 1024
MOST_PARTS = 20
"""Together 10 MiB."""
UNUSED_KEPT = timedelta(days=1)
_PART = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")
_FLAWS: Mapping[Flaw, type[FileNotPdf | PdfEncrypted | PdfActive]] = {
    Flaw.NOT_PDF: FileNotPdf, Flaw.ENCRYPTED: PdfEncrypted, Flaw.ACTIVE: PdfActive,
}  # fmt: skip
_EXPECTED = "a PDF of at most 10 MiB, without password, scripts, actions and files in it"


@dataclass(frozen=True, slots=True)
class UploadRules:
    """Of which kind, after which version; which upload, which of how many parts ("3/20"), its bytes as base64."""

    kind: str
    follows: UUID | None
    upload_id: UUID
    part: str
    piece: str


async def upload_rules(work: Work, command: UploadRules) -> Receipt:
    """Take a part; the receipt of the last one to come is that of the rules, PROPOSED, of others RECEIVED.

    Raises FieldMalformed, RulesPartTaken, RulesStateForbids (a promise of secrecy is no file), RulesFollowAnother,
    FileNotPdf, PdfEncrypted, PdfActive. A part that is refused is not kept.
    """
    if command.kind == RulesKind.UNDERTAKING:
        raise RulesStateForbids(field="kind", expected="internal rules or a protocol; what is promised is a text")
    place, parts = _place(command.part)
    _decoded(command.piece)
    # Of parts that come at once the last to be kept sees all others.
    await lock_rules_of_cell(work)
    await _keep(work, command, place, parts)
    held = await _held(work, command.upload_id)
    work.trail.detail |= {"kind": command.kind, "part": command.part}
    if any(part.parts != parts or part.uploaded_by != work.actor_id for part in held):
        raise RulesPartTaken(field="upload_id", expected="an upload of one's own, with one number of parts")
    if len(held) < parts:
        work.at(work.now + UNUSED_KEPT, "rules_upload", command.upload_id)
        return Receipt(command.upload_id, "RECEIVED", len(held))
    file = b"".join([_decoded(await _opened(work, part)) for part in held])
    # Its own process would cost more than it holds: qpdf reads, and runs nothing of what it reads.
    flaw = await asyncio.to_thread(flaw_in, file)
    if flaw is not None:
        raise _FLAWS[flaw](field="piece", expected=_EXPECTED)
    return await _proposed(work, command, len(file))


async def _proposed(work: Work, command: UploadRules, size: int) -> Receipt:
    await replace_waiting(work, command.kind, command.follows)
    rules = Rules(
        tenant_id=work.cell_id, rules_id=new_id(), kind=command.kind, state=RulesState.PROPOSED,
        format=RulesFormat.PDF, drafted_by=work.actor_id, drafted_at=work.now, upload_id=command.upload_id,
        file_size=size, version=1,
    )  # fmt: skip
    work.session.add(rules)
    work.at(None, "rules_upload", command.upload_id)
    work.trail.detail["rules"] = str(rules.rules_id)
    return Receipt(rules.rules_id, rules.state, rules.version)


def _place(part: str) -> tuple[int, int]:
    found = _PART.fullmatch(part)
    place, parts = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= place <= parts <= MOST_PARTS:
        raise FieldMalformed(field="part", expected=f"such as 1/3; at most {MOST_PARTS} parts")
    return place, parts


def _decoded(piece: str) -> bytes:
    try:
        decoded = base64.b64decode(piece, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not 0 < len(decoded) <= PART_BYTES:
        raise FieldMalformed(field="piece", expected=f"1 to {PART_BYTES} bytes as base64")
    return decoded


async def _keep(work: Work, command: UploadRules, place: int, parts: int) -> None:
    sealed = await work.seal(command.piece, place_of_part(work, command.upload_id, place))
    kept = await work.session.scalar(
        insert(RulesPart)
        .values(
            tenant_id=work.cell_id, upload_id=command.upload_id, place=place, parts=parts, uploaded_by=work.actor_id,
            uploaded_at=work.now, content=sealed,
        )
        .on_conflict_do_nothing()
        .returning(RulesPart.place)
    )  # fmt: skip
    if kept is None:
        raise RulesPartTaken(field="part", expected="one that is not there yet")


async def _held(work: Work, upload_id: UUID) -> list[RulesPart]:
    found = await work.session.scalars(
        select(RulesPart)
        .where(RulesPart.tenant_id == work.cell_id, RulesPart.upload_id == upload_id)
        .order_by(RulesPart.place)
    )
    return list(found)


async def _opened(work: Work, part: RulesPart) -> str:
    if part.content is None:
        raise RulesPartTaken(field="upload_id", expected="a new upload: this one was begun more than a day ago")
    return await work.open(part.content, place_of_part(work, part.upload_id, part.place))
