"""Reading fields at the doors: each returns the typed value or raises an error that names the field and the remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.kit.errors import Invalid

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)
MAX_PAGE = 50
DEFAULT_PAGE = 20
MOST_DIGITS = 18
"""So many fit into a bigint. Python itself raises ValueError for thousands of them, and reads digits of any script."""
LONGEST_EMAIL = 254
COLOUR_FORM = re.compile(r"#[0-9a-f]{6}")
EMAIL_FORM = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


class FieldMalformed(Invalid):
    """A field does not have the form it must have."""


class FieldMissing(Invalid):
    """A required field is empty."""


class TextTooLong(Invalid):
    """A text is longer than its field allows."""


class DateOutOfRange(Invalid):
    """A date is before 1900 or absurdly late."""


class UnknownCode(Invalid):
    """A code is not in its list."""


class ListTooLong(Invalid):
    """A list has more entries than its field allows."""


class KboNumberWrong(Invalid):
    """This is not an enterprise number: its check digits do not fit."""


def parse_number(value: str) -> int | None:
    """A whole number of 1 to 18 digits 0 to 9, None for anything else."""
    return int(value) if len(value) <= MOST_DIGITS and value.isascii() and value.isdigit() else None


def parse_uuid(value: str, field: str) -> UUID:
    """A UUID, in its canonical text form."""
    try:
        return UUID(value)
    except ValueError:
        raise FieldMalformed(field=field, expected="a UUID") from None


def parse_text(value: str, field: str, *, longest: int, required: bool = True) -> str:
    """A text of 1 to `longest` characters without surrounding space or control characters."""
    text = value.strip()
    if required and not text:
        raise FieldMissing(field=field, expected=f"1 to {longest} characters")
    if len(text) > longest:
        raise TextTooLong(field=field, expected=f"at most {longest} characters")
    if any(ord(letter) < 32 and letter not in "\n\t\r" for letter in text):
        raise FieldMalformed(field=field, expected="no control characters")
    return text


def parse_day(value: str, field: str) -> date:
    """An ISO date from 1900 on."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise FieldMalformed(field=field, expected="an ISO date such as 2026-11-24") from None
    if not EARLIEST <= day < LATEST:
        raise DateOutOfRange(field=field, expected="a date from 1900-01-01 on")
    return day


def parse_optional_day(value: str, field: str) -> date | None:
    """An ISO date, or None for the empty text."""
    return parse_day(value, field) if value else None


def parse_code(value: str, field: str, allowed: Collection[str]) -> str:
    """One of the codes of a list."""
    if value not in allowed:
        raise UnknownCode(field=field, expected="one of " + ", ".join(sorted(allowed)))
    return value


def parse_codes(
    values: Sequence[str], field: str, allowed: Collection[str], *, least: int = 0, most: int
) -> tuple[str, ...]:
    """Several different codes of a list: of `least` to `most` that are sent, each is taken once."""
    if len(values) < least:
        raise FieldMissing(field=field, expected=f"at least {least} of " + ", ".join(sorted(allowed)))
    if len(values) > most:
        raise ListTooLong(field=field, expected=f"at most {most}")
    return tuple(dict.fromkeys(parse_code(value, field, allowed) for value in values))


def parse_nis(value: str, field: str = "nis_code") -> str:
    """A municipality's NIS code: five digits (docs/domain.md, Codes)."""
    if not re.fullmatch(r"[0-9]{5}", value):
        raise FieldMalformed(field=field, expected="a NIS code of five digits")
    return value


def parse_nis_codes(values: Sequence[str], field: str, *, least: int = 0, most: int) -> tuple[str, ...]:
    """Several different NIS codes: of `least` to `most` that are sent, each is taken once."""
    if not least <= len(values) <= most:
        raise FieldMissing(field=field, expected=f"{least} to {most} NIS codes")
    return tuple(dict.fromkeys(parse_nis(value, field) for value in values))


def is_kbo_number(text: str) -> bool:
    """Ten digits, the first 0 or 1, the last two 97 less the rest of the first eight by 97 (docs/domain.md, Codes)."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or text[0] not in "01":
        return False
    return int(text[8:]) == 97 - int(text[:8]) % 97


def parse_kbo(value: str, field: str = "kbo_number") -> str:
    """An enterprise number whose check digits fit."""
    if not re.fullmatch(r"[01][0-9]{9}", value):
        raise FieldMalformed(field=field, expected="ten digits, the first 0 or 1")
    if not is_kbo_number(value):
        raise KboNumberWrong(field=field, expected="check digits that fit")
    return value


def parse_colour(value: str, field: str = "brand_colour") -> str:
    """A colour as `#rrggbb` in lower case."""
    if not COLOUR_FORM.fullmatch(value):
        raise FieldMalformed(field=field, expected="a colour such as #1b6c68")
    return value


def parse_email(value: str, field: str = "email") -> str:
    """One e-mail address, in lower case as the sign-in service keeps it."""
    email = parse_text(value, field, longest=LONGEST_EMAIL).lower()
    if not EMAIL_FORM.fullmatch(email):
        raise FieldMalformed(field=field, expected="one e-mail address")
    return email


def required_moment(message: Message, name: str, within: str = "") -> datetime:
    """A required Timestamp field, aware UTC; `within` is the path to a nested message, such as `items[0].`."""
    field = within + name
    if not message.HasField(name):
        raise FieldMissing(field=field, expected="a moment such as 2026-11-24T13:00:00Z")
    stamp: Timestamp = getattr(message, name)
    try:
        moment = stamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise DateOutOfRange(field=field, expected="a moment from 1900 on") from None
    if not EARLIEST <= moment.date() < LATEST:
        raise DateOutOfRange(field=field, expected="a moment from 1900 on")
    return moment


def to_timestamp(moment: datetime | None) -> Timestamp | None:
    """The Timestamp of a moment; None stays unset."""
    if moment is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def parse_page_size(size: int) -> int:
    """A page size of 1 to 50; 0 means the default of 20."""
    if size == 0:
        return DEFAULT_PAGE
    if not 1 <= size <= MAX_PAGE:
        raise FieldMalformed(field="page_size", expected=f"1 to {MAX_PAGE}")
    return size


def parse_cursor(value: str) -> UUID | None:
    """The cursor of a list that is ordered by UUIDv7, newest first: the id of the last row of the page before."""
    return parse_uuid(value, "cursor") if value else None
