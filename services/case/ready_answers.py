"""The set of answers a coordinator can give to a question: data, in the four languages (services/case/data)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from services.case.errors import AnswerUnknown

_KEPT = Path(__file__).parent / "data" / "prepared_answers.json"


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """One of them; what was given is kept with its words, so that a later wording does not change it."""

    code: str
    nl: str
    fr: str
    de: str
    en: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a coordinator answered: one of the set, own words, or both."""

    prepared: PreparedAnswer | None
    text: str
    language: str

    def to_json(self) -> str:
        """The text that is sealed."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> GivenAnswer:
        """The reverse of `to_json`."""
        kept = json.loads(text)
        prepared = PreparedAnswer(**kept["prepared"]) if kept["prepared"] else None
        return cls(prepared, kept["text"], kept["language"])


PREPARED = tuple(PreparedAnswer(**row) for row in json.loads(_KEPT.read_text()))
_BY_CODE = {answer.code: answer for answer in PREPARED}


def prepared_answer(code: str) -> PreparedAnswer | None:
    """The answer of that code, None for none. Raises AnswerUnknown."""
    if not code:
        return None
    if code not in _BY_CODE:
        raise AnswerUnknown(field="prepared", expected="one of " + ", ".join(_BY_CODE))
    return _BY_CODE[code]
