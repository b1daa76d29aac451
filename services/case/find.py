"""What a command changes: found and locked, or the same NotFound for an unknown and a forbidden one.

The rows are walled; what is left to ask here is the caller's role for the town concerned.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ScalarSelect, any_, func, literal, select, text

from services.case.allowed import mandates_for, require_content, require_proposal
from services.case.circle import my_circle
from services.case.errors import CaseNotFound, CaseStateForbids, ContributionNotFound, SignalNotFound
from services.case.model import OPEN, TABLED, Case, CaseProposal, CellState, Contribution, Part, Signal, SignalIdentity
from services.case.signal_allowed import require_person
from services.kit.execute import Work
from services.kit.facts import Mandate
from services.kit.opening import find_openings, that_opened
from services.kit.policy import TABLE

_RELY = text(
    "UPDATE case_frame SET relied_at = coalesce(relied_at, :now) WHERE tenant_id = :tenant AND case_id = :case_id"
    " RETURNING coalesce(paused_from, state)"
)


def cell_open(work: Work) -> ScalarSelect[bool]:
    """Whether the cell of this act takes cases, as a column of a question (invariant 20)."""
    known = select(CellState.state == OPEN).where(CellState.cell_id == work.cell_id).scalar_subquery()
    return select(func.coalesce(known, False)).scalar_subquery()


async def find_signal(work: Work, signal_id: UUID) -> Signal:
    """The signal, locked until the end of the act. Raises SignalNotFound."""
    mine = select(Signal).where(Signal.tenant_id == work.cell_id, Signal.signal_id == signal_id)
    signal = await work.session.scalar(mine.with_for_update())
    if signal is None:
        raise SignalNotFound
    work.concern(signal_id)
    return signal


async def require_identity(work: Work, signal: Signal) -> bytes:
    """Who the signal is about, sealed, for whoever decides about it. Raises PartMissing for whoever holds no seat."""
    of_signal = SignalIdentity.tenant_id == work.cell_id, SignalIdentity.signal_id == signal.signal_id
    return require_person(await work.session.scalar(select(SignalIdentity.person).where(*of_signal)))


async def find_case(work: Work, case_id: UUID) -> Case:
    """The case, locked until the end of the act. Raises CaseNotFound."""
    mine = select(Case).where(Case.tenant_id == work.cell_id, Case.case_id == case_id)
    case = await work.session.scalar(mine.with_for_update())
    if case is None:
        raise CaseNotFound
    work.concern(case_id)
    return case


async def find_case_with_content(work: Work, case_id: UUID) -> Case:
    """The case for somebody who reads its content; not locked. Raises CaseNotFound, PartMissing."""
    content = my_circle.c.object_id == Case.case_id, literal(Part.CONTENT.value) == any_(my_circle.c.parts)
    row = (
        await work.session.execute(
            select(Case, select(my_circle.c.object_id).where(*content).exists().label("content")).where(
                Case.tenant_id == work.cell_id, Case.case_id == case_id
            )
        )
    ).one_or_none()
    if row is None:
        raise CaseNotFound
    work.concern(case_id)
    require_content({Part.CONTENT} if row.content else ())
    return row.Case  # type: ignore[no-any-return]


async def find_proposal(work: Work, case: Case) -> CaseProposal:
    """The proposal of a case, for the mayor to decide on. Raises PartMissing for a mayor who does not hold the seat."""
    proposal = await work.session.scalar(
        select(CaseProposal).where(CaseProposal.tenant_id == work.cell_id, CaseProposal.case_id == case.case_id)
    )
    return require_proposal(proposal)


async def find_own_contribution(work: Work, contribution_id: UUID) -> tuple[Contribution, Case]:
    """The caller's contribution, locked, with its case. Raises ContributionNotFound, of another's too."""
    row = (
        await work.session.execute(
            select(Contribution, Case)
            .join(Case, (Case.tenant_id == Contribution.tenant_id) & (Case.case_id == Contribution.case_id))
            .where(
                Contribution.tenant_id == work.cell_id,
                Contribution.contribution_id == contribution_id,
                Contribution.author_id == work.actor_id,
            )
            .with_for_update(of=Contribution)
        )
    ).one_or_none()
    if row is None:
        raise ContributionNotFound
    work.concern(row.Case.case_id)
    own = [mandate for mandate in work.facts.mandates if mandate.organisation_id == row.Contribution.organisation_id]
    if own:
        work.act_under(own[0])
    return row.Contribution, row.Case


async def rely_on_answer(work: Work, case: Case) -> None:
    """The caller goes by the mayor's answer, so that it is not taken back. Raises CaseStateForbids where it just was.

    Who works on a case does not lock it; the first who does has to meet a mayor who takes the answer back.
    """
    if case.relied_at is not None:
        return
    found = await work.session.execute(_RELY, {"tenant": work.cell_id, "case_id": case.case_id, "now": work.now})
    if found.scalar() not in TABLED:
        raise CaseStateForbids(field="state", expected="a case that the table works on")


async def act_in_circle(work: Work, case: Case) -> Mandate:
    """The mandate by which the caller sits at the table of this case; the record names it. Raises NotOfYourTown."""
    mandates = mandates_for(work, case.nis_code, TABLE)
    openings = await find_openings(work.transaction, work.principal, [case.case_id], work.now)
    mandate = (that_opened(openings.values(), mandates, work.now) or mandates)[0]
    work.act_under(mandate)
    return mandate
