"""Who may do what with a signal and its preliminary check where they stand; asked as the guards of cases are."""

from __future__ import annotations

from uuid import UUID

from services.case.allowed import COORDINATOR, mandates_for
from services.case.errors import CellNotOpen, NotTheReporter, PartMissing, SignalStateForbids
from services.case.model import CheckStanding, ExchangeStanding, SignalStanding, SignalState
from services.kit.allowed import Guard, allowed, expect_version
from services.kit.execute import Work
from services.kit.facts import Mandate
from services.kit.policy import SEATS, TABLE


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
    signal.require_ahead(to)
    return mandate


def allow_dismiss_signal(work: Work, signal: SignalStanding, seen: int) -> Mandate:
    """The mandate by which the caller does not retain it, a hold or not: the case that a hold keeps off does not come.

    Raises NotOfYourTown, VersionChanged, SignalStateForbids.
    """
    return _allow_move(work, signal, seen, SignalState.NOT_RETAINED)


def allow_redirect_signal(work: Work, signal: SignalStanding, seen: int) -> Mandate:
    """The mandate by which the caller refers it to other help. Raises what `allow_dismiss_signal` raises."""
    return _allow_move(work, signal, seen, SignalState.REDIRECTED)


def allow_reconsider_signal(work: Work, signal: SignalStanding, seen: int) -> Mandate:
    """The mandate by which the caller takes that back. Raises what `allow_dismiss_signal` raises, OutcomeStands."""
    mandate = mandates_for(work, signal.nis_code, COORDINATOR)[0]
    expect_version(signal.version, seen)
    signal.require_taken_back(work.now)
    return mandate


def allow_withdraw_signal(work: Work, signal: SignalStanding, reporter_id: UUID, seen: int) -> Mandate:
    """The mandate by which the reporter withdraws it. Raises NotTheReporter, NotOfYourTown, VersionChanged,
    SignalStateForbids, SignalWorkedOn.
    """
    require_reporter(work, reporter_id)
    mandate = mandates_for(work, signal.nis_code, TABLE)[0]
    expect_version(signal.version, seen)
    signal.require_ahead(SignalState.WITHDRAWN)
    signal.require_unworked()
    return mandate


def allow_match(work: Work, nis_code: str) -> Mandate:
    """The mandate by which the caller sees which other signals are perhaps about the same person, whatever its state.

    Raises NotOfYourTown.
    """
    return mandates_for(work, nis_code, COORDINATOR)[0]


def allow_ask_reporter(work: Work, signal: SignalStanding, exchange: ExchangeStanding, seen: int) -> Mandate:
    """The mandate by which the caller asks who told it, a hold or not: a question tells of none.

    Raises NotOfYourTown, VersionChanged, SignalStateForbids, NobodyAnswers, ExchangeFull.
    """
    mandate = mandates_for(work, signal.nis_code, COORDINATOR)[0]
    expect_version(signal.version, seen)
    signal.require_open()
    exchange.require_askable(work.actor_id)
    return mandate


def allow_add_to_signal(work: Work, signal: SignalStanding, exchange: ExchangeStanding, seen: int) -> Mandate:
    """The mandate by which the reporter answers or adds. Raises NotTheReporter, NotOfYourTown, VersionChanged,
    SignalStateForbids, ExchangeFull.
    """
    require_reporter(work, exchange.reporter_id)
    mandate = mandates_for(work, signal.nis_code, TABLE)[0]
    expect_version(signal.version, seen)
    signal.require_open()
    exchange.require_answerable()
    return mandate


def require_reporter(work: Work, reporter_id: UUID) -> None:
    """Raises NotTheReporter for whoever did not tell of it."""
    if reporter_id != work.actor_id:
        raise NotTheReporter(field="signal_id", expected="a signal that you told of yourself")


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
    work: Work, signal: SignalStanding, check: CheckStanding | None, exchange: ExchangeStanding, person: bytes | None,
    *, cell_open: bool,
) -> tuple[str, ...]:  # fmt: skip
    """What the caller may do with a signal, `person` being who it is about as far as it is readable."""
    seen = signal.version

    def by_the_seat(guard: Guard) -> Guard:
        def asked() -> None:
            guard()
            require_person(person)

        return asked

    guards: dict[str, Guard] = {
        "start_check": by_the_seat(lambda: allow_start_check(work, signal, seen, cell_open=cell_open)),
        "propose_case": by_the_seat(lambda: allow_propose_case(work, signal, check, seen, cell_open=cell_open)),
        "dismiss_signal": by_the_seat(lambda: allow_dismiss_signal(work, signal, seen)),
        "redirect_signal": by_the_seat(lambda: allow_redirect_signal(work, signal, seen)),
        "reconsider_signal": by_the_seat(lambda: allow_reconsider_signal(work, signal, seen)),
        "withdraw_signal": lambda: allow_withdraw_signal(work, signal, exchange.reporter_id, seen),
        "ask_reporter": by_the_seat(lambda: allow_ask_reporter(work, signal, exchange, seen)),
        "add_to_signal": lambda: allow_add_to_signal(work, signal, exchange, seen),
        "list_possible_matches": by_the_seat(lambda: allow_match(work, signal.nis_code)),
    }
    return allowed(work.may, guards)


def check_may(work: Work, nis_code: str, check: CheckStanding, *, ended: bool) -> tuple[str, ...]:
    """What the caller may do with a check that the walls let them find."""
    state = SignalState.PROPOSED if ended else SignalState.UNDER_CHECK
    signal = SignalStanding(nis_code, state, 0)
    return allowed(work.may, {"answer_check": lambda: allow_answer_check(work, signal, check, check.version)})
