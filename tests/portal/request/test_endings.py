"""An ended sign-in is told to the directory at once, and who was shut out is nobody at this door (invariant 15)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import grpc
import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.errors import Unauthenticated
from services.kit.identities import Revocation, Revoked, identity_id, person_id, sign_in_id
from services.kit.principal import PLATFORM, system
from services.kit.revocations import ApplyRevocations, apply_revocations
from services.portal.commands.save_draft import SaveDraft, save_draft
from services.portal.queries.list_drafts import ListDrafts, list_drafts
from services.portal.web.request import endings
from tests.background import running
from tests.kit.issuer import ISSUER
from tests.patience import HANGS_AFTER
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told, csrf_of

ME = person_id(ISSUER, "a-subject")
NUMBERS = iter(range(1, 10**6))


@pytest.fixture(autouse=True)
async def let_in_again(front: Front, servers: Servers) -> AsyncIterator[None]:
    """It is the same person in every test."""
    yield
    administrator = await servers.postgres.connect("rondetafel_portal")
    await administrator.execute("TRUNCATE revoked")
    await administrator.close()


def told_directory(backends: Backends) -> list[str]:
    return [call.request.session_id for call in backends.calls if call.method == "EndSignIn"]


async def sign_out(front: Front) -> None:
    answer = await front.client.post("/signout", data={"csrf_token": await csrf_of(front)})
    assert answer.status_code == 303


async def revoked(front: Front, name: UUID, kind: Revoked, *, all: bool = True) -> None:
    """The portal's table says so; this process's memory was told nothing."""
    one = Revocation(name, kind, front.harness.clock.now, all, next(NUMBERS))
    by = system("portal.consumer", PLATFORM)
    await front.harness.executor.run(by, apply_revocations, ApplyRevocations((one,), heard=True))


@pytest.mark.parametrize("way", ["sign-out", "back-channel", "refused refresh"])
async def test_however_a_sign_in_ends_the_directory_is_told_at_once(front: Front, backends: Backends, way: str) -> None:
    await front.sign_in()
    assert told_directory(backends) == []
    if way == "sign-out":
        await sign_out(front)
    elif way == "back-channel":
        token = {"logout_token": front.keycloak.logout_token()}
        assert (await front.client.post("/signin/backchannel-logout", data=token)).status_code == 200
    else:
        front.advance(minutes=4, seconds=50)
        front.keycloak.refuses = True
        assert (await front.client.get("/api/v1/me")).status_code == 401
    assert set(told_directory(backends)) == {front.keycloak.sid}


async def test_a_directory_that_is_away_holds_nobody_up_and_is_told_again(
    front: Front, backends: Backends, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endings, "AGAIN_SECONDS", 0.0)
    await front.sign_in()
    backends.answers["EndSignIn"] = grpc.StatusCode.UNAVAILABLE
    await sign_out(front)
    assert await told.ended() == 1
    assert (await front.client.get("/api/v1/me")).status_code == 401
    async with running(front.web.sign_ins.endings.run()), asyncio.timeout(HANGS_AFTER):
        while len(told_directory(backends)) < 3:
            await asyncio.sleep(0)
        backends.answers.clear()
        while front.web.sign_ins.endings._missed:
            await asyncio.sleep(0)
    assert set(told_directory(backends)) == {front.keycloak.sid}


async def test_a_browser_of_somebody_shut_out_is_signed_out_at_once_and_for_good(front: Front) -> None:
    await front.sign_in()
    assert (await front.client.get("/me")).status_code == 200
    await revoked(front, ME, Revoked.SUBJECT)
    assert (await front.client.get("/me")).status_code == 303
    assert (await front.client.get("/api/v1/me")).status_code == 401
    front.advance(minutes=1)
    await revoked(front, ME, Revoked.SUBJECT, all=False)
    assert (await front.client.get("/me")).status_code == 303
    front.advance(minutes=1)
    front.keycloak.sid = "another-session"
    await front.sign_in()
    assert (await front.client.get("/me")).status_code == 200


async def test_a_late_form_of_somebody_shut_out_is_not_kept(front: Front) -> None:
    await front.sign_in()
    shown = {"shown": front.web.proofs.of(ME, "/me/sign-in"), "csrf_token": await csrf_of(front)}
    late = shown | {"text": "typed", "key": str(uuid4())}
    front.advance(minutes=31)
    assert "kept" in (await front.client.post("/me/sign-in", data=late)).headers["location"]
    await revoked(front, ME, Revoked.SUBJECT)
    assert "kept" not in (await front.client.post("/me/sign-in", data=late)).headers["location"]


@pytest.mark.parametrize("kind", [Revoked.SESSION, Revoked.PROVIDER, Revoked.ORGANISATION])
async def test_what_a_person_keeps_here_is_out_of_reach_of_a_revoked_token(front: Front, kind: Revoked) -> None:
    names = {Revoked.SESSION: str(uuid4()), Revoked.PROVIDER: str(uuid4()), Revoked.ORGANISATION: str(uuid4())}
    organisation = {"caw": {"id": names[Revoked.ORGANISATION]}}
    bent = {"sid": names[Revoked.SESSION], "idp": names[Revoked.PROVIDER], "organization": organisation}
    token = await front.web.verifier.verify(front.keycloak.token(**bent))
    own = front.web.sign_ins.own
    await own(ME, save_draft, SaveDraft("/x", uuid4(), {"text": ["typed"]}), by=token)
    assert await own(ME, list_drafts, ListDrafts(), by=token)
    await revoked(front, identity_id(ISSUER, kind, names[kind]), kind)
    for handler, command in ((list_drafts, ListDrafts()), (save_draft, SaveDraft("/x", uuid4(), {"text": ["more"]}))):
        with pytest.raises(Unauthenticated):
            await own(ME, handler, command, by=token)  # type: ignore[arg-type]


async def test_a_sign_in_that_ended_elsewhere_does_not_begin_here(front: Front) -> None:
    """Another process ended it, and this one's memory does not know: the row does."""
    front.keycloak.sid = str(uuid4())
    await revoked(front, sign_in_id(front.keycloak.sid), Revoked.SESSION)
    assert (await front.sign_in()).status_code == 401
    assert front.keycloak.used[-1]["path"] == "logout"
    front.keycloak.sid = str(uuid4())
    assert (await front.sign_in()).status_code == 303


async def test_only_the_fields_of_the_operation_reach_the_directory(front: Front, backends: Backends) -> None:
    for verb, message in (
        ("disable", directory_pb.DisableIdentityRequest(kind="provider", value="caw")),
        ("enable", directory_pb.EnableIdentityRequest(kind="provider", value="caw")),
    ):
        answer = await front.client.post(
            f"/api/v1/identities/{verb}",
            json={"kind": "provider", "value": "caw"},
            headers={**front.bearer(), "Idempotency-Key": "k"},
        )
        assert answer.status_code == 200
        assert backends.last.request == message
        assert backends.last.metadata["rondetafel-cell"] == str(PLATFORM)
