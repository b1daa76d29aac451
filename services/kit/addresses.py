"""E-mail addresses: which are written for the same mailbox (docs/decisions/0041)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import idna

from services.kit.texts import seen

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
"""In octets, as mail servers count (RFC 5321, RFC 6531)."""
_ATOM = r"[^\x00-\x20\x7f\s\"(),.:;<>@\[\\\]]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_APOSTROPHES = str.maketrans("‘’", "''")
"""What word processors make of the one in an address such as jan.d'hondt@town.example."""
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})+")


class NotAnAddress(ValueError):
    """This is not one e-mail address. Does not hold what was typed."""


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: two spellings of it are equal. The domain stands here as the mail servers have it."""

    local_part: str
    domain: str

    @property
    def mailable(self) -> str:
        """As mail servers take it: a domain with other letters than a to z in its ASCII form."""
        return f"{self.local_part}@{self.domain}"

    @property
    def readable(self) -> str:
        """As people write it."""
        return f"{self.local_part}@{_unicode(self.domain) if 'xn--' in self.domain else self.domain}"


def read_address(typed: str) -> Address:
    """The address somebody typed, whatever the case, width and form of its letters. Raises NotAnAddress.

    The part before the sign is lower-cased and not case-folded: `ß` and `ss` may be two people of one domain.
    """
    text = unicodedata.normalize("NFKC", seen(typed)).translate(_APOSTROPHES).strip().lower()
    local_part, _, domain = unicodedata.normalize("NFKC", text).rpartition("@")
    if not _LOCAL_PART.fullmatch(local_part) or len(local_part.encode()) > LONGEST_LOCAL_PART:
        raise NotAnAddress
    address = Address(local_part, domain if _plain(domain) else _ascii(domain))
    if max(len(form.encode()) for form in (address.mailable, address.readable)) > LONGEST_ADDRESS:
        raise NotAnAddress
    return address


def readable_address(address: str) -> str:
    """An address as people write it; what is none stays as it is."""
    try:
        return read_address(address).readable
    except NotAnAddress:
        return address


def mailable_address(address: str) -> str:
    """An address as mail servers take it; what is none stays as it is."""
    try:
        return read_address(address).mailable
    except NotAnAddress:
        return address


def _plain(domain: str) -> bool:
    return _DOMAIN.fullmatch(domain) is not None and "xn--" not in domain


def _ascii(domain: str) -> str:
    """The one ASCII form of a domain (UTS 46)."""
    try:
        found = idna.encode(domain, uts46=True, std3_rules=True).decode()
        _unicode(found)
    except UnicodeError:
        raise NotAnAddress from None
    if not _DOMAIN.fullmatch(found):
        raise NotAnAddress
    return found


def _unicode(domain: str) -> str:
    return unicodedata.normalize("NFC", idna.decode(domain))
