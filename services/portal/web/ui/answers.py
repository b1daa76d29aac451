"""What somebody is about to do, in words: what the page between a form and its act shows (request/checked.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One value as people say it; `field` is the control of the form where it is changed, empty where none is."""

    question: str
    said: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something odd. It is asked about and forbids nothing; without a `field` the way to change it is the way back."""

    sentence: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The whole act. Make them of the message that is sent, so that what is read is what is done."""

    title: str
    said: Sequence[Answer]
    button: str
    back: tuple[str, str]
    """Where one goes without doing it, and what that link says."""
    doubts: Sequence[Doubt] = ()
    code: str = ""
    """Of the case it is about, for the title of the page."""
