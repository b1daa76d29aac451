"""The register of the law, as pages show it: what is in force on a day first, then what comes and what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.law import law_title


@dataclass(frozen=True, slots=True)
class Basis:
    """One version in words. No kinds or regions: for all, everywhere. `source` is in English.

    `resting`: for the host, the mandates that outlast its last day, or today.
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


@dataclass(frozen=True, slots=True)
class Register:
    """All versions: in force today, those to come with the next first, those that were with the latest first."""

    now: list[Basis]
    coming: list[Basis]
    past: list[Basis]


def register_of(versions: Iterable[pb.LegalBasisVersion], language: Language, today: date) -> Register:
    """The answer of the directory, which has the newest first, as it stands on this day."""
    day = today.isoformat()
    now: list[pb.LegalBasisVersion] = []
    coming: list[pb.LegalBasisVersion] = []
    past: list[pb.LegalBasisVersion] = []
    for version in versions:
        # Days in ISO form compare as texts.
        where = coming if day < getattr(version, "from") else past if version.to and version.to < day else now
        where.append(version)
    return Register(*([_basis(version, language) for version in group] for group in (now, coming[::-1], past)))


def _basis(version: pb.LegalBasisVersion, language: Language) -> Basis:
    labels = Labels(language)
    first, last = getattr(version, "from"), version.to
    return Basis(
        version.code, law_title(version, language),
        [labels.of("legal_purpose", code) for code in version.allows],
        [labels.of("kind", code) for code in version.partner_kinds],
        [labels.of("region", code) for code in version.regions],
        language.day(date.fromisoformat(first), weekday=False),
        language.day(date.fromisoformat(last), weekday=False) if last else "",
        version.source, version.legal_basis_id, version.mandates_beyond,
    )  # fmt: skip
