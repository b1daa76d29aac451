"""Invented people and places for the page that shows how the pictures are read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.portal.web.ui.drawing import MonthAxis
from services.portal.web.ui.language import Language

TODAY = date(2026, 11, 24)
SESSION = date(2026, 10, 22)
NEXT = date(2026, 11, 26)


def examples(language: Language) -> dict[str, Any]:
    """What the template `patterns.html` shows, in words of one language."""
    return {"things": _things(language), "cards": _cards(language), "case": _case(language), "days": _days(language)}


def _case(language: Language) -> dict[str, Any]:
    return _circle(language) | _course(language) | {
        "says": _says(language), "plan": _plan(language), "segments": _segments(language), "seats": _seats(language),
        "agenda": _agenda(language), "today": TODAY, "sessions": [SESSION],
    }  # fmt: skip


def _things(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    return [
        {
            "sentence": _("Prepare your contribution to case VB-26-014"), "href": "#things", "late": True,
            "where": _("Vaartbeke. Session on %(when)s.", when=language.day(NEXT, today=TODAY)),
            "due": _("before Thursday"),
        },
        {
            "sentence": _("Answer an invitation"), "href": "#things", "late": False,
            "where": _("Lindekerke asks you to think along about case LK-26-003. Saying no is always allowed."),
            "due": _("until Friday"),
        },
    ]  # fmt: skip


def _cards(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    sat = ["mandatory"] * 3 + ["partner"] * 2 + ["you"] + ["partner"] * 3
    return [
        {
            "name": "Vaartbeke", "colour": "#1b6c68", "seats": sat, "text": _("Two cases for you"),
            "label": _("A table with nine seats, all of them taken. You have a seat of your own."),
            "facts": [(_("Next session"), language.day(NEXT)), (_("Your seat"), _("your own, until 31 December 2027"))],
        },
        {
            "name": "Lindekerke", "colour": "#7a1f2b", "seats": [*sat[:6], "free"], "text": _("One invitation for you"),
            "label": _("A table with seven seats. One is free: yours."),
            "facts": [(_("Next session"), _("not planned yet")), (_("Your seat"), _("for that one case only"))],
        },
        {
            "name": "Heuvelzande", "colour": "#2a5aa8", "seats": sat[:8], "text": _("Nothing for you. Quiet."),
            "label": _("A table with eight seats, all of them taken. You have a seat of your own."),
            "facts": [(_("Next session"), _("not planned yet")), (_("Your seat"), _("your own, until 30 June 2027"))],
        },
    ]  # fmt: skip


def _circle(language: Language) -> dict[str, Any]:
    _ = language.text
    seats = [
        ("mandatory", _("Mayor")), ("mandatory", _("Police")), ("mandatory", _("Prevention")), ("you", _("You")),
        ("partner", "OCMW"), ("missing", _("School")), ("partner", "Jeugdhuis De Sluis"), ("partner", "CGG Kompas"),
    ]  # fmt: skip
    domains = [
        (_("Family"), "CAW De Brug"), (_("Friends and network"), "Jeugdhuis De Sluis"),
        (_("Housing"), "OCMW Vaartbeke"), (_("Mental health"), "CGG Kompas"), (_("School and training"), ""),
    ]  # fmt: skip
    return {
        "ring": [{"kind": kind, "name": name} for kind, name in seats],
        "domains": [{"name": name, "who": who} for name, who in domains],
    }


def _course(language: Language) -> dict[str, Any]:
    _ = language.text
    carry = [
        (_("Grandmother as support"), date(2026, 7, 6), None, _("since July")),
        (_("Bond with the youth worker"), date(2026, 10, 3), None, _("since the middle of October")),
        (_("A place to work in the bicycle workshop"), date(2026, 11, 17), None, _("since 17 November")),
    ]
    weigh = [
        (_("Watched violent films"), date(2026, 8, 12), None, _("since August")),
        (_("Withdrew from friends"), date(2026, 7, 12), date(2026, 10, 18), _("over since the middle of October")),
        (_("Stayed away from school"), date(2026, 9, 5), date(2026, 11, 9), _("over since 9 November")),
    ]
    events = [
        (NEXT, "now", _("Session: how is it going?")),
        (date(2026, 11, 17), "good", _("Good news: a place to work was found")),
        (SESSION, "", _("Discussed. Decided: follow up")),
        (date(2026, 10, 6), "", _("Put on the list by the mayor")),
        (date(2026, 10, 2), "", _("Proposed after a signal")),
    ]
    return {
        "axis": MonthAxis.over([row[1] for row in carry + weigh], TODAY),
        "carry": [dict(zip(("name", "start", "until", "when"), row, strict=True)) for row in carry],
        "weigh": [dict(zip(("name", "start", "until", "when"), row, strict=True)) for row in weigh],
        "events": [
            {"at": at, "when": language.day(at, weekday=False, today=TODAY), "kind": kind, "text": text}
            for at, kind, text in events
        ],
    }


def _says(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    return [
        {
            "organisation": "Jeugdhuis De Sluis", "by": "Wout Lammens", "foot": _("Shared with the circle"),
            "sign": "users", "origin": "",
            "text": _("He comes every Wednesday, helps in the workshop, and stays to talk."),
        },
        {
            "organisation": "CAW De Brug", "by": "Nele Claes", "foot": _("5 of 7 have read this"), "sign": "eye",
            "text": _("The quarrels at home are less fierce. Grandmother eats with them on Sundays."), "origin": "",
        },
        {
            "organisation": _("Local police"), "by": _("Information officer"), "foot": _("Shared with the circle"),
            "sign": "users", "text": _("No new findings since September."),
            "origin": _("Origin: police. Do not use this outside the circle."),
        },
    ]  # fmt: skip


def _plan(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    return [
        {
            "text": _("Look for a place to work in the bicycle workshop"),
            "goal": _("Goal: a place where he is good at something"), "owner": "Jeugdhuis De Sluis",
            "due": _("30 November"), "state": _("done"), "sign": "circle-check", "kind": "done",
        },
        {
            "text": _("First talk at the CGG"), "goal": _("Goal: talking about what he saw online"),
            "owner": "CGG Kompas", "due": _("11 December"), "state": _("waiting list"), "sign": "clock", "kind": "heed",
        },
        {
            "text": _("Find out whether another study is possible"), "goal": _("Goal: glad to go to school again"),
            "owner": "", "due": _("not agreed yet"), "state": _("open"), "sign": "circle-dashed", "kind": "heed",
        },
    ]  # fmt: skip


def _segments(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    return [
        {
            "value": "1", "chosen": True, "doubt": "",
            "text": _("The quarrels at home are less fierce than in September."),
        },
        {
            "value": "2", "chosen": False, "text": _("Mother is being helped because she sleeps badly."),
            "doubt": _("This is about somebody else's health. Does the table need it?"),
        },
    ]  # fmt: skip


def _seats(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    return [
        {"name": _("Mayor"), "note": _("chairs"), "here": True},
        {"name": "CAW De Brug", "note": _("from a distance"), "here": True},
        {"name": "OCMW Vaartbeke", "note": _("has been told"), "here": False},
    ]


def _agenda(language: Language) -> list[dict[str, Any]]:
    _ = language.text
    items: list[tuple[int, int, str, str, dict[str, Any]]] = [
        (13, 0, _("Opening"), "", {"note": _("7 people declared secrecy")}),
        (13, 10, "VB-26-009", "#session", {"code": True, "note": _("Discussed: aftercare")}),
        (13, 20, "VB-26-014", "", {"code": True, "now": True}),
        (14, 10, _("Closed item"), "", {"closed": True, "note": _("You are not in this one")}),
    ]
    return [
        {"at": at, "time": f"{hour + 1}.{minute:02}", "text": text, "href": href, **more}
        for hour, minute, text, href, more in items
        for at in [datetime(2026, 11, 26, hour, minute, tzinfo=UTC)]
    ]


def _days(language: Language) -> dict[str, Any]:
    _ = language.text
    week = [410, 382, 455, 398, 371, 88, 121]
    return {
        "counts": (week * 5)[:30], "sealed": [True] * 30,
        "label": _("Bars with the number of acts on each of 30 days. Each day is sealed and checked."),
    }  # fmt: skip
