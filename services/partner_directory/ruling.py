"""The rules of a cell: which are in force, who may do what with them, who is asked to accept them.

A command asks before it acts, and a read answers by the same (`rules_may`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, case, exists, func, not_, select

from services.kit.allowed import allowed, expect_version
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import EVERYBODY, Role
from services.kit.vault import AssociatedData
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.errors import (
    RulesAccepted,
    RulesFollowAnother,
    RulesNotFound,
    RulesOver,
    RulesStateForbids,
)
from services.partner_directory.model import (
    Cell,
    Mandate,
    Rules,
    RulesAcceptance,
    RulesKind,
    RulesStanding,
    RulesState,
    live_on,
)

ACCEPTS = EVERYBODY - {Role.OVERSIGHT}
"""Whose holders are asked; oversight stands outside what the cell agrees on."""
LIVE = (RulesStanding.COMING, RulesStanding.IN_FORCE)
"""What is accepted."""
_UNDECIDED: Mapping[RulesState, RulesStanding] = {
    RulesState.PROPOSED: RulesStanding.WAITING,
    RulesState.SENT_BACK: RulesStanding.SENT_BACK,
    RulesState.REPLACED: RulesStanding.REPLACED,
}
TEXTS = ("text_nl", "text_fr", "text_de")


REMINDED = timedelta(days=14)
"""So long before their first day rules wait for those who have not accepted them."""

# In the statement of the table, which every page asks: what of the cell's rules waits for the caller. The parties are
# the caller's own, as `parties_of` has them.
RULES_TO_DECIDE = (
    select(func.count())
    .where(Rules.tenant_id == bindparam("tenant"), Rules.state == RulesState.PROPOSED)
    .scalar_subquery()
)
_PARTY = func.unnest(
    case(
        (Rules.kind == RulesKind.COOPERATION_PROTOCOL, bindparam("organisations", type_=ARRAY(Uuid))),
        else_=bindparam("persons", type_=ARRAY(Uuid)),
    )
).column_valued("party")
_SAME = (RulesAcceptance.tenant_id == Rules.tenant_id) & (RulesAcceptance.rules_id == Rules.rules_id)
# Of the version and the party asked about, not of any.
_ACCEPTED = exists().where(_SAME, RulesAcceptance.party_id == _PARTY).correlate_except(RulesAcceptance)
RULES_TO_ACCEPT = (
    select(func.count())
    .where(
        Rules.tenant_id == bindparam("tenant"), Rules.kind != RulesKind.UNDERTAKING,
        live_on(bindparam("today", type_=Date)), Rules.in_force_from <= bindparam("reminded", type_=Date),
        exists(select(_PARTY).where(not_(_ACCEPTED)).correlate(Rules)),
    )
    .scalar_subquery()
)  # fmt: skip

AGREED_FROM = (
    select(func.min(Rules.in_force_from))
    .where(
        Rules.tenant_id == bindparam("tenant"), Rules.state == RulesState.DECIDED, Rules.kind != RulesKind.UNDERTAKING,
        Rules.in_force_from <= bindparam("today", type_=Date),
    )
    .scalar_subquery()
)  # fmt: skip
"""Since which day the cell has internal rules or a protocol in force: one that follows another takes none away."""


def asked_of(work: Work) -> dict[str, object]:
    """The values of both: in whose name the caller accepts, and what begins soon."""
    return {
        "persons": list(parties_of(work, RulesKind.INTERNAL_RULES)),
        "organisations": list(parties_of(work, RulesKind.COOPERATION_PROTOCOL)),
        "reminded": local_date(work.now) + REMINDED,
    }


@dataclass(frozen=True, slots=True)
class RulesTexts:
    """What a version says, by language; empty where it has none."""

    text_nl: str
    text_fr: str
    text_de: str


async def rules_in_force(work: Work, kind: RulesKind, day: date) -> Rules | None:
    """The cell's own text of this kind in force on a day; since when: `in_force_from`. None without one."""
    found: Rules | None = await work.session.scalar(
        select(Rules)
        .where(Rules.tenant_id == work.cell_id, Rules.kind == kind, Rules.state == RulesState.DECIDED)
        .where(Rules.in_force_from <= day)
        .order_by(Rules.in_force_from.desc())
        .limit(1)
    )
    return found


async def decided_rules(work: Work, kind: str) -> Sequence[Rules]:
    """All versions of a kind that were decided, by their first day."""
    found = await work.session.scalars(
        select(Rules)
        .where(Rules.tenant_id == work.cell_id, Rules.kind == kind, Rules.state == RulesState.DECIDED)
        .order_by(Rules.in_force_from)
    )
    return found.all()


def standing_of(rules: Rules, decided: Iterable[Rules], day: date) -> RulesStanding:
    """What it is on that day, among all that were decided of its kind."""
    if rules.in_force_from is None:
        return _UNDECIDED[RulesState(rules.state)]
    if rules.in_force_from > day:
        return RulesStanding.COMING
    begun = [other.in_force_from for other in decided if other.in_force_from and other.in_force_from <= day]
    return RulesStanding.IN_FORCE if rules.in_force_from == max(begun) else RulesStanding.PAST


def before(rules: Rules, decided: Sequence[Rules]) -> Rules | None:
    """What it is compared with: the last that begins before it, or while it waits the last that was decided."""
    first = rules.in_force_from
    earlier = [other for other in decided if first is None or (other.in_force_from and other.in_force_from < first)]
    return earlier[-1] if earlier else None


async def find_rules(work: Work, rules_id: UUID) -> Rules:
    """What the caller may read of this cell: undecided ones coordinator and mayor alone. Raises RulesNotFound."""
    found = await work.session.get(Rules, (work.cell_id, rules_id))
    if found is None or not (found.state == RulesState.DECIDED or work.has_role(*STAND_INS)):
        raise RulesNotFound
    return found


async def lock_rules_of_cell(work: Work) -> None:
    """From here to its end this act alone changes rules of this cell: each decision sees the one before."""
    await work.session.execute(select(Cell.cell_id).where(Cell.cell_id == work.cell_id).with_for_update(key_share=True))


async def opened_texts(work: Work, rules: Rules) -> RulesTexts:
    """What it says."""
    return RulesTexts(*[await opened_text(work, rules, column) for column in TEXTS])


async def opened_text(work: Work, rules: Rules, column: str) -> str:
    """One of its sealed texts; empty without it."""
    sealed: bytes | None = getattr(rules, column)
    return "" if sealed is None else await work.open(sealed, place_of(work, rules.rules_id, column))


async def sealed_text(work: Work, rules_id: UUID, column: str, plain: str) -> bytes | None:
    """A text under the cell's key; None without one."""
    return await work.seal(plain, place_of(work, rules_id, column)) if plain else None


def place_of(work: Work, rules_id: UUID, column: str) -> AssociatedData:
    """Where it stands."""
    return AssociatedData(work.cell_id, "rules", column, rules_id)


def place_of_part(work: Work, upload_id: UUID, place: int) -> AssociatedData:
    """Where a part of a file stands: its place is bound too, so that parts cannot change places."""
    return AssociatedData(work.cell_id, "rules_part", f"content.{place}", upload_id)


async def replace_waiting(work: Work, kind: str, follows: UUID | None) -> None:
    """The newest of its kind must be the one the author saw; while it waits it gives way. Raises RulesFollowAnother."""
    await lock_rules_of_cell(work)
    newest = await work.session.scalar(
        select(Rules)
        .where(Rules.tenant_id == work.cell_id, Rules.kind == kind)
        .order_by(Rules.rules_id.desc())
        .limit(1)
    )
    if (newest.rules_id if newest else None) != follows:
        raise RulesFollowAnother(field="follows", expected="the newest text of this kind")
    if newest is not None and newest.state == RulesState.PROPOSED:
        newest.give_way()
        # First the one, then the other: of each kind one waits at most.
        await work.session.flush()


def parties_of(work: Work, kind: str) -> frozenset[UUID]:
    """In whose name the caller accepts: the own, or that of the organisations represented here."""
    held = [mandate for mandate in work.facts.mandates if mandate.role in ACCEPTS]
    if kind == RulesKind.COOPERATION_PROTOCOL:
        return frozenset(mandate.organisation_id for mandate in held)
    return frozenset({work.actor_id}) if held else frozenset()


async def asked_to_accept(work: Work, kind: str) -> frozenset[UUID]:
    """Everybody who is, by the mandates valid now: people, or for a protocol organisations."""
    column = Mandate.organisation_id if kind == RulesKind.COOPERATION_PROTOCOL else Mandate.person_id
    found = await work.session.scalars(
        select(column).where(
            Mandate.tenant_id == work.cell_id, Mandate.role.in_(ACCEPTS), Mandate.starts_at <= work.now,
            Mandate.ends_at > work.now,
        )
    )  # fmt: skip
    return frozenset(found)


async def acceptances_of(work: Work, rules: Iterable[Rules]) -> dict[UUID, list[RulesAcceptance]]:
    """Who accepted each of these, the newest first."""
    found: dict[UUID, list[RulesAcceptance]] = {version.rules_id: [] for version in rules}
    rows = await work.session.scalars(
        select(RulesAcceptance)
        .where(RulesAcceptance.tenant_id == work.cell_id, RulesAcceptance.rules_id.in_(found))
        .order_by(RulesAcceptance.accepted_at.desc(), RulesAcceptance.party_id)
    )
    for acceptance in rows:
        found[acceptance.rules_id].append(acceptance)
    return found


async def accepted_rules(work: Work) -> Sequence[tuple[Rules, RulesAcceptance]]:
    """What the caller accepted in this cell and when, the newest first; texts that are over too.

    Of a protocol the party is the organisation it was accepted for. Undertakings stand with the mandates.
    """
    found = await work.session.execute(
        select(Rules, RulesAcceptance)
        .join(
            RulesAcceptance,
            (RulesAcceptance.tenant_id == Rules.tenant_id) & (RulesAcceptance.rules_id == Rules.rules_id),
        )
        .where(Rules.tenant_id == work.cell_id, RulesAcceptance.person_id == work.actor_id)
        .order_by(RulesAcceptance.accepted_at.desc(), Rules.rules_id, RulesAcceptance.party_id)
    )
    return [(rules, acceptance) for rules, acceptance in found]


@dataclass(frozen=True, slots=True)
class Judged:
    """A version with what decides what may be done with it."""

    rules: Rules
    standing: RulesStanding
    missing: frozenset[UUID]
    """Of the caller's parties those that have not accepted it."""


def judged(work: Work, rules: Rules, decided: Sequence[Rules], accepted: Iterable[RulesAcceptance]) -> Judged:
    """From what was read."""
    missing = parties_of(work, rules.kind) - {acceptance.party_id for acceptance in accepted}
    return Judged(rules, standing_of(rules, decided, local_date(work.now)), missing)


def allow_decide_rules(work: Work, rules: Rules, seen: int) -> None:
    """To decide on it. Raises VersionChanged, RulesStateForbids."""
    expect_version(rules.version, seen)
    rules.expect_waiting()


def allow_accept_rules(work: Work, version: Judged, seen: int) -> None:
    """To accept it. Raises VersionChanged, RulesStateForbids, RulesOver, RulesAccepted."""
    expect_version(version.rules.version, seen)
    if version.standing is RulesStanding.PAST:
        raise RulesOver(field="rules_id", expected="those in force, or to come")
    if version.rules.kind == RulesKind.UNDERTAKING or version.standing not in LIVE:
        raise RulesStateForbids(field="rules_id", expected="internal rules or a protocol that the mayor has decided on")
    if not version.missing:
        raise RulesAccepted(field="rules_id", expected="ones that are not accepted yet")


def rules_may(work: Work, version: Judged) -> tuple[str, ...]:
    """What the caller may do with it now."""
    seen = version.rules.version
    return allowed(
        work.may,
        {
            "accept_rules": lambda: allow_accept_rules(work, version, seen),
            "decide_rules": lambda: allow_decide_rules(work, version.rules, seen),
        },
    )
