"""What bodies and answers are made of. Services check values; here only shape, type and size are.

The models themselves are made from the proto files (generated/models). Bodies become messages and messages become
answers by field name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from services.kit.partial_dates import OLDEST
from services.kit.texts import tidy_line, tidy_text

M = TypeVar("M", bound=Message)

UUID_PATTERN = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PARTIAL_DAY_PATTERN = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
MOMENT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
NIS_PATTERN = "^[0-9]{5}$"
KBO_PATTERN = "^[01][0-9]{9}$"
_TAG = '(W/)?"[!#-~]*"'
ETAGS_PATTERN = rf"^(\*|{_TAG}([ \t]*,[ \t]*{_TAG})*)$"
KEY_PATTERN = "^[!-~]{1,128}$"

MEANING: Mapping[str, str] = {
    UUID_PATTERN: "a UUID",
    DAY_PATTERN: "an ISO date such as 2026-11-24",
    PARTIAL_DAY_PATTERN: "a year, month or day such as 2009, 2009-03 or 2009-03-12",
    MOMENT_PATTERN: "a moment with its time zone such as 2026-11-24T13:00:00Z",
    NIS_PATTERN: "a NIS code of five digits",
    KBO_PATTERN: "a KBO number of ten digits",
    ETAGS_PATTERN: 'the ETag last read, such as "3"',
    KEY_PATTERN: "1 to 128 visible ASCII characters",
}
"""The patterns in words, for `expected`."""


def _of_a_text(tidy: Callable[[str], str]) -> BeforeValidator:
    """Sizes count what is left of a text (kit.texts), as at the services' doors."""
    return BeforeValidator(lambda value: tidy(value) if isinstance(value, str) else value)


def _moment(value: object) -> datetime:
    if not isinstance(value, str) or not re.fullmatch(MOMENT_PATTERN, value):
        raise ValueError
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except OverflowError as error:
        raise ValueError from error


Text = Annotated[str, _of_a_text(tidy_text)]
Name = Annotated[str, _of_a_text(tidy_line)]
Id = Annotated[str, Field(pattern=UUID_PATTERN, json_schema_extra={"format": "uuid"})]
Day = Annotated[str, Field(pattern=DAY_PATTERN, json_schema_extra={"format": "date"})]
PartialDay = Annotated[str, Field(pattern=PARTIAL_DAY_PATTERN)]
WholeYears = Annotated[int, Field(ge=0, le=OLDEST)]
Nis = Annotated[str, Field(pattern=NIS_PATTERN)]
Kbo = Annotated[str, Field(pattern=KBO_PATTERN)]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": MOMENT_PATTERN}),
]
IdOrEmpty = Annotated[str, Field(pattern=f"{UUID_PATTERN}|^$")]


def example(values: dict[str, Any]) -> ConfigDict:
    """The model's example, as it goes over the wire."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Asked(BaseModel):
    """What a client sends: nothing unknown."""

    model_config = ConfigDict(extra="forbid")

    def message(self, kind: type[M], **more: object) -> M:
        """The request message with these fields and what path and headers say."""
        return kind(**self.model_dump(by_alias=True), **more)


class Body(Asked):
    """What a command takes: nothing of another type."""

    model_config = ConfigDict(strict=True)


class Nothing(Body):
    """No fields: path and headers say everything."""

    model_config = example({})


class Query(Asked):
    """What a query asks besides its path."""


class Page(Query):
    """One page of a list."""

    page_size: int = Field(20, ge=1, le=50, description="How many entries.")
    cursor: str = Field("", max_length=200, description="The `next_cursor` of the page before; empty = first page.")


class View(BaseModel):
    """What a client gets, made from a message; a field that is not set stays at its default."""

    @model_validator(mode="before")
    @classmethod
    def _of_message(cls, value: object) -> object:
        if isinstance(value, Message):
            return {field.name: _plain(part) for field, part in value.ListFields()}
        return value

    def json_bytes(self) -> bytes:
        """As it goes over the wire."""
        return self.model_dump_json(by_alias=True).encode()


def _plain(part: Any) -> object:
    # Exact types first, and the moment by hand: a list of twenty costs a third of what it did.
    kind = type(part)
    if kind in _PLAIN:
        return part
    if kind is Timestamp:
        return _EPOCH + timedelta(seconds=part.seconds, microseconds=part.nanos // 1_000)
    if isinstance(part, Message):
        return part
    return dict(part) if hasattr(part, "keys") else list(part)


_PLAIN = frozenset({str, bool, int, float})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Receipt(View):
    """What every command answers: frame data only. A repeat under the same Idempotency-Key answers the same."""

    model_config = example({"id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55", "state": "RECEIVED", "version": 1})

    id: Id = Field(description="What the command made or changed.")
    state: str = Field(description="Its state afterwards.")
    version: int = Field(description="Its version afterwards; also the ETag of this answer.")


class ProblemDocument(BaseModel):
    """An error (RFC 9457). Holds nothing that was typed in; the header X-Trace-Id names the event."""

    type: str = Field(description="Stable address of this kind of error.")
    title: str = Field(description="What is the case, in English.")
    status: int
    code: str = Field(description="Stable code.")
    field: str | None = Field(None, description="The field, header or parameter at fault.")
    expected: str | None = Field(None, description="What would be right.")
    retry_after: int | None = Field(None, description="Seconds after which a repeat may succeed.")
