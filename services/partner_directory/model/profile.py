"""What people tell their tables of themselves, to be reached."""

from __future__ import annotations

import re
from uuid import UUID

import phonenumbers
from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.errors import TelephoneUnreadable
from services.partner_directory.model.base import Base

UNTOLD = 1
"""The version of a profile that nobody wrote yet; 0 is what matches none (services/portal/api/etags.py)."""
HOME = "BE"
"""Where a number without a country is dialled."""
_WRITTEN = re.compile(r"\+?[\d\s()./\u2010-\u2014-]+")


class PersonProfile(Base):
    """Of one person, for all the own tables; sealed under the key of that person on the platform (decision 67).

    `tenant_id` is the platform's.
    """

    __tablename__ = "person_profile"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[bytes]
    telephone: Mapped[bytes]
    reachable: Mapped[bytes]
    version: Mapped[int]


def read_telephone(typed: str) -> str:
    """A number as people write it, Belgian where no country is said, in the form of ITU-T E.164; empty for empty.

    Nothing of what was typed is left out in silence: words and extensions are refused. Raises TelephoneUnreadable.
    """
    if not typed:
        return ""
    refused = TelephoneUnreadable(field="telephone", expected="one number such as 0470 12 34 56 or +32 470 12 34 56")
    if not _WRITTEN.fullmatch(typed):
        raise refused
    try:
        number = phonenumbers.parse(typed, HOME)
    except phonenumbers.NumberParseException:
        raise refused from None
    if not phonenumbers.is_valid_number(number):
        raise refused
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
