"""Which sign-in is about whom: what Keycloak's own pages said, kept for the forms they hold."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.gate.headers import SESSION
from services.kit.addresses import NotAnAddress, read_address
from services.kit.texts import seen

MOST_SESSIONS = 50_000
MOST_ACCOUNTS = 5
"""Of one sign-in: who types more addresses than that begins a new one."""

CODE_PAGE = "login-otp"
_BODY = re.compile(r"<body\b[^>]*>")
_PAGE = re.compile(r'\bdata-page-id="login-([\w-]+)"')
_ACCOUNT = re.compile(r'\bdata-account="([^"]*)"')
_LANGUAGE = re.compile(r'<html lang="([\w-]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of Keycloak says of itself: which it is, whose sign-in, in which language."""

    name: str
    account: str | None
    language: str


def page_of(body: bytes) -> Page | None:
    """Read a page in our face (deploy/keycloak/themes, template.ftl); None for anything else."""
    text = body.decode("utf-8", "replace")
    start, language = _BODY.search(text), _LANGUAGE.search(text)
    name = _PAGE.search(start[0]) if start else None
    if start is None or name is None:
        return None
    account = _ACCOUNT.search(start[0])
    said = html.unescape(account[1]) if account else ""
    return Page(name[1], same_account(said) if said else None, language[1] if language else "")


def same_account(typed: str) -> str:
    """One spelling of what Keycloak takes for the same address, or a wider one."""
    try:
        return read_address(typed).readable
    except NotAnAddress:
        return unicodedata.normalize("NFKC", seen(typed)).strip().lower()[:300]


def session_ids(cookies: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Which sign-ins the cookies name: Keycloak keeps there an id and its signature, in base64, and maybe the name of
    one of its nodes."""
    found = set()
    for name, value in cookies:
        if name == SESSION:
            signed, _, _ = value.partition(".")
            try:
                decoded = base64.urlsafe_b64decode(signed + "=" * (-len(signed) % 4)).decode("ascii")
            except (binascii.Error, UnicodeDecodeError):
                decoded = signed
            found.add(decoded.partition(".")[0])
    return frozenset(found)


@dataclass(slots=True)
class Known:
    """One sign-in: all accounts its pages have named, whether a password or code was right in it, and whether it was
    asked for a code."""

    accounts: set[str] = field(default_factory=set)
    language: str = ""
    passed: bool = False
    code_asked: bool = False


class Sessions:
    """Sign-ins under way. A form of one that is not known here is shown again first, so that its page is read.

    All accounts a sign-in has named count, not the last: who changes between two in one sign-in gains nothing.
    """

    def __init__(self, most: int = MOST_SESSIONS) -> None:
        self._most = most
        self._known: OrderedDict[str, Known] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._known)

    def find(self, ids: frozenset[str]) -> Known | None:
        """What is known of these together; None unless each is known."""
        found = [self._known[id_] for id_ in ids if id_ in self._known]
        if not ids or len(found) < len(ids):
            return None
        accounts = set().union(*(session.accounts for session in found))
        return Known(
            accounts,
            found[0].language,
            all(session.passed for session in found),
            any(session.code_asked for session in found),
        )

    def learn(self, ids: frozenset[str], page: Page) -> None:
        """A page was shown in these."""
        for id_ in ids:
            known = self._known.setdefault(id_, Known())
            self._known.move_to_end(id_)
            known.language = page.language
            known.code_asked |= page.name == CODE_PAGE
            if page.account is not None and len(known.accounts) <= MOST_ACCOUNTS:
                known.accounts.add(page.account)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def passed(self, ids: frozenset[str], accounts: set[str]) -> None:
        """A password or code of these accounts was right in these sign-ins."""
        for id_ in ids:
            if id_ in self._known:
                self._known[id_].passed = True
                self._known[id_].accounts |= accounts
