"""Every lifetime that touches a person, as docs/lifetimes.md gives it: in the realm, in the code, long enough."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local.instance import REPOSITORY
from deploy.local.realm_admin import RealmAdmin

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
FOR_A_PERSON = ("sign-in", "work")
WHOSE = (*FOR_A_PERSON, "code", "machine", "off")
LEAST = timedelta(minutes=30)
LIFETIME = re.compile("lifespan|timeout|expir", re.IGNORECASE)
SEARCHED = (
    "services/portal/model.py",
    "services/portal/web/request/attempts.py",
    "services/portal/web/request/sign_ins.py",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    where: str
    name: str
    value: timedelta
    whose: str
    why: str


def rows() -> list[Row]:
    found = []
    for line in (REPOSITORY / "docs" / "lifetimes.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0] in ("realm", "portal", "services"):
            number, unit = cells[2].split()
            found.append(Row(cells[0], cells[1], timedelta(seconds=int(number) * UNITS[unit]), cells[3], cells[4]))
    return found


TABLE = rows()
IN_CODE = [row for row in TABLE if row.where != "realm"]
IN_REALM = {row.name: row for row in TABLE if row.where == "realm"}


def test_the_table_is_read_whole_and_says_why() -> None:
    assert len(TABLE) == len({row.name for row in TABLE}) == 33
    assert all(row.why and row.whose in WHOSE for row in TABLE)


@pytest.mark.parametrize("row", [row for row in TABLE if row.whose in FOR_A_PERSON], ids=lambda row: row.name)
def test_nobody_is_hurried(row: Row) -> None:
    assert row.value >= LEAST or row.name == "webAuthnPolicyCreateTimeout"


def test_the_portal_waits_longer_than_the_sign_in_service() -> None:
    (attempt,) = [row for row in IN_CODE if row.name.endswith("attempts:LIFETIME")]
    assert attempt.value > IN_REALM["parRequestUriLifespan"].value


@pytest.mark.parametrize("row", IN_CODE, ids=lambda row: row.name)
def test_the_code_says_the_same(row: Row) -> None:
    module, _, name = row.name.partition(":")
    assert getattr(importlib.import_module(module), name) == row.value


def spans(file: Path) -> Iterator[str]:
    """The constants of a file that are spans of time."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and "timedelta(" in ast.unparse(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("path", SEARCHED)
def test_each_span_of_the_code_is_in_the_table(path: str) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    found = {f"{module}:{name}" for name in spans(REPOSITORY / path)}
    assert found
    assert found == {row.name for row in IN_CODE if row.name.startswith(f"{module}:")}


async def in_the_realm(admin: RealmAdmin) -> dict[str, int]:
    """Every lifetime of the running realm that is set, in seconds."""
    realm: dict[str, Any] = await admin.get()
    told = {**realm["attributes"], **realm}
    found = {name: int(value) for name, value in told.items() if LIFETIME.search(name) and not isinstance(value, bool)}
    return {name: seconds for name, seconds in found.items() if seconds or name in IN_REALM}


async def test_the_running_realm_says_the_same(admin: RealmAdmin) -> None:
    found = await in_the_realm(admin)
    found |= {"otpPolicyPeriod": (await admin.get())["otpPolicyPeriod"], "loa-max-age": await level_lasts(admin)}
    assert found == {name: row.value.total_seconds() for name, row in IN_REALM.items()}


async def level_lasts(admin: RealmAdmin) -> int:
    """How long a level lasts, the same in each flow."""
    ages = set()
    for flow in ("rt-browser", "stepup", "mfa"):
        for step in await admin.get(f"authentication/flows/{flow}/executions"):
            if "authenticationConfig" in step:
                config = (await admin.get(f"authentication/config/{step['authenticationConfig']}"))["config"]
                ages |= {config[name] for name in config.keys() & {"loa-max-age"}}
    (age,) = ages
    return int(age)


async def test_the_search_finds_lifetimes(admin: RealmAdmin) -> None:
    found = await in_the_realm(admin)
    assert {"parRequestUriLifespan", "accessCodeLifespanLogin", "offlineSessionMaxLifespan"} <= found.keys()
    assert set(spans(REPOSITORY / "services" / "portal" / "model.py")) > {"IDLE", "SITTING"}
