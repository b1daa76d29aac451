"""The addressed cell as somebody who sits in it sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Text,
    Uuid,
    any_,
    bindparam,
    distinct,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from services.kit.clock import last_day_of, local_date
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.paging import page_of
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.kit.statements import Entities
from services.partner_directory.allowed import Held, cell_may
from services.partner_directory.data import Undertaking, current_undertaking
from services.partner_directory.find import MANDATES_OF, MandateView, MyCell, opening, undertaking_of, views_of
from services.partner_directory.inviting import welcome
from services.partner_directory.model import (
    CLEARANCE_WARNED,
    Cell,
    CellMunicipality,
    LegalBasis,
    Mandate,
    Municipality,
    PersonProfile,
    Proposal,
    ProposalState,
)
from services.partner_directory.profiles import find_told
from services.partner_directory.promising import own_undertaking, version_of_text
from services.partner_directory.ruling import AGREED_FROM, RULES_TO_ACCEPT, RULES_TO_DECIDE, asked_of
from services.partner_directory.setup import SEATS_HELD, Standing, lines_of, missing_in, seats_in

MOST_FORMER = 1_000
"""People who sat here before, told for their names: of who left earlier pages say that they have left."""

_CURRENT = Mandate.ends_at > bindparam("now")
# Of those who left, one for each name and organisation under which something of theirs may stand.
_OF_ONE = (Mandate.person_id, Mandate.organisation_id)
_LAST = (
    select(
        Mandate.mandate_id,
        Mandate.ends_at,
        func.row_number().over(partition_by=_OF_ONE, order_by=Mandate.ends_at.desc()).label("place"),
    )
    .where(Mandate.tenant_id == bindparam("tenant"))
    .subquery()
)
_FORMER = (
    select(_LAST.c.mandate_id)
    .where(_LAST.c.ends_at <= bindparam("now"), _LAST.c.place == 1)
    .order_by(_LAST.c.ends_at.desc(), _LAST.c.mandate_id.desc())
    .limit(MOST_FORMER + 1)
)
_EVERYBODY = (
    MANDATES_OF.where(or_(_CURRENT, Mandate.mandate_id.in_(_FORMER)))
    .order_by(None)
    .order_by(_CURRENT.desc(), Mandate.mandate_id.desc())
)
_ALONE = MANDATES_OF.where(Mandate.person_id == bindparam("person"))


_PAIRS = func.count(distinct(tuple_(*_OF_ONE)))


def _over_by(moment: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """How many mandates have this moment of theirs behind them."""
    return func.count().filter(moment <= bindparam("now"))


# What its coordinators tell of themselves is told with them; the walls show who sits here now, and versions only grow.
# Looked up by an array, once: PostgreSQL would else read the profiles of the whole platform.
_COORDINATES = func.array(
    select(Mandate.person_id)
    .where(Mandate.tenant_id == bindparam("tenant"), Mandate.role == Role.COORDINATOR, _CURRENT)
    .scalar_subquery(),
    type_=ARRAY(Uuid),
)
_PROFILES = (
    select(func.coalesce(func.sum(PersonProfile.version), 0))
    .where(PersonProfile.tenant_id == PLATFORM, PersonProfile.person_id == any_(_COORDINATES))
    .scalar_subquery()
)
# Whatever is written of a mandate or its person gives it a new number of a fact, higher than all before, and nothing is
# deleted; what time alone brings about, a beginning and some ends, never turns back. So no state of a table has the
# numbers of another.
_STATE = (
    select(
        func.sum(Mandate.fact_version).label("facts"),
        _over_by(Mandate.counts_from).label("begun"),
        (_over_by(Mandate.ends_at) + _over_by(Mandate.counts_until)).label("over"),
        _over_by(Mandate.undertaken_until).label("lapsed"),
        func.count().filter(_CURRENT).label("current"),
        SEATS_HELD.label("held"),
        (_PAIRS - _PAIRS.filter(_CURRENT)).label("former"),
        _PROFILES.label("profiles"),
    )
    .where(Mandate.tenant_id == bindparam("tenant"))
    .subquery()
)
_PROPOSED = (
    select(func.count())
    .where(Proposal.tenant_id == bindparam("tenant"), Proposal.state == ProposalState.PROPOSED)
    .scalar_subquery()
)
# Who may list what the host proposes gives the mandates, and has to see to clearances.
_CLEARANCE = (
    select(func.min(Mandate.clearance_ends_at))
    .where(
        Mandate.tenant_id == bindparam("tenant"),
        _CURRENT,
        Mandate.starts_at <= bindparam("now"),
        Mandate.clearance_ends_at < Mandate.ends_at,
        Mandate.clearance_ends_at <= bindparam("warned", type_=DateTime(timezone=True)),
        Mandate.nis_codes.op("&&")(bindparam("towns", type_=ARRAY(Text))),
    )
    .scalar_subquery()
)
_OWN_TEXT = own_undertaking(bindparam("tenant"))
_SPEAKING = aliased(LegalBasis, name="speaking")
_BASIS = (LegalBasis.code == Mandate.legal_basis) & LegalBasis.in_force_on(bindparam("today", type_=Date))
# The cell with each of its towns, and beside each the caller's own valid mandates with the law they rest on as it is
# today, the law on which people may speak today, and the state of the table.
_PLACE = Entities(
    select(
        Cell, Municipality, Mandate.mandate_id, Mandate.role, Mandate.undertaken_until, Mandate.undertaken_at,
        Mandate.opens_at, Mandate.undertaking_version, LegalBasis,
        _SPEAKING, *_STATE.c, _PROPOSED.label("proposed"), _CLEARANCE.label("clearance_ends_at"),
        _OWN_TEXT.label("own_text"), RULES_TO_DECIDE.label("to_decide"), RULES_TO_ACCEPT.label("to_accept"),
        AGREED_FROM.label("agreed_from"),
    )
    .join(CellMunicipality, CellMunicipality.cell_id == Cell.cell_id)
    .join(Municipality, Municipality.nis_code == CellMunicipality.nis_code)
    .join(Mandate, Mandate.tenant_id == Cell.cell_id)
    .outerjoin(LegalBasis, _BASIS)
    .outerjoin(_SPEAKING, _SPEAKING.lets_speak_on(bindparam("today", type_=Date)))
    .join(_STATE, true())
    .where(
        Cell.cell_id == bindparam("tenant"),
        CellMunicipality.until.is_(None),
        Mandate.mandate_id == any_(bindparam("own", type_=ARRAY(Uuid))),
    )
    .order_by(Municipality.nis_code)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The one the caller addresses; the people of `if_version` are held already, and not told again."""

    if_version: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """The cell, the text of secrecy, the caller, who sits there, and on which legal basis the caller does.

    `speaking` is the one on which they may speak with each other today. After the people stand those who sat there, for
    their names; `more_before`: some who left earlier are not told. `version` is of these people, who are left out when
    `unchanged`. `proposals_waiting`: for who may list them, and so is `clearance_ends_on`: the earliest last day of a
    clearance that needs somebody to see to it. `set_up_missing`: how many things the cell needs and lacks, for who may
    read which. `welcome`: the words by which the caller was invited, until secrecy is accepted.
    """

    mine: MyCell
    undertaking: Undertaking
    person_id: UUID
    mandates: tuple[MandateView, ...]
    legal_bases: tuple[LegalBasis, ...]
    speaking: LegalBasis
    more_before: bool
    version: str
    unchanged: bool
    proposals_waiting: int
    set_up_missing: int
    welcome: str
    clearance_ends_on: date | None
    undertaking_renew_by: date | None
    rules_to_accept: int
    rules_to_decide: int


async def read_table(work: Work, query: ReadTable) -> TableView:
    """The table with everybody who sits or sat at it; before secrecy is accepted the caller's own place alone.

    Asked for every page: one statement beside the frame's, and others for people the caller does not hold. What is
    held is recorded as what is told, for it is shown again.
    """
    values = {"tenant": work.cell_id, "now": work.now}
    mine, own = await own_place(work, values)
    bases = {row.LegalBasis.code: row.LegalBasis for row in own if row.LegalBasis}
    state, version = own[0], version_of(own[0]) if mine.undertaken else ""
    unchanged = bool(version) and version == query.if_version
    mandates, more = ((), False) if unchanged else await _people(work, values, mine)
    work.trail.count = state.current + min(state.former, MOST_FORMER) if unchanged else len(mandates)
    gives, ends_at = "list_proposals" in mine.may, state.clearance_ends_at
    return TableView(
        mine, _asked_text(work, state), work.actor_id, mandates, tuple(bases[code] for code in sorted(bases)),
        state.speaking, more, version, unchanged, state.proposed if gives else 0, _missing(work, mine, state),
        "" if mine.undertaken else await welcome(work), last_day_of(ends_at) if gives and ends_at else None,
        _renew_by(work, own, mine.undertaking_text_version), state.to_accept if mine.undertaken else 0,
        state.to_decide if work.may("decide_rules") else 0,
    )  # fmt: skip


def _missing(work: Work, mine: MyCell, state: Any) -> int:
    if "read_set_up" not in mine.may:
        return 0
    towns = tuple(town.nis_code for town in mine.towns)
    standing = Standing(mine.cell, towns, seats_in(state.held), work.now, state.agreed_from)
    return len(missing_in(lines_of(standing)))


def _asked_text(work: Work, state: Any) -> Undertaking:
    """The platform's text; of one of the cell's own, which is sealed, the version alone."""
    if state.own_text is not None:
        return Undertaking(str(state.own_text), local_date(work.now), "", "", "", "")
    return current_undertaking(local_date(work.now)).naming(state.speaking.names)


def _renew_by(work: Work, own: list[Any], asked: str) -> date | None:
    """The last day on which what was accepted counts, when it is another text than the one in force."""
    sworn = [row for row in own if row.undertaken_until is not None and row.undertaken_until > work.now]
    if not sworn or any(row.undertaking_version == asked for row in sworn):
        return None
    return last_day_of(max(row.undertaken_until for row in sworn))


def version_of(state: Any) -> str:
    """What tells this state of the table from every other one it was or will be in."""
    return f"{state.facts}.{state.begun}.{state.over}.{state.lapsed}.{state.profiles}"


async def _people(work: Work, values: Mapping[str, Any], mine: MyCell) -> tuple[tuple[MandateView, ...], bool]:
    """Who is shown, and whether there are more who left; the caller alone without an undertaking."""
    asked = _EVERYBODY if mine.undertaken else _ALONE
    found = (await work.session.execute(asked, {**values, "person": work.actor_id})).all()
    rows, more = page_of(found, sum(mandate.ends_at > work.now for mandate, *_ in found) + MOST_FORMER)
    views = await views_of(work, rows)
    coordinators = {view.mandate.person_id for view in views if view.seat == Role.COORDINATOR and not view.ended}
    told = await find_told(work, coordinators) if coordinators and mine.undertaken else {}
    return tuple(
        replace(view, telephone=told[view.mandate.person_id].telephone) if view.mandate.person_id in told else view
        for view in views
    ), more


async def own_place(work: Work, values: Mapping[str, object]) -> tuple[MyCell, list[Any]]:
    """The cell and what the caller is in it; a row for each mandate of the caller."""
    mandate_ids = [mandate.mandate_id for mandate in work.facts.mandates]
    mine, today = {town for mandate in work.facts.mandates for town in mandate.nis_codes}, local_date(work.now)
    asked = {
        **values, **asked_of(work), "today": today, "own": mandate_ids, "warned": work.now + CLEARANCE_WARNED[0],
        "towns": sorted(mine),
    }  # fmt: skip
    rows = await work.fetch_entities(_PLACE, asked)
    if not rows:
        raise CellNotFound
    towns = {row.Municipality.nis_code: row.Municipality for row in rows}
    own = list({row.mandate_id: row for row in rows}.values())
    held = [Held(row.mandate_id, Role(row.role), row.undertaken_until, row.opens_at) for row in own]
    roles = tuple(sorted({mandate.role.value for mandate in held}))
    undertaken, opens_at = work.facts.undertaken(work.now), opening(own, work.now)
    text, may = version_of_text(own[0].own_text, today), cell_may(work, held)
    return MyCell(
        rows[0].Cell, tuple(towns.values()), roles, undertaken, text, opens_at, may, *undertaking_of(own)
    ), own
