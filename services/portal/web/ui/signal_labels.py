"""Codes of signals and their preliminary check in words (labels.py)."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.web.ui.language import message as _

SIGNAL_STATES: Mapping[str, str] = {
    "RECEIVED": _("received"),
    "UNDER_CHECK": _("being checked"),
    "NOT_RETAINED": _("not followed up"),
    "REDIRECTED": _("referred elsewhere"),
    "PROPOSED": _("proposed to the mayor"),
    "WITHDRAWN": _("withdrawn"),
}
UNCHECKED: Mapping[str, str] = {
    "told_by_police": _("the police told the signal themselves"),
    "asked_in_person": _("the police were asked in person"),
    "urgent": _("it cannot wait"),
    "no_answer": _("the police did not answer in time"),
}
DISMISSAL_REASONS: Mapping[str, str] = {
    "other_purpose": _("It is about something else than preventing terrorist offences"),
    "too_little": _("Too little is known to go on with it"),
    "unfounded": _("It turned out not to be so"),
    "helped_already": _("Help is there already"),
    "known_already": _("The table knows of it already"),
    "other": _("Another reason"),
}
HELP_KINDS: Mapping[str, str] = {
    "school_support": _("School and pupil guidance"),
    "youth_help": _("Help for young people"),
    "family_help": _("Help for parents and families"),
    "child_protection": _("Protection of a child"),
    "mental_health": _("Mental health care"),
    "addiction_help": _("Help with an addiction"),
    "welfare": _("Money, housing, papers"),
    "violence_at_home": _("Violence at home"),
    "discrimination": _("Discrimination and hate"),
    "police": _("The police: an offence is reported there"),
    "other": _("Other help"),
}
