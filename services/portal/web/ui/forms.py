"""What a person typed into a form: read field by field, faults said at the field, nothing lost.

A page reads its fields one after the other; a field that is not good leaves its sentence in `errors` and stands in for
itself, so that all faults are told at once. A field is called as in the message it goes into (`criteria[0].argument`),
so that what a service refuses is put to the same field. Drafts kept under other names are shown as far as they fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from google.protobuf.message import Message

from services.kit.clock import BRUSSELS
from services.kit.field_rules import limit_of
from services.kit.fields import parse_number
from services.kit.partial_dates import PartialDay
from services.portal.backends.calls import Refused
from services.portal.errors import FormMalformed
from services.portal.model import Fields
from services.portal.web.ui.language import Language, message
from services.portal.web.ui.sentences import sentence_for
from services.portal.web.ui.typed import About, birth_of, day_of, time_of

MAX_FIELDS = 400
OURS = ("csrf_token", "key", "shown", "version", "to", "later", "keep")
"""Fields the pages put into forms themselves; they are not what a person typed."""

WHOLE = "form"
"""Where a fault stands that no field of ours can mend."""

_KEY = re.compile("[!-~]{0,100}")
"""What may stand in the header of a call; an act of several steps adds a word to it."""
_ITEM = re.compile(r"^(\w+)\[(\d+)\]")

TOO_LONG = message("Shorten this to %(longest)s characters or less; it now has %(length)s.")
NOT_A_DAY = message("Write day, month and year of a day that exists, such as 24 11 2026.")
NOT_A_TIME = message("Write a time with its minutes in two digits, such as 14.30.")
NOT_A_BIRTH = message("Write what you know, such as 24 11 2009, March 2009, 2009, or about 16.")


class Form:
    """One form as it was sent, or as it is shown first (empty, or with a draft)."""

    def __init__(self, language: Language, fields: Fields | None = None) -> None:
        self._language = language
        self.fields: dict[str, list[str]] = {name: list(values) for name, values in (fields or {}).items()}
        self.errors: dict[str, str] = {}
        self._read: list[str] = []
        self._rows: dict[str, Sequence[object]] = {}

    @classmethod
    def sent(cls, language: Language, body: bytes) -> Form:
        """The form in a body of a POST. Raises FormMalformed when it is none."""
        try:
            pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
        except ValueError:
            raise FormMalformed(field="body", expected="a form of our own pages") from None
        fields: dict[str, list[str]] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
        if not all(_KEY.fullmatch(key) for key in fields.get("key", ())):
            raise FormMalformed(field="key", expected="the key this form came with")
        return cls(language, fields)

    @property
    def key(self) -> str:
        """The idempotency key of this form: the same however often it is sent."""
        return self.value("key") or str(uuid4())

    @property
    def version(self) -> int:
        """The version of the thing the person looked at; 0, which is none, when the form was bent."""
        return parse_number(self.value("version")) or 0

    @property
    def typed(self) -> dict[str, list[str]]:
        """What the person typed, for a draft."""
        return {name: values for name, values in self.fields.items() if name not in OURS}

    def value(self, name: str, default: str = "") -> str:
        """What stands in a field, as it was typed."""
        return (self.fields.get(name) or [default])[0]

    def values(self, name: str) -> list[str]:
        """All values of a field, such as several ticks."""
        return self.fields.get(name, [])

    def error(self, name: str) -> str:
        """The sentence at this field, empty when it is good."""
        return self.errors.get(name, "")

    def fail(self, name: str, sentence: str, **values: object) -> None:
        """Say what is wrong with a field, in the person's language; the first fault of a field counts."""
        self.errors.setdefault(name, self._language.text(sentence, **values))

    def rows(self, name: str, rows: Sequence[object]) -> None:
        """Which rows `name[row]` of this form the list of that name is made of: some may have been left empty."""
        self._rows[name] = rows

    def text(self, name: str, room: type[Message] | int, *, missing: str = "") -> str:
        """A text as long as the message allows it; without `missing` it may be empty."""
        self._read.append(name)
        longest = room if isinstance(room, int) else limit_of(room, name)
        text = self.value(name).strip()
        if missing and not text:
            self.fail(name, missing)
        if len(text) > longest:
            self.fail(name, TOO_LONG, longest=longest, length=len(text))
        return text

    def choice(self, name: str, options: Collection[str], *, missing: str = "") -> str:
        """One of several codes; without `missing` there may be none."""
        self._read.append(name)
        chosen = self.value(name)
        if chosen in options:
            return chosen
        if missing:
            self.fail(name, missing)
        return ""

    def choices(self, name: str, options: Collection[str], *, missing: str = "") -> list[str]:
        """Several codes; without `missing` there may be none."""
        self._read.append(name)
        chosen = [code for code in dict.fromkeys(self.values(name)) if code in options]
        if missing and not chosen:
            self.fail(name, missing)
        return chosen

    def ticked(self, name: str, *, missing: str = "") -> bool:
        """Whether a box is ticked; with `missing` it must be."""
        self._read.append(name)
        ticked = bool(self.value(name))
        if missing and not ticked:
            self.fail(name, missing)
        return ticked

    def day(self, name: str, *, missing: str = "") -> date | None:
        """A day typed in three fields `<name>-day`, `-month`, `-year`, or whole in one of them, or in `name`."""
        parts = [self.value(f"{name}-{part}").strip() for part in ("day", "month", "year")]
        typed = " ".join(filter(None, parts)) or self.value(name)
        found = day_of(typed)
        self._judge(name, typed, NOT_A_DAY if found is None else "", missing)
        return found

    def iso_day(self, name: str, *, missing: str = "") -> str:
        """The same as an ISO date, empty when there is none."""
        found = self.day(name, missing=missing)
        return found.isoformat() if found else ""

    def clock(self, name: str, *, missing: str = "") -> time | None:
        """A time of the day, such as 14.30, 14:30 or 14 h 30; without `missing` it may be empty."""
        found = time_of(self.value(name))
        self._judge(name, self.value(name), NOT_A_TIME if found is None else "", missing)
        return found

    def birth(self, name: str) -> PartialDay | About | None:
        """A birth as far as it is known, or an age; it may be empty."""
        found = birth_of(self.value(name))
        self._judge(name, self.value(name), NOT_A_BIRTH if found is None else "")
        return found

    def _judge(self, name: str, typed: str, wrong: str, missing: str = "") -> None:
        """Say what is wrong with what was typed, if anything, or that it is missing."""
        self._read.append(name)
        if sentence := wrong if typed.strip() else missing:
            self.fail(name, sentence)

    def refuse(self, refused: Refused) -> None:
        """Put what a service said to the field it names. Raises it again when a person cannot mend it here."""
        problem = refused.problem
        if problem.status in (401, 404, 500, 503, 504) or problem.code in ("UndertakingMissing", "SecondFactorMissing"):
            raise refused
        self.fail(self._meant(problem.field or ""), sentence_for(problem))

    def _meant(self, path: str) -> str:
        """The field that was read for this path of the message; for a list its first row; else the whole form."""
        name = _ITEM.sub(self._row, path)
        listed = name.partition("[")[0]
        if name in self._read or listed in self._read:
            return name if name in self._read else listed
        return next((field for field in self._read if field.startswith(f"{name}[")), WHOLE) if name else WHOLE

    def _row(self, item: re.Match[str]) -> str:
        rows = self._rows.get(item[1], ())
        return f"{item[1]}[{rows[int(item[2])] if int(item[2]) < len(rows) else item[2]}]"


def moment_at(day: date | None, at: time | None) -> datetime | None:
    """The moment in UTC of a day and a time of the day in Brussels."""
    return datetime.combine(day, at, BRUSSELS).astimezone(UTC) if day and at else None


def uuid_or_none(value: str) -> UUID | None:
    """A UUID in a form or address, None when it is none."""
    try:
        return UUID(value)
    except ValueError:
        return None
