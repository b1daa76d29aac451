"""Public reference data with validity dates: municipalities and the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Text, and_, any_, literal, or_
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.codes import LEGAL_PURPOSES
from services.partner_directory.errors import (
    LegalBasisNotForKind,
    LegalBasisNotForRegion,
    LegalBasisNotInForce,
    MunicipalityMerged,
    UnknownMunicipality,
)
from services.partner_directory.model.base import Base

SPEAK = "speak"
ALLOWS = frozenset(LEGAL_PURPOSES)


class Municipality(Base):
    """A municipality of Belgium with its validity dates; merged ones name their successor."""

    __tablename__ = "municipality"
    nis_code: Mapped[str] = mapped_column(primary_key=True)
    name_nl: Mapped[str]
    name_fr: Mapped[str]
    name_de: Mapped[str]
    name_en: Mapped[str]
    own_language: Mapped[str]
    province: Mapped[str | None]
    region: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor: Mapped[str | None]

    @classmethod
    def present_on(cls, day: date) -> ColumnElement[bool]:
        """The condition of one that exists on this day."""
        begun = or_(cls.valid_from.is_(None), cls.valid_from <= day)
        return and_(begun, or_(cls.valid_to.is_(None), cls.valid_to >= day))

    @property
    def name(self) -> str:
        """What it calls itself; in Brussels, where that is two names, the Dutch one."""
        return {"nl": self.name_nl, "fr": self.name_fr, "de": self.name_de}[self.own_language]

    def expect_present(self, day: date) -> None:
        """Raises MunicipalityMerged, naming the successor, or UnknownMunicipality before it came into being."""
        if self.valid_to is not None and self.valid_to < day:
            raise MunicipalityMerged(field="nis_codes", expected=f"its successor {self.successor}")
        if self.valid_from is not None and self.valid_from > day:
            raise UnknownMunicipality(field="nis_codes", expected=f"NIS codes that exist; {self.nis_code} does not yet")


class LegalBasis(Base):
    """One version of a legal basis: for which partners, where, from when to when. Empty lists mean all.

    `allows` says what for (ALLOWS), `title_*` is its full title and `name_*` how a sentence calls it.
    """

    __tablename__ = "legal_basis"
    code: Mapped[str] = mapped_column(primary_key=True)
    in_force_from: Mapped[date] = mapped_column(primary_key=True)
    in_force_to: Mapped[date | None]
    partner_kinds: Mapped[list[str]]
    regions: Mapped[list[str]]
    allows: Mapped[list[str]]
    title_nl: Mapped[str]
    title_fr: Mapped[str]
    title_de: Mapped[str]
    title_en: Mapped[str]
    name_nl: Mapped[str]
    name_fr: Mapped[str]
    name_de: Mapped[str]
    name_en: Mapped[str]
    source: Mapped[str]
    legal_basis_id: Mapped[UUID]
    version: Mapped[int]

    @classmethod
    def in_force_on(cls, day: date | BindParameter[date]) -> ColumnElement[bool]:
        """The condition of a version in force on this day; of each code there is one at most."""
        return and_(cls.in_force_from <= day, or_(cls.in_force_to.is_(None), cls.in_force_to >= day))

    @classmethod
    def lets_speak_on(cls, day: date | BindParameter[date]) -> ColumnElement[bool]:
        """The condition of the one on which people at the table may speak with each other on this day.

        The database keeps it to one at most; that there is one on every day, the data do.
        """
        return and_(literal(SPEAK, Text) == any_(cls.allows), cls.in_force_on(day))

    @property
    def names(self) -> dict[str, str]:
        """How a sentence calls it, by language."""
        return {"nl": self.name_nl, "fr": self.name_fr, "de": self.name_de, "en": self.name_en}

    def covers(self, first: date, last: date) -> bool:
        """Whether it is in force on all days from the first to the last."""
        return self.in_force_from <= first and (self.in_force_to is None or last <= self.in_force_to)

    @property
    def speaks(self) -> bool:
        """Whether people at the table may speak with each other on it."""
        return SPEAK in self.allows

    @property
    def span(self) -> str:
        """Its days, for who is told of them."""
        return f"from {self.in_force_from}" + (f" to {self.in_force_to}" if self.in_force_to else "")

    def shares_a_day_with(self, other: LegalBasis) -> bool:
        """Whether both are in force on some day."""
        return self._reaches(other.in_force_from) and other._reaches(self.in_force_from)

    def _reaches(self, day: date) -> bool:
        return self.in_force_to is None or self.in_force_to >= day

    def end_on(self, last_day: date) -> None:
        """The one thing of a version that is ever changed."""
        self.in_force_to = last_day
        self.version += 1

    def expect_for(self, kind: str, regions: Iterable[str]) -> None:
        """Raises what keeps this kind of partner in these regions from taking part on this basis."""
        if self.partner_kinds and kind not in self.partner_kinds:
            kinds = ", ".join(self.partner_kinds)
            raise LegalBasisNotForKind(field="legal_basis", expected=f"one for {kind}; {self.code} is for {kinds}")
        if self.regions and not set(regions) <= set(self.regions):
            where = " and ".join(self.regions)
            raise LegalBasisNotForRegion(field="legal_basis", expected=f"one for there; {self.code} is for {where}")


class BasisUse(Base):
    """How many mandates of all cells rest on a code and end on a day: none has any access from that day on.

    A trigger of the database counts them, so that the host is told what rests on a law without a look into any cell.
    """

    __tablename__ = "basis_use"
    legal_basis: Mapped[str] = mapped_column(primary_key=True)
    ends_on: Mapped[date] = mapped_column(primary_key=True)
    mandates: Mapped[int]


class BasisConfirmation(Base):
    """That a cell's data protection officer confirmed a version. Public as the register is: no person stands in it."""

    __tablename__ = "basis_confirmation"
    legal_basis_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    confirmed_at: Mapped[datetime]


def legal_basis_on(versions: Iterable[LegalBasis], first: date, last: date) -> LegalBasis:
    """The version in force during the whole mandate. Raises LegalBasisNotInForce, saying when one is."""
    spans = []
    for version in versions:
        if version.covers(first, last):
            return version
        spans.append(version.span)
    raise LegalBasisNotInForce(field="legal_basis", expected="a mandate within its time, " + ", ".join(spans))
