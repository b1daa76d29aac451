"""What a legal basis is called on a page: always as the register names it, never by a text of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.language import Language


def law_name(basis: pb.LegalBasis, language: Language) -> str:
    """How a sentence calls it."""
    return language.of({"nl": basis.name_nl, "fr": basis.name_fr, "de": basis.name_de, "en": basis.name_en})


def law_title(basis: pb.LegalBasis | pb.LegalBasisVersion, language: Language) -> str:
    """Its full title."""
    return language.of({"nl": basis.title_nl, "fr": basis.title_fr, "de": basis.title_de, "en": basis.title_en})


def going_on(versions: Iterable[pb.LegalBasisVersion], today: date) -> list[pb.LegalBasisVersion]:
    """The law that is in force today or later, each code once: its newest version."""
    day = today.isoformat()
    found: dict[str, pb.LegalBasisVersion] = {}
    for version in versions:
        if not version.to or version.to >= day:
            found.setdefault(version.code, version)
    return list(found.values())
