"""The course of one step of a sign-in: may it be tried, what came of it, and when the answer leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import Counter

from services.gate.attempt import Attempt, Outcome, Step, outcome_of
from services.gate.device import Devices
from services.gate.headers import neighbourhood
from services.gate.sessions import MOST_ACCOUNTS, Page, Sessions, session_ids
from services.gate.slowing import Permit, Slowing
from services.kit.grid import Grid

TRIES = Counter("rondetafel_gate_tries_total", "Passwords and codes by outcome", ["step", "outcome"])
GUESSED = (Step.PASSWORD, Step.CODE)

Cookies = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Trying:
    """A password or code that may be tried now, or the wait until it may."""

    accounts: frozenset[str]
    permit: Permit

    @property
    def wait(self) -> float:
        """Seconds; 0.0 when it may be tried now."""
        return self.permit.wait


@dataclass(frozen=True, slots=True)
class Unread:
    """The page of this form was not seen here (the gate is new, or forgot): it is shown again first. With `anew` the
    sign-in is given up, because it named more people than one person has addresses."""

    anew: bool


class Steps:
    """Knows the sign-ins under way, the devices, and the counts. Accounts are pseudonyms throughout."""

    def __init__(self, slowing: Slowing, devices: Devices, grid: Grid) -> None:
        self._slowing = slowing
        self._devices = devices
        self._sessions = Sessions()
        self.grid = grid

    def language(self, cookies: Cookies) -> str:
        """The language of a sign-in so far, empty when unknown."""
        known = self._sessions.find(session_ids(cookies))
        return known.language if known is not None else ""

    def code_asked(self, cookies: Cookies) -> bool:
        """Whether the page of the code was shown in this sign-in."""
        known = self._sessions.find(session_ids(cookies))
        return known is not None and known.code_asked

    def begin(self, attempt: Attempt, cookies: Cookies, address: str) -> Trying | Unread:
        """May this be tried? Counts it when it may."""
        known = self._sessions.find(session_ids(cookies))
        accounts = set(known.accounts) if known is not None else set()
        if attempt.account is not None:
            accounts.add(self._devices.pseudonym(attempt.account))
        if known is None or not accounts:
            return Unread(anew=False)
        if len(accounts) > MOST_ACCOUNTS:
            return Unread(anew=True)
        devices = self._devices.known(cookies, accounts)
        permit = self._slowing.ask(attempt.step, neighbourhood(address), accounts, devices)
        if permit.wait > 0:
            TRIES.labels(attempt.step.value, "slowed").inc()
        return Trying(frozenset(accounts), permit)

    def end(self, trying: Trying, step: Step, cookies: Cookies, answer: tuple[int, str, Page | None]) -> Outcome:
        """What came of it, noted."""
        outcome = outcome_of(step, *answer)
        TRIES.labels(step.value, outcome.value).inc()
        if outcome is not Outcome.REFUSED:
            trying.permit.right(alone=len(trying.accounts) == 1)
            self._sessions.passed(session_ids(cookies), set(trying.accounts))
        return outcome

    def learn(self, cookies: Cookies, page: Page) -> None:
        """A page was shown in the sign-ins that these cookies name."""
        account = self._devices.pseudonym(page.account) if page.account is not None else None
        self._sessions.learn(session_ids(cookies), Page(page.name, account, page.language))

    def remember(self, cookies: Cookies, status: int, location: str) -> list[str]:
        """Set-Cookie headers for the device, when a sign-in of exactly one account ended well."""
        known = self._sessions.find(session_ids(cookies))
        if outcome_of(Step.NOTHING, status, location, None) is not Outcome.SIGNED_IN or known is None:
            return []
        if not known.passed or len(known.accounts) != 1:
            return []
        return self._devices.remember(cookies, next(iter(known.accounts)))
