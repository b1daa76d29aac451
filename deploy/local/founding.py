"""Founds an invented cell in the past: its first coordinator and mayor, so long ago that content is open today.

The product waits 72 hours after the host gave them, and knows no way round it. So what the demo and the tests live
through began earlier, as their history did: the handler of the running directory, with its clock set. The records say
when, and nobody but who holds the instance's keys can do it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.local.past import past
from deploy.local.platform import Platform
from services.kit.clock import utc_now
from services.kit.identities import person_id
from services.kit.policy import Role
from services.partner_directory.commands.invite_person import InvitePerson, invite_person
from services.partner_directory.giving import WhoIs

AGO = timedelta(days=60)
"""So long ago the invented cells were founded, and their mandates began: a month of history needs them."""


async def found(platform: Platform, host_token: str, cell_id: UUID, mandate: Mapping[str, Any]) -> UUID:
    """The host's client gives a founding mandate, as the body at the API would say it; gives its id.

    Raises the handler's errors. The person must have an account.
    """
    issuer = platform.instance.issuer

    async def who_is(question: WhoIs) -> UUID:
        async with platform.keycloak.admin() as admin:
            (user,) = await admin.get("users", email=question.email, exact=True)
        return person_id(issuer, user["id"])

    command = InvitePerson(
        email=mandate["email"],
        given_name=mandate["given_name"],
        family_name=mandate["family_name"],
        kbo_number=mandate["kbo_number"],
        role=Role(mandate["role"]),
        nis_codes=tuple(mandate["nis_codes"]),
        first_day=date.fromisoformat(mandate["from"]),
        last_day=date.fromisoformat(mandate["to"]),
        legal_basis=mandate["legal_basis"],
        clearance_until=None,
    )
    key = str(uuid5(NAMESPACE_URL, f"founding {cell_id} {sorted(mandate.items())}"))
    async with past(platform) as then:
        host = person_id(issuer, _subject(host_token))
        receipt = await then.act_as_host(
            host, cell_id, utc_now() - AGO, invite_person, command, key=key, answerers={WhoIs: who_is}
        )
    return receipt.id


def _subject(token: str) -> str:
    """Whose token it is; ours, so its signature is nobody's question here."""
    payload = token.split(".")[1]
    subject: str = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
    return subject
