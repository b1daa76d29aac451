"""Requests about one's own sign-ins, for the isolation matrix: what is ended is nobody's who is needed afterwards."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import uuid4

from deploy.local.caller import Caller
from deploy.local.code_flow import CodeFlow
from deploy.local.people import People, Person
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2_grpc
from services.kit.calling import call_metadata
from services.kit.channel import Channel
from services.kit.clock import utc_now
from services.kit.identities import sign_in_id
from services.kit.principal import PLATFORM
from tests.patience import ANSWERED_WITHIN
from tests.security.asks import Ask
from tests.security.world import World

NOTED = {"session_id": "of-nobody", "person_id": str(uuid4()), "browser": "edge", "until": "2026-11-24T09:00:00Z"}
"""One that is over: nobody has it."""


async def another_sign_in(world: World) -> Ask:
    """One more of the insider, as the portal notes it."""
    assert world.platform is not None
    instance, sid = world.platform.instance, secrets.token_urlsafe(18)
    target = f"127.0.0.1:{instance.ports.grpc['partner_directory']}"
    channel = Channel(target, "partner_directory", instance.tls("portal"))
    note = pb.NoteSignInRequest(session_id=sid, person_id=world.person_ids["insider"], browser="edge")
    note.until.FromDatetime(utc_now() + timedelta(minutes=30))
    try:
        stub = partner_directory_pb2_grpc.IdentityServiceStub(channel.get())
        await stub.NoteSignIn(note, metadata=call_metadata(PLATFORM), timeout=ANSWERED_WITHIN)
    finally:
        await channel.close()
    return Ask({"sign_in": str(sign_in_id(sid))}, {})


async def robbed(world: World) -> Ask:
    """Somebody new, who will be signed out everywhere."""
    assert world.platform is not None
    instance, tag = world.platform.instance, secrets.token_hex(4)
    name = f"robbed-{tag}"
    async with world.platform.keycloak.admin() as admin:
        await People(instance).add(admin, [Person.invent(name, "Robbed Test", f"{tag}.example")])
    flow = CodeFlow(instance)
    world.people["robbed"] = Caller(world.http, lambda: flow.token(name))
    return Ask(body={})
