"""How long what waits takes, roughly: minutes of each kind, and their sum as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _

MINUTES: Mapping[str, int] = {
    "signal_received": 10,
    "check_wanted": 5,
    "hold_ends": 5,
    "check_answered": 10,
    "check_late": 5,
    "signal_asked": 5,
    "signal_added": 5,
    "question_asked": 10,
    "question_answered": 2,
    "case_proposed": 15,
    "case_listed": 10,
    "session_wanted": 5,
    "contribution_wanted": 15,
    "contribution_private": 10,
    "action_due": 5,
    "review_due": 5,
    "information_due": 5,
}
"""Of each kind of what waits, as a careful reader takes; nobody is measured."""

THINGS = (
    _("One thing"), _("Two things"), _("Three things"), _("Four things"), _("Five things"), _("Six things"),
    _("Seven things"), _("Eight things"), _("Nine things"), _("Ten things"),
)  # fmt: skip
_UP_TO = (
    (3, _("a few minutes")), (7, _("five minutes")), (12, _("ten minutes")), (20, _("a quarter of an hour")),
    (37, _("half an hour")), (52, _("three quarters of an hour")), (75, _("an hour")), (105, _("an hour and a half")),
)  # fmt: skip


def things(number: int, language: Language) -> str:
    """How many things, in words as far as people say them so."""
    if number <= len(THINGS):
        return language.text(THINGS[number - 1])
    return language.plural("%(num)d thing", "%(num)d things", number)


def roughly(minutes: int, language: Language) -> str:
    """As people say it."""
    said = next((words for most, words in _UP_TO if minutes <= most), None)
    return language.text(said) if said else language.plural("%(num)d hour", "%(num)d hours", round(minutes / 60))


def lead(number: int, minutes: int, language: Language) -> str:
    """How many things wait and how long they take together; nothing of the time where nothing tells it."""
    values = {"things": things(number, language), "time": roughly(minutes, language)}
    if not minutes:
        return language.text(_("%(things)s."), **values)
    if number == 1:
        return language.text(_("%(things)s, about %(time)s."), **values)
    return language.text(_("%(things)s, together about %(time)s."), **values)
