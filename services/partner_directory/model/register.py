"""The register of legal bases as a whole, and how it changes: by new versions and last days, never backwards.

On each day from the first on, one legal basis and no other lets people at the table speak with each other. Versions of
one code share no day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from services.partner_directory.errors import (
    LegalBasisInPast,
    LegalBasisOver,
    LegalBasisOverlaps,
    LegalBasisReversed,
    LegalBasisUnknown,
    SpeakingGap,
    SpeakingTwice,
)
from services.partner_directory.model.law import LegalBasis

DAY = timedelta(days=1)


class Register:
    """All versions, on a day."""

    def __init__(self, versions: Iterable[LegalBasis], today: date) -> None:
        self._versions = list(versions)
        self._today = today

    def add(self, added: LegalBasis, replaces: str) -> LegalBasis | None:
        """Take in a version, and end the one before it, which is answered; None where it ends no other.

        `replaces` is the code of that one, empty for its own. Raises what keeps it out.
        """
        before = self._before(added, replaces)
        first = self._today if before is None else self._today + DAY
        if added.in_force_from < first:
            raise LegalBasisInPast(field="from", expected=f"{first} or later")
        if added.in_force_to is not None and added.in_force_to < added.in_force_from:
            raise LegalBasisReversed(field="to", expected=f"{added.in_force_from} or later, or empty")
        if before is not None:
            before.end_on(added.in_force_from - DAY)
        self._versions.append(added)
        self._expect_apart(added, "from")
        self._expect_one_speaks("from", "to" if added.speaks else "allows")
        return before

    def give_last_day(self, ending: LegalBasis, last_day: date) -> None:
        """Give one of the versions its last day. Raises what stands against it."""
        if ending.in_force_to is not None and ending.in_force_to < self._today:
            raise LegalBasisOver(field="legal_basis_id", expected=f"one that is not over; this was {ending.span}")
        if last_day < self._today:
            raise LegalBasisInPast(field="last_day", expected=f"{self._today} or later")
        if last_day < ending.in_force_from:
            raise LegalBasisReversed(field="last_day", expected=f"{ending.in_force_from} or later")
        ending.end_on(last_day)
        self._expect_apart(ending, "last_day")
        self._expect_one_speaks("last_day", "last_day")

    def _before(self, added: LegalBasis, replaces: str) -> LegalBasis | None:
        """The version that has to end for it; None where none is in force on its first day."""
        code, eve = replaces or added.code, added.in_force_from - DAY
        there = [version for version in self._versions if version.code == code and version.covers(eve, eve)]
        if replaces and not there:
            raise LegalBasisUnknown(field="replaces", expected=f"the code of one in force on {eve}")
        return next((version for version in there if version.in_force_to != eve), None)

    def _expect_apart(self, changed: LegalBasis, field: str) -> None:
        for other in self._versions:
            if other is not changed and other.code == changed.code and other.shares_a_day_with(changed):
                raise LegalBasisOverlaps(field=field, expected=f"days without another version; one is {other.span}")

    def _expect_one_speaks(self, twice: str, gap: str) -> None:
        """One after the other without a day between, the last one without an end."""
        speaking = sorted((version for version in self._versions if version.speaks), key=lambda v: v.in_force_from)
        for earlier, later in pairwise(speaking):
            if earlier.shares_a_day_with(later):
                raise SpeakingTwice(field=twice, expected=f"days without {earlier.code} and {later.code} together")
            if earlier.in_force_to != later.in_force_from - DAY:
                raise SpeakingGap(field=gap, expected=f"no day between {earlier.code} and {later.code}")
        if not speaking or speaking[-1].in_force_to is not None:
            raise SpeakingGap(field=gap, expected="one that lets people speak and has no last day yet")
