"""How the preliminary check of a signal stands, in words, for who may know it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _

STANDINGS: Mapping[str, str] = {
    "waiting": _("The police have until %(day)s to answer."),
    "late": _("The police should have answered by %(day)s."),
    "cleared": _("The police have no objection."),
    "held": _("The police ask to wait until %(day)s. Only coordinator, mayor and police know this."),
    "hold_over": _("The police asked to wait until %(day)s. That day is over: nothing stands against going on."),
}
GIVEN: Mapping[str, str] = {
    "cleared": _("You answered that you have no objection."),
    "held": _("You asked to wait until %(day)s. Only coordinator, mayor and police know this."),
    "hold_over": _("You asked to wait until %(day)s. That day is over: the coordinator can go on."),
}
"""The same to the police who answered; nothing before there is an answer."""


def stands(check: pb.Check, language: Language, today: date) -> str:
    """A sentence."""
    return _said(STANDINGS[check.standing], check, language, today)


def given(check: pb.Check, language: Language, today: date) -> str:
    """What the police answered last; empty without an answer."""
    sentence = GIVEN.get(check.standing)
    return _said(sentence, check, language, today) if sentence else ""


def _said(sentence: str, check: pb.Check, language: Language, today: date) -> str:
    day = language.day(date.fromisoformat(check.hold_until or check.due_on), today=today)
    return language.text(sentence, day=day)
