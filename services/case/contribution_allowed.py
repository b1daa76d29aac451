"""Who may do what with a contribution where it and its case stand; asked as allowed.py says."""

from __future__ import annotations

from services.case.errors import LegalBasisNotInForce
from services.case.model import CaseStanding, ContributionStanding, ContributionState
from services.kit.allowed import Guard, allowed, expect_version, first_refusal
from services.kit.clock import local_date
from services.kit.execute import Work


def allow_revise_contribution(case: CaseStanding, own: ContributionStanding, seen: int) -> None:
    """To write it anew. Raises VersionChanged, CaseStateForbids, ContributionStateForbids."""
    expect_version(own.version, seen)
    case.require_tabled()
    own.require_contribution_move(ContributionState.PRIVATE)


def allow_assess_contribution(
    work: Work, case: CaseStanding, own: ContributionStanding, seen: int, legal_basis: str | None
) -> None:
    """To weigh it on that legal basis. Raises LegalBasisNotInForce, and what `allow_revise_contribution` raises."""
    expect_version(own.version, seen)
    case.require_tabled()
    require_legal_basis(work, own, legal_basis)
    own.require_contribution_move(ContributionState.ASSESSED)


def allow_share_contribution(work: Work, case: CaseStanding, own: ContributionStanding, seen: int) -> None:
    """To share it. Raises ReviewOverdue, LegalBasisNotInForce, and what `allow_revise_contribution` raises."""
    expect_version(own.version, seen)
    case.require_tabled()
    case.require_review(local_date(work.now))
    if own.state is ContributionState.ASSESSED:
        require_legal_basis(work, own, own.legal_basis)
    own.require_contribution_move(ContributionState.SHARED)


def legal_bases(work: Work, own: ContributionStanding) -> list[str]:
    """Those in force now for the author's organisation: what the directory gave a mandate valid now (invariant 6)."""
    own_mandates = [mandate for mandate in work.facts.mandates if mandate.organisation_id == own.organisation_id]
    return sorted({mandate.legal_basis for mandate in own_mandates})


def require_legal_basis(work: Work, own: ContributionStanding, legal_basis: str | None) -> None:
    """Raises LegalBasisNotInForce unless it is one of those."""
    in_force = legal_bases(work, own)
    if legal_basis not in in_force:
        raise LegalBasisNotInForce(field="legal_basis", expected="one of " + ", ".join(in_force))


def contribution_may(work: Work, case: CaseStanding, own: ContributionStanding) -> tuple[str, ...]:
    """What its author, who is in the circle of that case, may do with a contribution."""
    basis = next(iter(legal_bases(work, own)), None)
    guards: dict[str, Guard] = {
        "revise_contribution": lambda: allow_revise_contribution(case, own, own.version),
        "assess_contribution": lambda: allow_assess_contribution(work, case, own, own.version, basis),
        "share_contribution": lambda: allow_share_contribution(work, case, own, own.version),
    }
    return allowed(work.may, guards)


def obstacle(work: Work, case: CaseStanding, own: ContributionStanding) -> str:
    """The code of what stands against sharing a draft, weighed or not; empty when nothing does."""
    basis = next(iter(legal_bases(work, own)), None)
    return first_refusal(
        (
            case.require_tabled,
            lambda: require_legal_basis(work, own, basis),
            lambda: case.require_review(local_date(work.now)),
        )
    )
