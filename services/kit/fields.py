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


def parse_codes(values: Sequence[str], field: str, allowed: Collection[str], *, least: int = 0) -> tuple[str, ...]:
    """Several different codes of a list, at least `least`."""
    if len(values) < least:
        raise FieldMissing(field=field, expected=f"at least {least} of " + ", ".join(sorted(allowed)))
    return tuple(dict.fromkeys(parse_code(value, field, allowed) for value in values))


def parse_nis(value: str, field: str = "nis_code") -> str:
    """A municipality's NIS code: five digits (domain.md, Codes)."""
    if not re.fullmatch(r"[0-9]{5}", value):
        raise FieldMalformed(field=field, expected="a NIS code of five digits")
    return value


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
    """The cursor of a page: the id of the last row of the page before; lists are ordered by UUIDv7, newest first."""
    return parse_uuid(value, "cursor") if value else None
