"""The blind index of names: signals are found by whom they may be about, and a copy of the rows tells nothing.

A mark is a keyed hash, under the cell's key, of a form of the names and of a place out of 64, drawn by lot. So no two
rows look alike, not those of one name either; whoever has the key looks at all places. Each signal has as many marks
as any other, what it does not need being chance (decision 80). A mark only leads there: whether two signals are
perhaps about one person is decided by what is sealed (same_person.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from services.case.person import PersonConcerned
from services.case.same_person import names_of, pairs_of, whole_day
from services.kit.execute import Work
from services.kit.statements import Statement
from services.kit.vault import Keyring

FOLDING = 1
"""To be raised when forms change (folding.py): signals then get marks anew when their coordinator comes by."""
PLACES = 64
SIZE = 32
"""Marks of a signal: one of what they were made of, the others of forms."""

_KEEP = Statement(
    text("""
INSERT INTO signal_mark (tenant_id, mark, signal_id)
SELECT :tenant, mark, :signal_id FROM unnest(CAST(:marks AS uuid[])) AS mark
ON CONFLICT DO NOTHING RETURNING mark""")
)
# Of two acts about one name one waits until the other is done: else each could wait for a place that the other has.
_ALONE = Statement(
    text("SELECT pg_advisory_xact_lock(hashtextextended(mark, 0)) FROM unnest(CAST(:marks AS text[])) AS mark")
)
_KNOWN = Statement(text("SELECT 1 FROM signal_mark WHERE tenant_id = :tenant AND mark = :mark"))


def kept_forms(person: PersonConcerned) -> tuple[str, ...]:
    """Under which a person is found: both names; and each for itself with a whole birth. All in any order."""
    pairs = _pair_forms(person)
    alone = _single_forms(person, "half" if pairs else "one")
    return (*pairs, *alone)[: SIZE - 1]


def asked_forms(person: PersonConcerned) -> tuple[str, ...]:
    """Under which those are looked for who may be this person: one name alone is compared where there is no other."""
    pairs = _pair_forms(person)
    return (*pairs, *_single_forms(person, "one"), *(() if pairs else _single_forms(person, "half")))


def _pair_forms(person: PersonConcerned) -> tuple[str, ...]:
    found = (
        "both|" + "|".join(sorted((first, last)))
        for name, beside in pairs_of(person)
        for first in sorted(name.forms)
        for last in sorted(beside.forms)
    )
    return tuple(dict.fromkeys(found))


def _single_forms(person: PersonConcerned, kind: str) -> tuple[str, ...]:
    born = whole_day(person.birth_date)
    if born is None:
        return ()
    day = f"{born.year}:{min(born.month, born.day)}:{max(born.month, born.day)}"
    found = (f"{kind}|{form}|{day}" for name in names_of(person) for form in sorted(name.forms))
    return tuple(dict.fromkeys(found))


async def marks_of(keyring: Keyring, forms: Iterable[str]) -> list[UUID]:
    """All marks under which signals of these forms can stand."""
    return [await _mark(keyring, form, place) for form in forms for place in range(PLACES)]


async def mark_signal(work: Work, signal_id: UUID, person: PersonConcerned) -> None:
    """From now on the signal is found by whom it is about; nothing happens where it is already, by these very names."""
    made_of = await _made_of(work, signal_id, person)
    if await _is_known(work, made_of):
        return
    await _wait_for_namesakes(work, person, made_of)
    # Of two who come by at once one made them meanwhile.
    if not await _is_known(work, made_of):
        await _keep_marks(work, signal_id, person, made_of)


async def mark_new_signal(work: Work, signal_id: UUID, person: PersonConcerned) -> None:
    """The same of a signal that this act made."""
    made_of = await _made_of(work, signal_id, person)
    await _wait_for_namesakes(work, person, made_of)
    await _keep_marks(work, signal_id, person, made_of)


async def _is_known(work: Work, made_of: UUID) -> bool:
    return await work.fetch_one(_KNOWN, {"tenant": work.cell_id, "mark": made_of}) is not None


async def _wait_for_namesakes(work: Work, person: PersonConcerned, made_of: UUID) -> None:
    first = [await _mark(work.keyring, form, 0) for form in kept_forms(person)]
    await work.execute(_ALONE, {"marks": sorted(map(str, [*first, made_of]))})


async def _keep_marks(work: Work, signal_id: UUID, person: PersonConcerned, made_of: UUID) -> None:
    wanted = {form: secrets.randbelow(PLACES) for form in kept_forms(person)}
    beside = {made_of, *_chance(SIZE - 1 - len(wanted))}
    for _ in range(PLACES):
        tried = {await _mark(work.keyring, form, place): form for form, place in wanted.items()}
        kept = await _kept(work, signal_id, beside | set(tried))
        # A place that a namesake has: the next one.
        wanted = {form: (wanted[form] + 1) % PLACES for mark, form in tried.items() if mark not in kept}
        if not wanted:
            return
        beside = set()
    await _kept(work, signal_id, _chance(len(wanted)))


async def _kept(work: Work, signal_id: UUID, marks: set[UUID]) -> set[UUID]:
    # In the order of chance, which hides what each is of.
    values = {"tenant": work.cell_id, "signal_id": signal_id, "marks": sorted(marks)}
    return {row.mark for row in await work.fetch(_KEEP, values)}


def _chance(count: int) -> set[UUID]:
    """What looks like marks, to the last bit."""
    return {UUID(bytes=secrets.token_bytes(16)) for _ in range(count)}


async def _made_of(work: Work, signal_id: UUID, person: PersonConcerned) -> UUID:
    told = "|".join((str(FOLDING), str(signal_id), *kept_forms(person)))
    return UUID(bytes=await work.keyring.pseudonym(told, "signal_mark_made_of"))


async def _mark(keyring: Keyring, form: str, place: int) -> UUID:
    return UUID(bytes=await keyring.pseudonym(f"{FOLDING}|{place}|{form}", "signal_mark"))
