"""Access as data: a table from handler to rule, read in a minute by an auditor. A missing line is a refusal.

The table says which role in this cell may do it; town, circle and part are held by the rows themselves (row security),
state by the handler.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Handler = Callable[[Any, Any], Awaitable[Any]]


class Role(StrEnum):
    """What a mandate lets a person be in a cell (docs/glossary.md); `host` alone is of the platform."""

    MAYOR = "mayor"
    MAYOR_DELEGATE = "mayor_delegate"
    POLICE_CHIEF = "police_chief"
    INFORMATION_OFFICER = "information_officer"
    PREVENTION_OFFICER = "prevention_officer"
    COORDINATOR = "coordinator"
    PARTICIPANT = "participant"
    MINUTE_TAKER = "minute_taker"
    DPO = "dpo"
    OVERSIGHT = "oversight"
    HOST = "host"


EVERYBODY = frozenset(Role) - {Role.HOST}
"""All there is in a cell. Who acts for the host does so in the platform's tenant and holds nothing in any cell."""

TABLE = EVERYBODY - {Role.DPO, Role.OVERSIGHT}
"""Those who sit at the table."""

SEATS: Mapping[str, frozenset[Role]] = {
    "mayor": frozenset({Role.MAYOR, Role.MAYOR_DELEGATE}),
    "police": frozenset({Role.POLICE_CHIEF, Role.INFORMATION_OFFICER}),
    "prevention": frozenset({Role.PREVENTION_OFFICER}),
}
"""The mandatory seats (law of 30 July 2018; invariant 3) and the roles that may take them."""


class Verb(StrEnum):
    """What an act does to personal data; the `verb` of the audit leaf (services/audit/model/leaf.py)."""

    COLLECT = "collect"
    ALTER = "alter"
    CONSULT = "consult"
    DISCLOSE = "disclose"
    COMBINE = "combine"
    ERASE = "erase"
    DECIDE = "decide"
    SIGN_IN = "sign_in"
    ADMINISTER = "administer"


class DatabaseRole(StrEnum):
    """As which role of its service's database a handler works, each with a password of its own (decision 25).

    `app`: what people do and ask. `hearing`: what others tell, and nothing people say. `erasing`: takes away keys and
    content, and can read neither. `keys`: wraps keys anew. `clock`: sees which terms are due in all cells, and nothing
    else. What each may do, the migrations grant (kit/grants.py).
    """

    APP = "app"
    HEARING = "hearing"
    ERASING = "erasing"
    KEYS = "keys"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may run a handler and how it is recorded.

    `roles`: any valid mandate with one of them grants. `host`: the host's clients may; its people need the role
    `host`. `systems`: named processes may. `signed_in`: any person, mandate or not (only for what concerns the person
    alone). `undertaking` and `second_factor` are asked of persons; the host's people have no cell to undertake
    secrecy for. `purpose` is a constant of the handler, never typed in. `database_role`: as whom it works in the
    database; the record of a refusal is written as the same. `action`: what records and repeats call it where the
    handler has another name meanwhile. `scope`: the field of the command that names the one person or sign-in it
    concerns, where the walls of the directory or the portal ask for it (`rondetafel.about`). `unnamed`: who acted
    stands in the record and nowhere else, not with the key of the request either.
    `recorded=False` is for the log's own merging alone, else it would record itself without end.
    """

    verb: Verb
    roles: frozenset[Role] = frozenset()
    host: bool = False
    systems: frozenset[str] = frozenset()
    signed_in: bool = False
    undertaking: bool = True
    second_factor: bool = True
    fields: tuple[str, ...] = ("frame",)
    purpose: str = "prevent_terrorist_offences"
    recorded: bool = True
    database_role: DatabaseRole = DatabaseRole.APP
    action: str = ""
    scope: str = ""
    unnamed: bool = False


Policy = Mapping[Handler, Rule]
