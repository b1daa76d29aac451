"""How long somebody waits before the next try: by address and account together, and by nets that are wider.

Whoever sits at a device that signed in to the account before waits for the own tries of that device alone. For all
others the pair of address and account counts, all accounts tried from the address (spraying), and all addresses that
tried the account (guessing from many places). Against the last, a password and a code are told apart:

- a password: each address that is new to the account waits first, the longer the more was tried, 15 minutes at most.
  Nobody's try takes the turn of another address, so nobody is locked out;
- a code: only who knows the password is asked for it, and six digits are few. So there is one turn for all devices
  that did not sign in before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass

from services.gate.attempt import Step
from services.gate.tries import Measure, Tries

QUARTER, HOUR = 900.0, 3600.0

PAIR = {
    Step.PASSWORD: Measure(free=5, first=15, most=QUARTER, fades=QUARTER, ceiling=12),
    Step.CODE: Measure(free=5, first=30, most=QUARTER, fades=QUARTER, ceiling=12),
}
DEVICE = Measure(free=10, first=15, most=QUARTER, fades=QUARTER, ceiling=17)
ADDRESS = Measure(free=60, first=10, most=300, fades=20, ceiling=70)
EVERYWHERE = {
    Step.PASSWORD: Measure(free=20, first=30, most=QUARTER, fades=180, ceiling=80),
    Step.CODE: Measure(free=10, first=60, most=HOUR, fades=HOUR, ceiling=17),
}
STRAIN = 10
"""How many more wrong passwords from everywhere double the wait of a new address."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Who may try now; `wait` is 0.0, or the seconds until they may, and then nothing was counted."""

    wait: float
    _counted: tuple[tuple[Tries, Hashable, bool], ...] = ()

    def right(self, *, alone: bool) -> None:
        """It was right: the wider nets forget this try. When only one account was `alone` in question, its pair or
        device begins anew; of several nobody knows here whose it was, and one's own success must not help to guess
        at another's."""
        for tries, key, whole in self._counted:
            if whole and alone:
                tries.forget(key)
            else:
                tries.take_back(key)

    def untried(self) -> None:
        """Nobody looked at it."""
        for tries, key, _ in self._counted:
            tries.take_back(key)


class Slowing:
    """The counts of one process. Two of them count each for itself; a restart forgets."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._pairs = {step: Tries(measure, clock) for step, measure in PAIR.items()}
        self._devices = {step: Tries(DEVICE, clock) for step in PAIR}
        self._everywhere = {step: Tries(measure, clock) for step, measure in EVERYWHERE.items()}
        self._addresses = Tries(ADDRESS, clock)

    def ask(self, step: Step, address: str, accounts: Collection[str], devices: Mapping[str, str]) -> Permit:
        """May this address try a password or code of these accounts now? Counts the try when it may.

        `devices` is, per account, the device that signed in to it before, when it is one.
        """
        wait, counted = 0.0, []
        for account in accounts:
            own, theirs = self._as_device(step, account, devices), self._as_stranger(step, address, account)
            one = min((way for way in (own, theirs) if way is not None), key=lambda way: way[0])
            wait = max(wait, one[0])
            counted += one[1]
        if wait > 0:
            return Permit(wait)
        unique = {(id(tries), key): (tries, key, whole) for tries, key, whole in counted}
        for tries, key, _ in unique.values():
            tries.charge(key)
        return Permit(0.0, tuple(unique.values()))

    def _as_device(self, step: Step, account: str, devices: Mapping[str, str]) -> _Way | None:
        if account not in devices:
            return None
        tries, key = self._devices[step], devices[account]
        return tries.wait(key), [(tries, key, True)]

    def _as_stranger(self, step: Step, address: str, account: str) -> _Way:
        pairs, everywhere, pair = self._pairs[step], self._everywhere[step], (address, account)
        if step is Step.PASSWORD:
            wait = pairs.wait(pair, queue=_queue(everywhere.level(account)))
        else:
            wait = max(pairs.wait(pair), everywhere.wait(account))
        wait = max(wait, self._addresses.wait(address))
        return wait, [(pairs, pair, True), (everywhere, account, False), (self._addresses, address, False)]


_Way = tuple[float, list[tuple[Tries, Hashable, bool]]]


def _queue(level: float) -> float:
    """How long an address that is new to an account waits, by how many wrong passwords it had from everywhere."""
    measure = EVERYWHERE[Step.PASSWORD]
    if level < measure.free:
        return 0.0
    return float(min(measure.first * 2 ** ((level - measure.free) / STRAIN), measure.most))
