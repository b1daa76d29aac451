"""A deputy of the prevention officer of a table, whose turn has begun: the officer is absent today and tomorrow."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.local.caller import Answer, Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.invited import code_of
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.towns import LAW, MUNICIPALITY
from tests.e2e.bodies import Pen, day
from tests.e2e.table import Table
from tests.e2e.waiting import until


@dataclass(frozen=True, slots=True)
class Turn:
    """The deputy at the API and by the name of the account; both mandates; the absence; and what the deputy wrote."""

    deputy: Caller
    account: str
    mandate_id: str
    holder_id: str
    absence: Answer
    signal: str


@asynccontextmanager
async def turn(platform: Platform, table: Table) -> AsyncIterator[Turn]:
    """Invited by the coordinator, named, at work: the holder said so, and the deputy entered a signal."""
    person = Person.invent(f"deputy-{secrets.token_hex(4)}", "Dora Vervanger", f"{secrets.token_hex(4)}.example")
    async with platform.keycloak.admin() as admin:
        await People(platform.instance).add(admin, [person])
    flow, an = CodeFlow(platform.instance), table["an"]
    mandates = (await an.get(table.path("mandates"), page_size=50)).body["mandates"]
    holder = next(mandate["mandate_id"] for mandate in mandates if mandate["given_name"] == "Joris")
    async with api_client(platform.instance.portal_url) as http:
        deputy = Caller(http, lambda: flow.token(person.name))
        mandate = await _given(platform, table, person, deputy)
        # Given in full, then named, then at work: heard one after the other, else what is allowed is not yet the turn.
        await _until_found(deputy, table, 200)
        naming = {"holder_id": holder, "when": "absent"}
        await an.post(table.path(f"mandates/{mandate}/deputy"), naming, if_match='"2"')
        await _until_found(deputy, table, 404)
        away = {"first_day": day(0), "last_day": day(1)}
        absence = await table["joris"].post(table.path(f"mandates/{holder}/absences"), away)
        await _until_found(deputy, table, 200)
        made = await deputy.post(table.path("signals"), Pen().signal(table.nis_code))
        yield Turn(deputy, person.name, mandate, holder, absence, table.path(f"signals/{made.body['id']}"))


async def _until_found(deputy: Caller, table: Table, status: int) -> None:
    """Until the case and the meeting service have heard of the mandate as it is: both answer so."""

    async def asked() -> bool | None:
        found = [(await deputy.send("GET", table.path(path))).status_code for path in ("signals", "sessions")]
        return found == [status, status] or None

    await until(f"the services answer the deputy with {status}", asked)


async def _given(platform: Platform, table: Table, person: Person, deputy: Caller) -> str:
    """A mandate like the holder's, and secrecy promised; its id."""
    body = {
        "email": person.email, "given_name": person.first_name, "family_name": person.last_name,
        "kbo_number": MUNICIPALITY, "role": "prevention_officer", "nis_codes": [table.nis_code], "from": day(0),
        "to": day(300), "legal_basis": LAW,
    }  # fmt: skip
    invitation = (await table["an"].post(table.path("mandates"), body)).body["id"]
    code = {"code": await code_of(platform.instance, invitation)}
    mandate: str = (await deputy.post(table.path(f"invitations/{invitation}/accept"), code)).body["id"]
    mine = (await deputy.get("/me")).body["cells"][0]
    await deputy.post(table.path("undertakings"), {"text_version": mine["undertaking_text_version"]})
    return mandate
