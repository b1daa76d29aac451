"""Headers: whose address counts, what is not passed on, and cookies that every parser reads alike."""

from __future__ import annotations

import pytest

from services.gate.headers import (
    Callers,
    Public,
    cookies_of,
    neighbourhood,
    networks,
    request_headers,
    response_headers,
)

PUBLIC = Public.of("https://signin.example/realms/rondetafel")
OURS = Callers(networks("10.0.0.0/8, 2001:db8::/32"))


def forwarded(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", value.encode()) for value in values]


def test_keycloak_is_told_the_public_address_and_whose_request_it_is() -> None:
    said = dict(request_headers([(b"accept", b"*/*")], [("a", "b")], PUBLIC.headers("192.0.2.7"), plain=True))
    assert said == {
        b"accept": b"*/*", b"cookie": b"a=b", b"host": b"signin.example", b"x-forwarded-for": b"192.0.2.7",
        b"x-forwarded-host": b"signin.example", b"x-forwarded-port": b"443", b"x-forwarded-proto": b"https",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "host", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port",
        "x-forwarded-prefix", "x-original-url", "x-rewrite-url", "x-http-method-override", "ssl-client-cert",
        "authorization", "connection", "transfer-encoding", "te", "upgrade", "x-real-ip", "content-length",
    ],
)  # fmt: skip
def test_what_a_client_says_of_hosts_addresses_and_certificates_stays_here(name: str) -> None:
    sent = [(name.encode(), b"evil.example"), (b"user-agent", b"x")]
    said = request_headers(sent, [], PUBLIC.headers("192.0.2.7"), plain=False)
    assert (b"user-agent", b"x") in said
    assert not any(b"evil" in value for _, value in said)


def test_only_our_own_proxies_say_whose_request_it_is() -> None:
    assert OURS.address("10.0.0.1", forwarded("192.0.2.7")) == "192.0.2.7"
    assert OURS.address("10.0.0.1", forwarded("1.1.1.1, 192.0.2.7, 10.0.0.2")) == "192.0.2.7", "the last not ours"
    assert OURS.address("10.0.0.1", forwarded("1.1.1.1", "192.0.2.7")) == "192.0.2.7"
    assert OURS.address("198.51.100.4", forwarded("192.0.2.7")) == "198.51.100.4", "anybody may write that"
    assert Callers([]).address("127.0.0.1", forwarded("192.0.2.7")) == "127.0.0.1"
    for nothing in ([], forwarded(""), forwarded("unknown"), forwarded("10.0.0.3")):
        assert OURS.address("10.0.0.1", nothing) == "10.0.0.1"


def test_one_house_is_one_address() -> None:
    assert neighbourhood("192.0.2.7") == "192.0.2.7"
    assert neighbourhood("2001:db8:1:2:3::4") == neighbourhood("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:3::4") != neighbourhood("2001:db8:1:2::4")
    assert neighbourhood("::ffff:192.0.2.7") == "192.0.2.7"


def test_cookies_pass_that_every_parser_reads_alike() -> None:
    sent = [(b"cookie", b'AUTH_SESSION_ID=a+b; AUTH_SESSION_ID=abc-_9; KC_AUTH_SESSION_HASH="a/b+c="; x=1,y=2; =z; n')]
    assert cookies_of(sent) == [("AUTH_SESSION_ID", "abc-_9"), ("KC_AUTH_SESSION_HASH", '"a/b+c="')]
    assert cookies_of([(b"cookie", b"a=1"), (b"cookie", b"b=2")]) == [("a", "1"), ("b", "2")]
    assert len(cookies_of([(b"cookie", b"a=1;" * 100_000)])) == 60
    assert cookies_of([(b"cookie", "a=é; b=2".encode())]) == [("b", "2")]


def test_each_cookie_that_is_set_goes_back_by_itself() -> None:
    came = [
        (b"Set-Cookie", b"a=1; Path=/"), (b"Set-Cookie", b"b=2, 3"), (b"Connection", b"close"), (b"Date", b"now"),
        (b"Transfer-Encoding", b"chunked"), (b"Location", b"/x"), (b"Server", b"y"),
    ]  # fmt: skip
    assert response_headers(came) == [
        (b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2, 3"), (b"location", b"/x"),
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["signin.example", "ftp://signin.example", "https://"])
def test_the_public_address_is_one(address: str) -> None:
    with pytest.raises(ValueError, match="no web address"):
        Public.of(address)
