"""Who may do what with a case where it stands; with a signal or a contribution: signal_allowed.py and the like.

A command asks before it acts, in this order, and a read answers by the same (`may`). What hangs on what is sent, such
as a date or a person named, is the command's own. `seen` is the version the caller last read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.case.criterion import Criterion
from services.case.errors import (
    CaseNotFound,
    ConflictNotFound,
    InvitationNotFound,
    NotOfYourTown,
    PartMissing,
    ProposalIncomplete,
)
from services.case.frame import INSIDERS
from services.case.model import (
    AWAITS_SESSION,
    FOLLOWED,
    CaseStanding,
    CaseState,
    Part,
)
from services.case.model.standing import REVIEW_COMES
from services.kit.allowed import Guard, allowed, expect_version
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.facts import Mandate
from services.kit.policy import SEATS, TABLE, Role

COORDINATOR = frozenset({Role.COORDINATOR})
POLICE_KIND = "local_police"
Proposal = TypeVar("Proposal")


def mandates_for(work: Work, nis_code: str, roles: Collection[Role]) -> list[Mandate]:
    """The caller's mandates with one of these roles for this town. Raises NotOfYourTown when there is none."""
    found = [mandate for mandate in work.facts.mandates if mandate.role in roles and nis_code in mandate.nis_codes]
    if not found:
        raise NotOfYourTown(field="nis_code", expected="a mandate for this municipality in that role")
    return found


def allow_place_on_list(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller may list it. Raises NotOfYourTown, VersionChanged, CaseStateForbids."""
    return _allow_mayor(work, case, seen, CaseState.LISTED)


def allow_refuse_case(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller may refuse it. Raises what `allow_place_on_list` raises."""
    return _allow_mayor(work, case, seen, CaseState.REFUSED)


def allow_reconsider_case(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller takes the answer back. Raises what `allow_place_on_list` raises, AnswerStands."""
    mandate = mandates_for(work, case.nis_code, SEATS["mayor"])[0]
    expect_version(case.version, seen)
    case.require_reconsidered(work.now)
    return mandate


def _allow_mayor(work: Work, case: CaseStanding, seen: int, to: CaseState) -> Mandate:
    mandate = mandates_for(work, case.nis_code, SEATS["mayor"])[0]
    expect_version(case.version, seen)
    case.require_before_mayor(to)
    return mandate


def require_proposal(proposal: Proposal | None) -> Proposal:
    """Raises PartMissing for a mayor who does not hold the seat: the proposal is not there for that one."""
    if proposal is None:
        raise PartMissing(field="case_id", expected="the mayor's seat, with its undertaking accepted")
    return proposal


def require_complete(criteria: Sequence[Criterion]) -> None:
    """Raises ProposalIncomplete unless each has evidence, date and argument (invariant 2)."""
    if not criteria or not all(criterion.complete for criterion in criteria):
        raise ProposalIncomplete(field="criteria", expected="a criterion with evidence kind, date and argument")


def allow_invite_to_circle(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller may invite. Raises NotOfYourTown, VersionChanged, CaseStateForbids."""
    mandate = mandates_for(work, case.nis_code, COORDINATOR)[0]
    expect_version(case.version, seen)
    case.require_tabled()
    return mandate


def allow_end_invitation(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller may end one, in any state of the case. Raises NotOfYourTown, VersionChanged."""
    mandate = mandates_for(work, case.nis_code, INSIDERS)[0]
    expect_version(case.version, seen)
    return mandate


def allow_note_information(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller says whether the person is informed. Raises NotOfYourTown, VersionChanged,
    CaseStateForbids for a case the table does not work on."""
    mandate = mandates_for(work, case.nis_code, COORDINATOR)[0]
    expect_version(case.version, seen)
    case.require_tabled()
    return mandate


def require_in_circle(inside: bool) -> None:
    """Raises CaseNotFound for who sees the frame by role alone: who is in the circle is for the circle."""
    if not inside:
        raise CaseNotFound


def allow_keep_out(work: Work, case: CaseStanding, seen: int) -> Mandate:
    """The mandate by which the caller decides who is kept out. Raises NotOfYourTown, VersionChanged."""
    mandate = mandates_for(work, case.nis_code, SEATS["mayor"])[0]
    expect_version(case.version, seen)
    return mandate


def allow_lift_conflict(work: Work, case: CaseStanding, seen: int, *, declared: bool) -> Mandate:
    """The mandate by which the caller lets somebody in again. Raises NotOfYourTown, VersionChanged.

    What a mayor decided, a coordinator does not undo.
    """
    mandate = mandates_for(work, case.nis_code, INSIDERS if declared else SEATS["mayor"])[0]
    expect_version(case.version, seen)
    return mandate


def require_content(parts: Collection[Part]) -> None:
    """Raises PartMissing unless the content is among the parts that the caller reads."""
    if Part.CONTENT not in parts:
        raise PartMissing(field="case_id", expected="an invitation that includes the content")


def allow_contribute(work: Work, case: CaseStanding) -> None:
    """To say something of it, or to decline to. Raises NotOfYourTown, CaseStateForbids."""
    mandates_for(work, case.nis_code, TABLE)
    case.require_tabled()


@dataclass(frozen=True, slots=True)
class Circled:
    """What the circle of a case holds for its reader: whether the reader is in it, and reads there that somebody is
    invited; whether the reader may let in again somebody who is kept out."""

    inside: bool
    invited: bool
    lifts: bool


def case_may(
    work: Work, case: CaseStanding, parts: Collection[Part], criteria: Sequence[Criterion] | None, circle: Circled
) -> tuple[str, ...]:
    """What the caller, who reads these parts, may do with a case; without the proposal `criteria` is None."""

    def place_on_list() -> None:
        allow_place_on_list(work, case, case.version)
        require_complete(require_proposal(criteria))

    def refuse_case() -> None:
        allow_refuse_case(work, case, case.version)
        require_proposal(criteria)

    def reconsider_case() -> None:
        allow_reconsider_case(work, case, case.version)
        require_proposal(criteria)

    def contribute() -> None:
        require_content(parts)
        allow_contribute(work, case)

    guards: dict[str, Guard] = {
        "place_on_list": place_on_list,
        "refuse_case": refuse_case,
        "reconsider_case": reconsider_case,
        "write_contribution": contribute,
        "decline_contribution": contribute,
    }
    return *allowed(work.may, guards), *_circle_may(work, case, circle)


def _circle_may(work: Work, case: CaseStanding, circle: Circled) -> tuple[str, ...]:
    def end_invitation() -> None:
        if not circle.invited:
            raise InvitationNotFound
        allow_end_invitation(work, case, case.version)

    def declare_conflict() -> None:
        require_in_circle(circle.inside)
        mandates_for(work, case.nis_code, TABLE)

    def keep_out() -> None:
        require_in_circle(circle.inside)
        allow_keep_out(work, case, case.version)

    def lift_conflict() -> None:
        if not circle.lifts:
            raise ConflictNotFound

    guards: dict[str, Guard] = {
        "note_information": lambda: allow_note_information(work, case, case.version),
        "invite_to_circle": lambda: allow_invite_to_circle(work, case, case.version),
        "end_invitation": end_invitation,
        "declare_conflict": declare_conflict,
        "keep_out": keep_out,
        "lift_conflict": lift_conflict,
    }
    return allowed(work.may, guards)


def may_be_planned(work: Work, nis_code: str, state: str, review_on: date | None) -> bool:
    """Whether the caller coordinates the town of a case that stands to be planned; the meeting service plans.

    One that is followed stands so once its review comes (`REVIEW_COMES`).
    """
    comes = review_on is not None and review_on <= local_date(work.now) + REVIEW_COMES
    return (state in AWAITS_SESSION or (state in FOLLOWED and comes)) and nis_code in coordinated_towns(work)


def coordinated_towns(work: Work) -> list[str]:
    """The towns the caller coordinates."""
    return [town for mandate in work.facts.mandates if mandate.role in COORDINATOR for town in mandate.nis_codes]


def is_police(work: Work) -> bool:
    """Whether the caller is of the police, whatever other mandate the person holds besides (invariant 8)."""
    return any(
        mandate.role in SEATS["police"] or mandate.organisation_kind == POLICE_KIND for mandate in work.facts.mandates
    )
