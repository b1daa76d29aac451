"""A legal basis, or a new version of one, comes into the register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.fields import FieldMalformed
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.errors import IntelligenceServiceRefused
from services.partner_directory.model import INTELLIGENCE_SERVICE, LegalBasis, Register, on_platform
from services.partner_directory.registering import all_versions

CODE_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class AddLegalBasis:
    """What it is, from when on, what it is for, for whom and where, and which one it takes the place of."""

    code: str
    first_day: date
    last_day: date | None
    replaces: str
    allows: tuple[str, ...]
    partner_kinds: tuple[str, ...]
    regions: tuple[str, ...]
    title_nl: str
    title_fr: str
    title_de: str
    title_en: str
    name_nl: str
    name_fr: str
    name_de: str
    name_en: str
    source: str


async def add_legal_basis(work: Work, command: AddLegalBasis) -> Receipt:
    """Put it in; what it takes the place of ends the day before, and mandates on that keep it to their own end."""
    on_platform(work.cell_id)
    if not CODE_FORM.fullmatch(command.code):
        raise FieldMalformed(field="code", expected="small letters and digits, with single hyphens between them")
    if INTELLIGENCE_SERVICE in command.partner_kinds:
        raise IntelligenceServiceRefused(field="partner_kinds", expected="partners of the prevention table")
    register = Register(await all_versions(work), local_date(work.now))
    added = _basis(command)
    before = register.add(added, command.replaces)
    work.trail.detail["code"] = added.code
    if before is not None:
        work.trail.detail["ended"] = before.code
    # First the last day of the one, then the other: the database too lets no two speak on a day.
    await work.session.flush()
    work.session.add(added)
    return Receipt(added.legal_basis_id, "REGISTERED", added.version)


def _basis(command: AddLegalBasis) -> LegalBasis:
    """The row. A language without a text of its own has the Dutch one, as pages do."""
    return LegalBasis(
        code=command.code, in_force_from=command.first_day, in_force_to=command.last_day,
        allows=_each_once(command.allows), partner_kinds=_each_once(command.partner_kinds),
        regions=_each_once(command.regions), title_nl=command.title_nl, title_fr=command.title_fr,
        title_de=command.title_de or command.title_nl, title_en=command.title_en or command.title_nl,
        name_nl=command.name_nl, name_fr=command.name_fr, name_de=command.name_de or command.name_nl,
        name_en=command.name_en or command.name_nl, source=command.source, legal_basis_id=new_id(), version=1,
    )  # fmt: skip


def _each_once(codes: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(codes))
