"""Reading fields at the doors: each returns the typed value or raises an error that names the field and the remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.kit.addresses import LONGEST_ADDRESS, NotAnAddress, read_address
from services.kit.errors import Invalid
from services.kit.texts import has_letter, tidy_line, tidy_text

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)
MAX_PAGE = 50
DEFAULT_PAGE = 20
MOST_DIGITS = 18
"""So many fit into a bigint. Python itself raises ValueError for thousands of them, and reads digits of any script."""
COLOUR_FORM = re.compile(r"#[0-9a-f]{6}")


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
    """A text of 1 to `longest` characters, tidy (kit.texts)."""
    return _of_length(tidy_text(value), field, longest, required=required)


def parse_name(value: str, field: str, *, longest: int, required: bool = True) -> str:
    """What somebody or something is called: one line of 1 to `longest` characters, tidy, with a letter in it."""
    name = _of_length(tidy_line(value), field, longest, required=required)
    if name and not has_letter(name):
        raise FieldMalformed(field=field, expected="a name with a letter in it")
    return name


def _of_length(text: str, field: str, longest: int, *, required: bool) -> str:
    if required and not text:
        raise FieldMissing(field=field, expected=f"1 to {longest} characters")
    if len(text) > longest:
        raise TextTooLong(field=field, expected=f"at most {longest} characters")
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
    """One e-mail address, in the one form in which addresses are compared, as people read it (kit.addresses)."""
    typed = parse_text(value, field, longest=LONGEST_ADDRESS)
    try:
        return read_address(typed).readable
    except NotAnAddress:
        raise FieldMalformed(field=field, expected="one e-mail address") from None


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
