"""The invented towns: who sits where, for which organisation, and what each finds when signing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LAW = "law-2018-07-30"
DECREE = "decree-vl-2021-05-21"


NEEDED = frozenset({"coordinator", "mayor", "information_officer", "prevention_officer", "dpo"})


@dataclass(frozen=True, slots=True)
class Seat:
    """What one person is in a cell, and for which organisation (KBO number)."""

    person: str
    role: str
    kbo_number: str
    legal_basis: str = LAW
    cleared_days: int = 730
    """So long from today a clearance runs, where one is asked."""


@dataclass(frozen=True, slots=True)
class Town:
    """A cell to be: founded by the host with coordinator and mayor; all others are given by the coordinator.

    Oversight is proposed by the host first.

    `diary` is the name of the history its people live through; `opened`: once it is complete, its coordinator opens it.
    """

    nis_code: str
    name: str
    seats: tuple[Seat, ...]
    partners: tuple[Seat, ...] = ()
    brand_colour: str = ""
    diary: str = ""
    contact: str = "veiligheid@vaartbeke.example"
    opened: bool = True

    @property
    def coordinator(self) -> str:
        """Who invites the partners."""
        return next(seat.person for seat in self.seats if seat.role == "coordinator")

    @property
    def mayor(self) -> str:
        """Who decides on its rules."""
        return next(seat.person for seat in self.seats if seat.role == "mayor")

    @property
    def complete(self) -> bool:
        """Whether it has who a cell needs before it takes cases."""
        return {seat.role for seat in self.seats} >= NEEDED


HOUSE_RULES = {
    "text_nl": "# Waarvoor\n\nWij helpen mensen tijdig.\n\n- Wij delen alleen wat nodig is.\n- Wij komen op tijd.",
    "text_fr": "# Pourquoi\n\nNous aidons des personnes à temps.\n\n- Nous partageons ce qu'il faut, et rien de plus.",
}
"""The first internal rules of each town."""
MUNICIPALITY, POLICE, CAW, CLB, NEIGHBOUR, OVERSIGHT, HOST = (
    "0999100196", "0999100295", "0999100394", "0999100493", "0999100592", "0999100691", "0999100790",
)  # fmt: skip
YOUTH_HOUSE, OCMW, CGG, SPORT = "0999100889", "0999100988", "0999101087", "0999101186"
ORGANISATIONS = (
    (MUNICIPALITY, "Gemeente Vaartbeke", "municipality"),
    (POLICE, "Politiezone Vaart", "local_police"),
    (CAW, "CAW Kanaal", "caw"),
    (CLB, "CLB Kanaal", "clb"),
    (YOUTH_HOUSE, "Jeugdhuis De Sluis", "youth_work"),
    (OCMW, "OCMW Vaartbeke", "ocmw"),
    (CGG, "CGG Kompas", "cgg"),
    (NEIGHBOUR, "Gemeente Dijkgem", "municipality"),
    (SPORT, "Buurtsport Dijkgem", "sport"),
    (OVERSIGHT, "Toezichtsorgaan", "other"),
    (HOST, "Regionale host", "other"),
)
# The numbers are those by which the register of numbers shows what Belgian ones look like: nobody is called by them.
PROFILES: Mapping[str, Mapping[str, str]] = {
    "an": {"language": "nl", "telephone": "012 34 56 78", "reachable": "maandag tot donderdag, 9 tot 16 uur"},
    "joris": {"language": "nl", "telephone": "0470 12 34 56", "reachable": "elke voormiddag"},
    "karim": {"language": "fr", "telephone": "0470 12 34 56", "reachable": ""},
    "nele": {"language": "nl", "telephone": "0470 12 34 56", "reachable": "dinsdag en donderdag; anders een bericht"},
    "wim": {"language": "nl", "telephone": "012 34 56 78", "reachable": "9 tot 12 uur"},
}
"""What some of them tell their tables of themselves."""
# The towns are invented; a cell needs the code of a real one.
VAARTBEKE = Town(
    "23088",
    "Vaartbeke (demo)",
    seats=(
        Seat("an", "coordinator", MUNICIPALITY),
        Seat("lieve", "mayor", MUNICIPALITY),
        Seat("karim", "information_officer", POLICE, cleared_days=40),
        Seat("joris", "prevention_officer", MUNICIPALITY),
        Seat("tom", "dpo", MUNICIPALITY),
        Seat("greet", "oversight", OVERSIGHT),
    ),
    partners=(
        Seat("nele", "participant", CAW, DECREE),
        Seat("sofie", "participant", CLB, DECREE),
        Seat("wout", "participant", YOUTH_HOUSE, DECREE),
        Seat("els", "participant", OCMW, DECREE),
        Seat("jonas", "participant", CGG, DECREE),
    ),
    brand_colour="#1b6c68",
    diary="vaartbeke",
)
DIJKGEM = Town(
    "23047",
    "Dijkgem (demo)",
    seats=(
        Seat("wim", "coordinator", NEIGHBOUR),
        Seat("rita", "mayor", NEIGHBOUR),
        Seat("bram", "information_officer", POLICE),
        Seat("ilse", "prevention_officer", NEIGHBOUR),
        Seat("hanne", "prevention_officer", NEIGHBOUR),
        Seat("dirk", "dpo", NEIGHBOUR),
    ),
    partners=(Seat("pieter", "participant", SPORT, DECREE), Seat("nele", "participant", CAW, DECREE)),
    brand_colour="#7a2230",
    diary="dijkgem",
    contact="veiligheid@dijkgem.example",
)
TOWNS = (VAARTBEKE, DIJKGEM)
HOST_PERSON = "hilde"

WELCOME: Mapping[str, tuple[str, str]] = {
    "an": ("coordinator", "two new signals wait, one of them urgent; a session is tomorrow; a guest has not come yet"),
    "lieve": ("mayor", "a case waits for the decision whether it goes on the list"),
    "karim": ("information officer", "a draft to go on with, a case to prepare; a clearance that ends in 40 days"),
    "joris": ("prevention officer", "two cases to prepare for tomorrow, rules to accept"),
    "nele": ("CAW worker", "a case to prepare, an action due in two days; sits at two tables"),
    "sofie": ("CLB worker, for schools", "a draft to go on with; entered the urgent signal of today"),
    "wout": ("youth worker", "an action for a case, the signal of yesterday"),
    "els": ("OCMW worker", "an action that is late, a case to prepare for tomorrow"),
    "jonas": ("CGG worker", "a case to prepare for tomorrow"),
    "tom": ("data protection officer", "the log of a month: who did and read what"),
    "greet": ("oversight", "the table from outside, without a word of a case"),
    "wim": ("coordinator of Dijkgem", "a case on the list that waits for a session, a signal by a deputy"),
    "rita": ("mayor of Dijkgem", "the one case of the town, nothing that waits"),
    "bram": ("information officer of Dijkgem", "nothing that waits"),
    "ilse": ("prevention officer of Dijkgem", "away this week; a deputy is at work"),
    "hanne": ("deputy of Ilse", "the seat of Ilse this week, the signal entered for it"),
    "dirk": ("data protection officer of Dijkgem", "the log of a few days"),
    "pieter": ("trainer in Dijkgem", "the one case with this person in its circle"),
    "hilde": ("host", "all cells and their health, no content"),
}
"""What each of the demo people is, and what they find on the day the demo was made."""
