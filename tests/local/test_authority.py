"""Certificates by which services know each other."""

import asyncio
import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.local import authority
from deploy.local.authority import Authority
from deploy.local.secret_files import SecretFiles


def issued(directory: Path, *names: str) -> Path:
    Authority(SecretFiles(directory / "secrets"), directory / "tls").issue(names)
    return directory / "tls"


def context(purpose: ssl.Purpose, files: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(purpose, cafile=files / "ca.pem")
    made.load_cert_chain(files / "certificate.pem", files / "key.pem")
    made.verify_mode = ssl.CERT_REQUIRED
    return made


async def greeting(server: Path, client: Path, name: str) -> bytes:
    """What a client hears that expects to reach `name`."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    listening = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context(ssl.Purpose.CLIENT_AUTH, server))
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        trust = context(ssl.Purpose.SERVER_AUTH, client)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=name)
        heard = await reader.read()
        writer.close()
        return heard


async def test_services_of_one_authority_know_each_other_by_name(tmp_path: Path) -> None:
    tls = issued(tmp_path, "partner_directory", "case")
    assert await greeting(tls / "partner_directory", tls / "case", "partner_directory") == b"hello"
    with pytest.raises(ssl.SSLCertVerificationError):
        await greeting(tls / "case", tls / "case", "partner_directory")


async def test_another_authority_is_not_believed(tmp_path: Path) -> None:
    ours, theirs = issued(tmp_path / "ours", "case"), issued(tmp_path / "theirs", "case")
    with pytest.raises(ssl.SSLCertVerificationError):
        await greeting(theirs / "case", ours / "case", "case")


def test_a_certificate_is_kept_until_it_nears_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = issued(tmp_path, "case") / "case" / "certificate.pem"
    first = file.read_bytes()
    issued(tmp_path, "case")
    assert file.read_bytes() == first
    monkeypatch.setattr(authority, "RENEW_BEFORE_END", authority.CERTIFICATE_LIFE + timedelta(days=1))
    issued(tmp_path, "case")
    assert file.read_bytes() != first


def test_only_the_owner_reads_the_secrets(tmp_path: Path) -> None:
    tls = issued(tmp_path, "case")
    files = [file for file in [*(tmp_path / "secrets").iterdir(), *tls.rglob("key.pem")] if file.is_file()]
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
