"""What a provider says of itself is read with suspicion: of whom, from where, how much and how long."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from services.kit.errors import RondetafelError
from services.partner_directory import fetching as asking
from services.partner_directory.errors import (
    IssuerAddressRefused,
    IssuerAlgorithmUnsupported,
    IssuerUnreachable,
    IssuerWrong,
    NotAnIssuer,
)
from services.partner_directory.fetching import GuardedNetwork
from services.partner_directory.issuers import MOST_BYTES, Issuers


class Partner:
    """A server of this machine that says what the test wants; `asked` are the paths it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = "200 OK"
        self.body: bytes | None = None
        self.changes: dict[str, Any] = {}
        self.silent = asyncio.Event()
        self.silent.set()
        self.port = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/partner"

    @property
    def document(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["HS256", "RS256"],
        }  # fmt: skip
        return said | self.changes

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        await self.silent.wait()
        body = self.body if self.body is not None else json.dumps(self.document).encode()
        head = f"HTTP/1.1 {self.status}\r\nlocation: {self.issuer}\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        writer.close()


@pytest.fixture
async def partner() -> AsyncIterator[Partner]:
    partner = Partner()
    async with await asyncio.start_server(partner.answer, "127.0.0.1", 0) as server:
        partner.port = server.sockets[0].getsockname()[1]
        yield partner
        partner.silent.set()


async def test_it_is_read_at_its_well_known_place(partner: Partner) -> None:
    for typed in (partner.issuer, f"{partner.issuer}/"):
        says = await Issuers(own_machine=True).read(typed)
        assert (says.issuer, says.token_endpoint) == (partner.issuer, f"{partner.issuer}/token")
    assert partner.asked == ["/realms/partner/.well-known/openid-configuration"] * 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"issuer": "https://elsewhere.example"}, IssuerWrong),
        ({"issuer": "https://login.example/{tenantid}/v2.0"}, IssuerWrong),
        ({"issuer": 7}, NotAnIssuer),
        ({"jwks_uri": None}, NotAnIssuer),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, IssuerAlgorithmUnsupported),
        ({"id_token_signing_alg_values_supported": "RS256"}, IssuerAlgorithmUnsupported),
        ({"token_endpoint": "http://10.0.0.1/token"}, IssuerAddressRefused),
        ({"token_endpoint": "https://10.0.0.1/token"}, IssuerAddressRefused),
        ({"jwks_uri": "https://169.254.169.254/latest"}, IssuerAddressRefused),
        ({"jwks_uri": "file:///etc/passwd"}, IssuerAddressRefused),
        ({"authorization_endpoint": "javascript:alert(1)"}, IssuerAddressRefused),
    ],
)
async def test_what_it_says_is_checked(partner: Partner, changes: dict[str, Any], refusal: type[Exception]) -> None:
    issuers = Issuers(own_machine=True)
    assert await issuers.read(partner.issuer)
    partner.changes = changes
    with pytest.raises(refusal) as refused:
        await issuers.read(partner.issuer)
    assert isinstance(refused.value, RondetafelError)
    assert refused.value.field == "issuer"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b"<html>"), ("200 OK", b"[]"), ("200 OK", b"[" * 60_000), ("404 Not Found", b"{}"),
        ("302 Found", b""), ("200 OK", b'{"a": "' + b"x" * MOST_BYTES + b'"}'),
    ],
)  # fmt: skip
async def test_what_is_no_document_is_no_issuer(partner: Partner, status: str, body: bytes) -> None:
    """A redirect is not followed, and no more is read than a page."""
    partner.status, partner.body = status, body
    with pytest.raises(NotAnIssuer):
        await Issuers(own_machine=True).read(partner.issuer)
    assert len(partner.asked) == 1


async def test_one_that_is_silent_or_away_is_unreachable(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ISSUER_SECONDS", 0.2)
    partner.silent.clear()
    with pytest.raises(IssuerUnreachable):
        await Issuers(own_machine=True).read(partner.issuer)
    with pytest.raises(IssuerUnreachable):
        await Issuers(own_machine=True).read("http://127.0.0.1:1/realms/partner")


async def test_elsewhere_this_machine_is_not_asked(partner: Partner) -> None:
    for issuer in (partner.issuer, partner.issuer.replace("http:", "https:")):
        with pytest.raises(IssuerAddressRefused):
            await Issuers().read(issuer)
    assert partner.asked == []
    assert await Issuers(own_machine=True).read(partner.issuer)


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example", "ftp://login.example", "https://", "login.example", "https://user:secret@login.example",
        "https://login.example?a=b", "https://login.example#a", "https://[::1", "https://login.example:port",
        "https://10.1.2.3", "https://192.168.1.1", "https://[::1]", "https://[::ffff:10.0.0.1]", "https://[fd00::1]",
        "https://169.254.169.254", "https://0.0.0.0", "https://224.0.0.1", "https://büro.example",
        "https://a b.example", "https://100.64.0.1",
    ],
)  # fmt: skip
async def test_only_public_addresses_with_encryption_are_asked(address: str) -> None:
    with pytest.raises(IssuerAddressRefused):
        await Issuers().read(address)


def leading_to(*addresses: str) -> Callable[..., Awaitable[Any]]:
    async def look_up(host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    return look_up


async def test_a_name_is_judged_by_all_that_it_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the address that was judged is the one that is connected to: it is looked up once."""
    network, loop = GuardedNetwork(own_machine=False), asyncio.get_running_loop()
    monkeypatch.setattr(loop, "getaddrinfo", leading_to("93.184.216.34"))
    assert await network.judged("login.example", 443) == "93.184.216.34"
    for addresses in (("10.0.0.1",), ("93.184.216.34", "127.0.0.1"), ("93.184.216.34", "::1"), ()):
        monkeypatch.setattr(loop, "getaddrinfo", leading_to(*addresses))
        with pytest.raises(IssuerAddressRefused):
            await network.judged("login.example", 443)


@pytest.mark.parametrize(
    ("ends", "kept"),
    [
        ("https://10.0.0.1/logout", False), ("http://elsewhere.example/logout", False), (7, False), (None, False),
        ("ftp://127.0.0.1/logout", False), ("http://127.0.0.1:1/logout", True),
    ],
)  # fmt: skip
async def test_where_it_may_not_ask_the_sign_in_service_says_of_no_sign_out(
    partner: Partner, ends: object, kept: bool
) -> None:
    """A provider without such an address is one all the same."""
    partner.changes = {"end_session_endpoint": ends}
    says = await Issuers(own_machine=True).read(partner.issuer)
    assert says.end_session_endpoint == (ends if kept else "")
