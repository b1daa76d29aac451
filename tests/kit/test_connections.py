"""What one client may send and hold open, tried with bytes against the installed server; a good request passes always.

Times are tiny limits given to the server, and what is waited for is its closing.
"""

from __future__ import annotations

import asyncio

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.kit.connections import Bounded
from services.kit.limits import Limits, networks_of
from tests.kit.raw import HELLO, Raw, Served, serving

TINY = 0.05
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


def get(*headers: bytes, target: bytes = b"/") -> bytes:
    """A GET that ends its connection."""
    return b"".join([LAST.replace(b" / ", b" " + target + b" "), *(header + b"\r\n" for header in headers), b"\r\n"])


def status(answer: bytes) -> int:
    """The status of the first answer, 0 for none."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


def test_the_hooks_are_those_of_the_installed_server() -> None:
    """Every hook overridden here is one that uvicorn still has; a renamed one would never be called."""
    ours = [name for name, value in vars(Bounded).items() if callable(value) and not name.startswith("_")]
    assert len(ours) == 11
    for name in ours:
        assert callable(getattr(HttpToolsProtocol, name)), name


TOO_MUCH = {
    "a header of 24 kB": (431, get(b"X: " + b"x" * 24_000)),
    "a cookie of 24 kB": (431, get(b'Cookie: a="' + b"\\073" * 6_000 + b'"')),
    "a cookie of 120 kB": (431, get(b'Cookie: a="' + b"\\073" * 30_000 + b'"')),
    "a cookie of 5 kB": (431, get(b"Cookie: a=" + b"x" * 5_000)),
    "many headers": (431, get(*(b"X%d: x" % number for number in range(150)))),
    "many headers of one kilobyte": (431, get(*(b"X%d: " % number + b"x" * 1_000 for number in range(17)))),
    "many cookies": (431, get(b"Cookie: " + b"; ".join(b"a%d=1" % number for number in range(51)))),
    "many cookies in many headers": (431, get(*(b"Cookie: a=1; b=2" for _ in range(26)))),
    "a long target": (414, get(target=b"/" + b"x" * 8_000)),
    "a long query": (414, get(target=b"/?" + b"x" * 8_000)),
}


@pytest.mark.parametrize("name", TOO_MUCH)
async def test_a_head_is_bounded_and_refused_before_anything_reads_it(name: str) -> None:
    expected, request = TOO_MUCH[name]
    async with serving() as served:
        assert status(await served.ask(get(b"Cookie: a=" + b"x" * 4_000, b"X: " + b"x" * 4_000))) == 200
        seen = len(served.app.seen)
        answer = await served.ask(request)
        assert status(answer) == expected
        assert b"application/problem+json" in answer
        assert b"connection: close" in answer
        assert len(served.app.seen) == seen
        assert status(await served.ask(get())) == 200


CHUNKED = b"Transfer-Encoding: chunked"
TWO_MEANINGS = {
    "two lengths": [b"Content-Length: 5", b"Content-Length: 6"],
    "a length twice": [b"Content-Length: 5", b"Content-Length: 5"],
    "a list of lengths": [b"Content-Length: 5, 5"],
    "a signed length": [b"Content-Length: +5"],
    "a negative length": [b"Content-Length: -5"],
    "a length in other digits": [b"Content-Length: \xb2"],
    "a length without end": [b"Content-Length: 99999999999999999999999"],
    "length, then chunks": [b"Content-Length: 5", CHUNKED],
    "chunks, then length": [CHUNKED, b"Content-Length: 5"],
    "chunks that are none": [b"Transfer-Encoding: xchunked"],
    "chunks not last": [b"Transfer-Encoding: chunked, identity"],
    "chunks, then something": [CHUNKED, b"Transfer-Encoding: identity"],
    "a space before the colon": [b"Transfer-Encoding : chunked"],
    "a folded line": [b"X: a", b" Content-Length: 5"],
    "a line end within": [b"X: a\nContent-Length: 5"],
    "a NUL within": [b"X: a\0b"],
}


@pytest.mark.parametrize("name", TWO_MEANINGS)
async def test_a_request_that_another_server_could_read_otherwise_is_refused(name: str) -> None:
    """Request smuggling: where a body ends is never a matter of opinion."""
    first = LAST.replace(b"GET", b"POST").removesuffix(b"Connection: close\r\n")
    body = b"0\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n"
    async with serving() as served:
        assert status(await served.ask(first, CHUNKED, b"\r\nConnection: close\r\n\r\n0\r\n\r\n")) == 200
        answer = await served.ask(first, *(meaning + b"\r\n" for meaning in TWO_MEANINGS[name]), b"\r\n", body)
        assert status(answer) in (0, 400)
        assert "/second" not in {scope["path"] for scope in served.app.seen}


async def test_a_header_after_the_body_is_refused() -> None:
    """It would come to the application when all guards have read the headers."""
    first = LAST.replace(b"GET", b"POST") + CHUNKED + b"\r\n\r\n0\r\n"
    async with serving() as served:
        assert status(await served.ask(first, b"\r\n")) == 200
        assert status(await served.ask(first, b"Authorization: Bearer x\r\n\r\n")) == 0


async def test_requests_sent_ahead_are_bounded() -> None:
    async with serving(Limits(pipelined=2)) as served:
        assert (await served.ask(HELLO * 2 + get())).count(b"200 OK") == 3
        assert status(await served.ask(HELLO * 10_000)) == 0


@pytest.mark.parametrize("opening", [b"GET / HTTP/1.1\r\nX: ", b"GET /", b"GET / HTTP/1.1\r\n"])
async def test_sixteen_megabytes_of_head_are_not_taken_in(opening: bytes) -> None:
    filling = b"x" * 65_536 if not opening.endswith(b"1.1\r\n") else b"A: b\r\n" * 10_923
    async with serving() as served:
        answer = await served.ask(opening, *[filling] * 256)
        assert status(answer) in (414, 431)
        assert served.app.seen == []


HALF_SENT = [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"\r\n"]


@pytest.mark.parametrize("half", HALF_SENT)
async def test_four_hundred_half_sent_connections_are_closed(half: bytes) -> None:
    async with serving(Limits(head_seconds=TINY, linger_seconds=TINY)) as served:
        waiting = [await served.connect() for _ in range(400)]
        for raw in waiting:
            await raw.send(half)
        answers = await asyncio.gather(*(raw.answer() for raw in waiting))
        assert {status(answer) for answer in answers} <= {0, 408}
        await _left(served, 0)
        assert served.app.seen == []


@pytest.mark.parametrize("half", HALF_SENT[1:])
async def test_a_head_that_stays_half_is_told_so(half: bytes) -> None:
    async with serving(Limits(head_seconds=TINY)) as served:
        raw = await _held(served)
        await raw.send(half)
        assert status(await raw.answer()) == 408


@pytest.mark.parametrize(("begun", "drop"), [(b"GET / HTTP/1.1\r\nX: ", b"x"), (b"\r\n", b"\r\n")])
async def test_a_head_that_comes_drop_by_drop_has_no_more_time(begun: bytes, drop: bytes) -> None:
    """The time runs from the first byte, whatever comes meanwhile; empty lines before a request are no exception."""
    async with serving(Limits(head_seconds=TINY)) as served:
        raw = await _held(served)

        async def drip() -> None:
            await raw.send(begun)
            while not raw.reader.at_eof():
                await raw.send(drop)
                await asyncio.sleep(0.005)

        dripping = asyncio.create_task(drip())
        assert status(await raw.answer()) == 408
        await dripping


async def test_a_body_that_does_not_come_ends_the_connection() -> None:
    """Also where nobody reads it, as behind a GET."""
    for method in (b"POST", b"GET"):
        async with serving(Limits(message_seconds=TINY)) as served:
            raw = await served.connect()
            await raw.send(method + b" / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            assert await raw.answer() == b""


async def test_a_connection_that_asks_nothing_more_is_closed() -> None:
    async with serving(Limits(idle_seconds=0)) as served:
        raw = await served.connect()
        await raw.send(HELLO)
        assert status(await raw.answer()) == 200


async def test_who_does_not_read_the_answer_is_let_go() -> None:
    async with serving(Limits(write_seconds=TINY)) as served:
        raw = await served.connect()
        await raw.send(HELLO.replace(b" / ", b" /large "))
        await _left(served, 0)
    async with serving() as served:
        assert len(await served.ask(get(target=b"/large"))) > 8 * 1024 * 1024, "who reads gets it whole"


async def test_a_long_answer_takes_the_time_it_takes() -> None:
    async with serving(Limits(head_seconds=TINY, message_seconds=TINY, write_seconds=TINY)) as served:
        raw = await served.connect()
        await raw.send(get(target=b"/held"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(raw.reader.read(1), 4 * TINY)
        served.app.held.set()
        assert status(await raw.answer()) == 200


async def test_connections_of_one_address_are_bounded() -> None:
    async with serving(Limits(per_address=3)) as served:
        held = [await _held(served) for _ in range(3)]
        refused = await (await served.connect()).answer()
        assert status(refused) == 429
        assert b"retry-after: 10" in refused
        held[0].close()
        await _left(served, 2)
        assert status(await served.ask(get())) == 200


async def test_a_trusted_proxy_stands_for_many_addresses_and_all_together_are_bounded() -> None:
    async with serving(Limits(per_address=1, connections=3, proxies=networks_of("127.0.0.0/8"))) as served:
        for _ in range(3):
            await _held(served)
        assert status(await (await served.connect()).answer()) == 503


async def _held(served: Served) -> Raw:
    """A connection that has asked something and stays."""
    raw = await served.connect()
    await raw.send(HELLO)
    assert status(await raw.head()) == 200
    return raw


async def _left(served: Served, connections: int) -> None:
    """Wait until the server has let go all but so many."""
    while len(served.server.door) > connections:
        await asyncio.sleep(0.01)
