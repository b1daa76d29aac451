"""The register of the law, as pages show it: what is in force on a day first, then what comes and what was."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.towns import cell_name


@dataclass(frozen=True, slots=True)
class Basis:
    """One version in words. No kinds or regions: for all, everywhere. `source` is in English.

    `resting`: for the host, the mandates that outlast its last day, or today. `confirmed` says which of the reader's
    cells confirmed it and when, `confirmed_by` how many cells did; `to_confirm`: where the reader still may, cell and
    address.
    """

    code: str
    title: str
    purposes: list[str]
    kinds: list[str]
    regions: list[str]
    first: str
    last: str
    source: str
    legal_basis_id: str
    resting: int
    confirmed: list[str]
    confirmed_by: int
    to_confirm: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Register:
    """All versions: in force today, those to come with the next first, those that were with the latest first."""

    now: list[Basis]
    coming: list[Basis]
    past: list[Basis]


def register_of(
    versions: Iterable[pb.LegalBasisVersion], language: Language, today: date, cells: Collection[pb.MyCell] = ()
) -> Register:
    """The answer of the directory, which has the newest first, as it stands on this day; `cells` are the reader's."""
    day = today.isoformat()
    now: list[pb.LegalBasisVersion] = []
    coming: list[pb.LegalBasisVersion] = []
    past: list[pb.LegalBasisVersion] = []
    for version in versions:
        # Days in ISO form compare as texts.
        where = coming if day < getattr(version, "from") else past if version.to and version.to < day else now
        where.append(version)
    groups = ((now, cells), (coming[::-1], cells), (past, ()))
    return Register(*([basis_of(version, language, own) for version in group] for group, own in groups))


def basis_of(version: pb.LegalBasisVersion, language: Language, cells: Collection[pb.MyCell] = ()) -> Basis:
    """One of them in words."""
    labels = Labels(language)
    first, last = getattr(version, "from"), version.to
    return Basis(
        version.code, law_title(version, language),
        [labels.of("legal_purpose", code) for code in version.allows],
        [labels.of("kind", code) for code in version.partner_kinds],
        [labels.of("region", code) for code in version.regions],
        language.day(date.fromisoformat(first), weekday=False),
        language.day(date.fromisoformat(last), weekday=False) if last else "",
        version.source, version.legal_basis_id, version.mandates_beyond, _confirmed(version, language),
        version.confirmed_by, _to_confirm(version, language, cells),
    )  # fmt: skip


def _confirmed(version: pb.LegalBasisVersion, language: Language) -> list[str]:
    return [
        language.text(
            _("Confirmed by the data protection officer of %(cell)s on %(day)s."), cell=confirmed.cell_name,
            day=language.day(from_timestamp(confirmed.confirmed_at), weekday=False),
        )
        for confirmed in version.confirmations
    ]  # fmt: skip


def _to_confirm(version: pb.LegalBasisVersion, language: Language, cells: Iterable[pb.MyCell]) -> list[tuple[str, str]]:
    done = {confirmed.cell_id for confirmed in version.confirmations}
    open_to = (cell for cell in cells if "confirm_legal_basis" in cell.may and cell.cell_id not in done)
    return [
        (cell_name(cell, language), f"/cells/{cell.cell_id}/law/{version.legal_basis_id}/confirm") for cell in open_to
    ]
