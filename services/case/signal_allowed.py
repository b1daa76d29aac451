"""Who may do what with a signal and its preliminary check where they stand; asked as the guards of cases are."""

from __future__ import annotations

from services.case.allowed import COORDINATOR, mandates_for
from services.case.errors import CellNotOpen, PartMissing, SignalStateForbids
from services.case.model import CheckStanding, SignalStanding, SignalState
from services.kit.allowed import Guard, allowed, expect_version
from services.kit.execute import Work
from services.kit.facts import Mandate
from services.kit.policy import SEATS


def allow_propose_case(
    work: Work, signal: SignalStanding, check: CheckStanding | None, seen: int, *, cell_open: bool
) -> Mandate:
    """The mandate by which the caller may propose.

    Raises NotOfYourTown, VersionChanged, SignalStateForbids, CheckHolds, and CellNotOpen while the cell is set up
    (invariant 20).
    """
    mandate = _allow_move(work, signal, seen, SignalState.PROPOSED)
    if check is not None:
        check.require_no_hold()
    require_open(cell_open)
    return mandate


def allow_start_check(work: Work, signal: SignalStanding, seen: int, *, cell_open: bool) -> Mandate:
    """The mandate by which the caller may ask the police. Raises what `allow_propose_case` raises, but CheckHolds."""
    mandate = _allow_move(work, signal, seen, SignalState.UNDER_CHECK)
    require_open(cell_open)
    return mandate


def allow_answer_check(work: Work, signal: SignalStanding, check: CheckStanding, seen: int) -> Mandate:
    """The mandate by which the caller may answer for the police. Raises NotOfYourTown, VersionChanged,
    SignalStateForbids once it was decided what comes of the signal.
    """
    mandate = mandates_for(work, signal.nis_code, SEATS["police"])[0]
    expect_version(check.version, seen)
    if signal.state is not SignalState.UNDER_CHECK:
        raise SignalStateForbids(field="state", expected=f"{SignalState.UNDER_CHECK}; it is {signal.state}")
    return mandate


def _allow_move(work: Work, signal: SignalStanding, seen: int, to: SignalState) -> Mandate:
    mandate = mandates_for(work, signal.nis_code, COORDINATOR)[0]
    expect_version(signal.version, seen)
    signal.require_signal_move(to)
    return mandate


def require_open(cell_open: bool) -> None:
    """Raises CellNotOpen while the cell is set up."""
    if not cell_open:
        raise CellNotOpen(field="cell", expected="an open table; /cells/{cell}/set-up says what is missing")


def require_person(sealed: bytes | None) -> bytes:
    """The person a signal is about, sealed. Raises PartMissing for a coordinator who does not hold the seat."""
    if sealed is None:
        raise PartMissing(field="signal_id", expected="the coordinator's seat, with its undertaking accepted")
    return sealed


def signal_may(
    work: Work, signal: SignalStanding, check: CheckStanding | None, person: bytes | None, *, cell_open: bool
) -> tuple[str, ...]:
    """What the caller may do with a signal, `person` being who it is about as far as it is readable."""

    def start_check() -> None:
        allow_start_check(work, signal, signal.version, cell_open=cell_open)
        require_person(person)

    def propose_case() -> None:
        allow_propose_case(work, signal, check, signal.version, cell_open=cell_open)
        require_person(person)

    guards: dict[str, Guard] = {"start_check": start_check, "propose_case": propose_case}
    return allowed(work.may, guards)


def check_may(work: Work, nis_code: str, check: CheckStanding, *, ended: bool) -> tuple[str, ...]:
    """What the caller may do with a check that the walls let them find."""
    state = SignalState.PROPOSED if ended else SignalState.UNDER_CHECK
    signal = SignalStanding(nis_code, state, 0)
    return allowed(work.may, {"answer_check": lambda: allow_answer_check(work, signal, check, check.version)})
