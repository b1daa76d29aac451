"""What a gRPC server makes of its certificate: renewed without a restart, and no handshake ends the process."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import create_connection

import pytest

from deploy.local.authority import Authority
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.secret_files import SecretFiles
from tests.patience import HANGS_AFTER

AT_ONCE, VISITS = 12, 20
"""Of three handshakes each. A server that made its configuration anew at each died within some dozens."""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int, Path]]:
    """The process, its port, and the directory of certificates."""
    issued(tmp_path)
    port = Ports.free().grpc["audit"]
    arguments = (sys.executable, "-m", "tests.kit.handshakes", str(tmp_path / "tls" / "audit"), f"{LOOPBACK}:{port}")
    process = await asyncio.create_subprocess_exec(
        *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"serving\n"
    try:
        yield process, port, tmp_path
    finally:
        process.terminate()
        await process.wait()


def issued(directory: Path) -> None:
    """New certificates for all."""
    Authority(SecretFiles(directory / "secrets"), directory / "tls").issue(["audit", "portal"])


def client(directory: Path) -> ssl.SSLContext:
    """The portal's side."""
    own = directory / "tls" / "portal"
    context = ssl.create_default_context(cafile=own / "ca.pem")
    context.load_cert_chain(own / "certificate.pem", own / "key.pem")
    context.set_alpn_protocols(["h2"])
    return context


def shown(port: int, directory: Path) -> bytes | None:
    """The certificate the server shows to whoever goes through with it."""
    with (
        create_connection((LOOPBACK, port), timeout=HANGS_AFTER) as socket,
        client(directory).wrap_socket(socket, server_hostname="audit") as talking,
    ):
        return talking.getpeercert(binary_form=True)


def broken_off(port: int, context: ssl.SSLContext) -> None:
    """A handshake begun and left."""
    out = ssl.MemoryBIO()
    begun = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="audit")
    with pytest.raises(ssl.SSLWantReadError):
        begun.do_handshake()
    with create_connection((LOOPBACK, port), timeout=HANGS_AFTER) as socket:
        socket.sendall(out.read())


def left_after(port: int, context: ssl.SSLContext, said: bytes) -> None:
    """A handshake gone through with, and left after a few words."""
    with (
        create_connection((LOOPBACK, port), timeout=HANGS_AFTER) as socket,
        context.wrap_socket(socket, server_hostname="audit") as talking,
    ):
        talking.sendall(said)


def hurried(port: int, context: ssl.SSLContext, visits: int) -> None:
    """One visitor after another, each in its own way."""
    for _ in range(visits):
        broken_off(port, context)
        left_after(port, context, b"")
        left_after(port, context, PREFACE)


async def test_handshakes_that_are_broken_off_do_not_end_the_process(
    server: tuple[asyncio.subprocess.Process, int, Path],
) -> None:
    process, port, directory = server
    first = await asyncio.to_thread(shown, port, directory)
    context = client(directory)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(AT_ONCE) as visitors:
        going = [loop.run_in_executor(visitors, hurried, port, context, VISITS) for _ in range(AT_ONCE)]
        await asyncio.gather(*going)
    assert await asyncio.to_thread(shown, port, directory) == first
    assert process.returncode is None


async def test_a_renewed_certificate_is_shown_without_a_restart(
    server: tuple[asyncio.subprocess.Process, int, Path],
) -> None:
    _process, port, directory = server
    first = await asyncio.to_thread(shown, port, directory)
    assert await asyncio.to_thread(shown, port, directory) == first
    (directory / "tls" / "audit" / "certificate.pem").unlink()
    issued(directory)
    renewed = await asyncio.to_thread(shown, port, directory)
    assert renewed is not None
    assert renewed != first
