"""What a person typed into a form: read field by field, faults said at the field, nothing lost.

A page reads its fields one after the other; a field that is not good leaves its sentence in `errors` and stands in for
itself, so that all faults are told at once. A field is called as in the message it goes into (`criteria[0].argument`),
so that what a service refuses is put to the same field. Drafts kept under other names are shown as far as they fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from google.protobuf.message import Message

from rondetafel.kit.v1.options_pb2 import EMAIL, NAME
from services.kit.addresses import LONGEST_ADDRESS, NotAnAddress, read_address
from services.kit.clock import BRUSSELS
from services.kit.field_rules import limit_of, rule_of
from services.kit.fields import parse_number
from services.kit.partial_dates import PartialDay
from services.kit.texts import has_letter, tidy_line, tidy_text
from services.portal.backends.calls import Refused
from services.portal.errors import FormMalformed
from services.portal.model import DraftRef, Fields
from services.portal.queries.find_drafts import DraftView
from services.portal.web.ui.language import Language, message
from services.portal.web.ui.multipart import parts_of
from services.portal.web.ui.sentences import SENTENCES, sentence_for
from services.portal.web.ui.typed import About, birth_of, day_of, time_of, too_long_ago

MAX_FIELDS = 2_400
"""Every box of the longest list ticked (request/whole.py), and what stands beside it."""
OURS = (
    "csrf_token", "key", "shown", "version", "draft", "answers", "to", "later", "keep", "tongue", "times", "checked",
    "change", "drop",
)  # fmt: skip
"""Fields the pages put into forms themselves; they are not what a person typed."""

WHOLE = "form"
"""Where a fault stands that no field of ours can mend."""

_KEY = re.compile("[!-~]{0,100}")
"""What may stand in the header of a call; an act of several steps adds a word to it."""
_ITEM = re.compile(r"^(\w+)\[(\d+)\]")

TOO_LONG = message("Shorten this to %(longest)s characters or less; it now has %(length)s.")
FILE_TOO_LARGE = message("This file is too large. Choose one of at most %(most)s MB.")
NOT_A_NAME = message("Write a name, with at least one letter.")
NOT_AN_ADDRESS = message("Write one e-mail address, such as info@town.example.")
NOT_A_DAY = message("Write day, month and year of a day that exists, such as 24 11 2026.")
NOT_A_TIME = message("Write a time with its minutes in two digits, such as 14.30.")
NOT_A_BIRTH = message("Write what you know, such as 24 11 2009, March 2009, 2009, or about 16.")


@dataclass(slots=True)
class Beside:
    """Another text of the same form: a draft that was kept on a device, or what is saved now (`saved_at` is None).

    `lines` are the fields that differ, each by its label.
    """

    fields: Fields
    saved_at: datetime | None = None
    device: str = ""
    draft_id: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)


class Form:
    """One form as it was sent, or as it is shown first (empty, or with a draft)."""

    def __init__(self, language: Language, fields: Fields | None = None) -> None:
        self.language = language
        self.fields: dict[str, list[str]] = {name: list(values) for name, values in (fields or {}).items()}
        self.errors: dict[str, str] = {}
        self.kept: DraftView | None = None
        self.others: list[DraftView] = []
        self.beside: list[Beside] = []
        self.outdated = False
        self.files: dict[str, bytes] = {}
        self.told: dict[str, tuple[str, str]] = {}
        self._read: list[str] = []
        self._rows: dict[str, Sequence[object]] = {}

    @classmethod
    def sent(cls, language: Language, body: bytes) -> Form:
        """The form in a body of a POST. Raises FormMalformed when it is none."""
        files: dict[str, bytes] = {}
        try:
            if body.startswith(b"--"):
                pairs, files = parts_of(body)
            else:
                pairs = parse_qsl(
                    body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
                )
        except ValueError:
            raise FormMalformed(field="body", expected="a form of our own pages") from None
        fields: dict[str, list[str]] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
        if not all(_KEY.fullmatch(key) for key in fields.get("key", ())):
            raise FormMalformed(field="key", expected="the key this form came with")
        form = cls(language, fields)
        form.files = files
        return form

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

    @property
    def to_keep(self) -> dict[str, list[str]]:
        """The same, with the version of the thing it began from."""
        return self.typed | ({"version": self.values("version")} if self.value("version") else {})

    @property
    def seen(self) -> list[DraftRef | None]:
        """The drafts the page was shown with: first the one the form was filled with, None when with none."""
        return [DraftRef.of(sent) for sent in self.value("draft", "-").split(" ")]

    def faces(self, version: int, present: Fields | None = None) -> None:
        """What the form is about has this version now. Begun from another, it is `outdated`: it says so, with the
        `present` text beside, and goes on from what is shown.
        """
        began = self.value("version") or ("0" if self.kept else "")
        self.outdated = bool(began) and began != str(version)
        if self.outdated and present and any(self.values(name) != list(there) for name, there in present.items()):
            self.beside.append(Beside(present))
        self.fields["version"] = [str(version)]

    def tell(self, name: str, label: str, said: str) -> str:
        """How a control of the page shows a field: under which label, and what. Draws nothing."""
        self.told[name] = (label, said.strip())
        return ""

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
        self.errors.setdefault(name, self.language.text(sentence, **values))

    def rows(self, name: str, rows: Sequence[object]) -> None:
        """Which rows `name[row]` of this form the list of that name is made of: some may have been left empty."""
        self._rows[name] = rows

    def text(self, name: str, room: type[Message] | int, *, missing: str = "") -> str:
        """A text as the message has it, as tidy and as long; without `missing` it may be empty."""
        self._read.append(name)
        kind = None if isinstance(room, int) else rule_of(room, name).kind
        longest = room if isinstance(room, int) else LONGEST_ADDRESS if kind == EMAIL else limit_of(room, name)
        text = (tidy_line if kind == NAME else tidy_text)(self.value(name))
        if missing and not text:
            self.fail(name, missing)
        if len(text) > longest:
            self.fail(name, TOO_LONG, longest=longest, length=len(text))
        if text and kind == NAME and not has_letter(text):
            self.fail(name, NOT_A_NAME)
        if text and kind == EMAIL and not _is_address(text):
            self.fail(name, NOT_AN_ADDRESS)
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

    def file(self, name: str, most: int, *, missing: str = "") -> bytes:
        """The bytes of a file that was chosen; empty where it has a fault. Without `missing` there may be none."""
        self._read.append(name)
        file = self.files.get(name, b"")
        if missing and not file:
            self.fail(name, missing)
        if len(file) > most:
            self.fail(name, FILE_TOO_LARGE, most=most // (1024 * 1024))
            return b""
        return file

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
        typed = self.value(name)
        found = birth_of(typed)
        wrong = SENTENCES["BirthTooLongAgo"] if too_long_ago(typed) else NOT_A_BIRTH
        self._judge(name, typed, wrong if found is None else "")
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
        return next((read for read in self._read if read.startswith(f"{name}[")), WHOLE) if name else WHOLE

    def _row(self, item: re.Match[str]) -> str:
        rows = self._rows.get(item[1], ())
        return f"{item[1]}[{rows[int(item[2])] if int(item[2]) < len(rows) else item[2]}]"


def _is_address(text: str) -> bool:
    try:
        return bool(read_address(text))
    except NotAnAddress:
        return False


def moment_at(day: date | None, at: time | None) -> datetime | None:
    """The moment in UTC of a day and a time of the day in Brussels."""
    return datetime.combine(day, at, BRUSSELS).astimezone(UTC) if day and at else None


def uuid_or_none(value: str) -> UUID | None:
    """A UUID in a form or address, None when it is none."""
    try:
        return UUID(value)
    except ValueError:
        return None
