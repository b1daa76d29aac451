"""The mail catcher of a local platform: takes letters within bounds, keeps the newest, shows them and nothing else."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from deploy.local.instance import Instance
from deploy.local.mail import Mail
from deploy.local.ports import Ports
from deploy.local.smtp import SENDER, keycloak_mail, keycloak_mail_account, mail_settings, where_letters_are
from deploy.mail import door as door_module
from deploy.mail import kept as kept_module
from deploy.mail.door import MOST_BYTES, MailDoor
from deploy.mail.kept import KeptLetters
from deploy.mail.pages import linked, pages
from tests.patience import HANGS_AFTER

LINK = "https://sign-in.example/a?key=1&b=2"
HTML = f'<html><body><script>alert(1)</script><a href="{LINK}">Begin</a></body></html>'


def letter(number: int = 1, to: str = "cel@gemeente.example") -> EmailMessage:
    """A letter of two bodies."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rondetafel@host.example", to, f"Brief {number} <b>é</b>"
    message["Message-ID"] = f"<{number}@host.example>"
    message.set_content(f"Begin <hier>:\n{LINK}\n.\n")
    message.add_alternative(HTML, subtype="html")
    return message


async def hand_in(port: int, *letters: EmailMessage) -> None:
    """As any sender does, on one connection. Raises what smtplib raises."""

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=HANGS_AFTER) as server:
            for message in letters:
                server.send_message(message)

    await asyncio.to_thread(send)


@pytest.fixture
def kept(tmp_path: Path) -> KeptLetters:
    return KeptLetters(tmp_path / "mail")


@pytest.fixture
async def door(kept: KeptLetters) -> AsyncIterator[MailDoor]:
    """An open one."""
    door = MailDoor(kept)
    await door.open("127.0.0.1:0")
    yield door
    await door.close()


@pytest.fixture
async def browser(kept: KeptLetters) -> AsyncIterator[httpx.AsyncClient]:
    async def health() -> dict[str, bool]:
        return {"smtp": True}

    transport = httpx.ASGITransport(pages(kept, health))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_a_letter_is_kept_for_its_owner_as_it_came(door: MailDoor, kept: KeptLetters, tmp_path: Path) -> None:
    await hand_in(door.port, letter())
    (found,) = kept.newest_first()
    assert (found.says("To"), found.says("Subject")) == ("cel@gemeente.example", "Brief 1 <b>é</b>")
    assert found.body("plain").splitlines() == ["Begin <hier>:", LINK, "."]
    assert found.body("html").strip() == HTML
    (file,) = (tmp_path / "mail").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("00000001.eml", 0o600)
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


async def test_the_newest_are_kept_also_by_the_next_start(
    door: MailDoor, kept: KeptLetters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "MOST_KEPT", 3)
    await hand_in(door.port, *map(letter, range(1, 5)))
    again = KeptLetters(tmp_path / "mail")
    assert [found.number for found in again.newest_first()] == [4, 3, 2]
    assert again.keep(letter(5).as_bytes()) == 5
    assert [found.says("Message-ID") for found in again.newest_first()] == [
        f"<{number}@host.example>" for number in (5, 4, 3)
    ]


async def test_what_is_too_large_is_refused_and_the_next_is_taken(door: MailDoor, kept: KeptLetters) -> None:
    large = EmailMessage()
    large["From"], large["To"] = "rondetafel@host.example", "cel@gemeente.example"
    large.set_content("x\n" * MOST_BYTES)
    with pytest.raises(smtplib.SMTPResponseException):
        await hand_in(door.port, large)
    await hand_in(door.port, letter(3))
    assert [found.says("Message-ID") for found in kept.newest_first()] == ["<3@host.example>"]


async def test_a_letter_that_is_not_on_the_disk_is_not_taken(door: MailDoor, kept: KeptLetters, tmp_path: Path) -> None:
    await hand_in(door.port, letter(1))
    (tmp_path / "mail").rename(tmp_path / "elsewhere")
    (tmp_path / "mail").touch()
    with pytest.raises(smtplib.SMTPDataError) as refused:
        await hand_in(door.port, letter(2))
    assert refused.value.smtp_code == 451
    (tmp_path / "mail").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "mail")
    await hand_in(door.port, letter(2))
    assert len(kept.newest_first()) == 2


async def test_one_too_many_at_once_is_told_to_come_back(
    door: MailDoor, kept: KeptLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "MOST_AT_ONCE", 2)
    opened = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(2)]
    greeted = [await asyncio.wait_for(reader.readline(), HANGS_AFTER) for reader, _ in opened]
    assert [line[:3] for line in greeted] == [b"220"] * 2
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        await hand_in(door.port, letter())
    assert refused.value.smtp_code == 421
    opened[0][1].close()
    async with asyncio.timeout(HANGS_AFTER):
        while len(door.connections) > 1:  # until the door has heard of it
            await asyncio.sleep(0)
    await hand_in(door.port, letter())
    assert len(kept.newest_first()) == 1


async def test_whoever_breaks_off_in_the_middle_has_not_sent(door: MailDoor, kept: KeptLetters) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", door.port)
    for line in (b"HELO a", b"MAIL FROM:<a@host.example>", b"RCPT TO:<b@host.example>", b"DATA", b"Subject: half"):
        writer.write(line + b"\r\n")
    await writer.drain()
    writer.close()
    await hand_in(door.port, letter())
    assert [found.says("Message-ID") for found in kept.newest_first()] == ["<1@host.example>"]


async def test_the_page_shows_them_and_runs_nothing_of_theirs(kept: KeptLetters, browser: httpx.AsyncClient) -> None:
    assert "None yet" in (await browser.get("/")).text
    kept.keep(letter().as_bytes())
    assert "Brief 1 &lt;b&gt;é&lt;/b&gt;" in (await browser.get("/")).text
    page = await browser.get("/letters/1")
    assert "Begin &lt;hier&gt;" in page.text
    assert f'<a href="{LINK.replace("&", "&amp;")}" rel="noreferrer">' in page.text
    assert "<iframe sandbox title" in page.text
    assert "<script" not in page.text
    html = await browser.get("/letters/1/html")
    assert html.text.strip() == HTML
    assert html.headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    assert [(await browser.get(f"/letters/2{rest}")).status_code for rest in ("", "/html")] == [404, 404]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\r\n\r\n\x00", b"Subject: =?x?q?\xff?=\r\nTo: <<>,;\r\n\r\nx",
                b"Content-Type: text/html; charset=no-such\r\n\r\n\xff",
                b"Content-Type: multipart/alternative\r\n\r\n--"],
)  # fmt: skip
async def test_a_letter_that_is_none_is_shown_as_far_as_it_goes(
    kept: KeptLetters, browser: httpx.AsyncClient, content: bytes
) -> None:
    kept.keep(content)
    for address in ("/", "/letters/1", "/letters/1/html"):
        assert (await browser.get(address)).status_code == 200


async def test_the_page_has_no_other_name(kept: KeptLetters, browser: httpx.AsyncClient) -> None:
    kept.keep(letter().as_bytes())
    assert (await browser.get("/letters/1")).is_success
    foreign = await browser.get("/letters/1", headers={"host": "rebound.example"})
    assert foreign.status_code == 400


def test_only_addresses_of_the_web_become_links() -> None:
    assert linked('javascript:alert(1)\nhttps://a.example/"><b>') == (
        'javascript:alert(1)\n<a href="https://a.example/&#34;&gt;&lt;b&gt;" rel="noreferrer">'
        "https://a.example/&#34;&gt;&lt;b&gt;</a>"
    )


async def test_as_a_part_it_starts_takes_letters_and_stops_cleanly(tmp_path: Path) -> None:
    instance = Instance(tmp_path, Ports.free())
    mail = Mail(instance)
    await mail.start()
    try:
        await hand_in(instance.ports.smtp, letter())
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(instance.mail_url)
        assert "Brief 1" in answer.text
        assert answer.headers["referrer-policy"] == "no-referrer"
    finally:
        await mail.stop()
    assert await mail.process.wait() == 0
    assert [file.name for file in instance.mail.iterdir()] == ["00000001.eml"]
    log = instance.log("mail").read_text()
    assert "mail is running" in log
    assert not [told for told in ("gemeente.example", "host.example", "Brief") if told in log]


def test_a_real_server_is_taken_when_it_is_named(tmp_path: Path) -> None:
    instance = Instance(tmp_path, Ports.free())
    real = {"RONDETAFEL_SMTP_URL": "smtps://u:geheim@mail.example", "RONDETAFEL_LETTERS_FROM": "a@mail.example"}
    assert mail_settings(instance, {})["SMTP_URL"] == f"smtp://127.0.0.1:{instance.ports.smtp}"
    assert mail_settings(instance, real) == {
        "SMTP_URL": "smtps://u:geheim@mail.example",
        "LETTERS_FROM": "a@mail.example",
        "LETTERS_BOUNCE_TO": "",
    }
    assert keycloak_mail(instance, {}) == {
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(instance.ports.smtp), "SMTP_TLS": "false",
        "SMTP_STARTTLS": "false", "SMTP_FROM": SENDER,
    }  # fmt: skip
    assert keycloak_mail_account(instance, {}) == {}
    assert keycloak_mail(instance, real) == {
        "SMTP_HOST": "mail.example", "SMTP_PORT": "465", "SMTP_TLS": "true",
        "SMTP_STARTTLS": "false", "SMTP_FROM": "a@mail.example",
    }  # fmt: skip
    assert keycloak_mail_account(instance, real) == {"auth": "true", "user": "u", "password": "geheim"}
    assert str(instance.mail) in where_letters_are(instance, {})
    assert "geheim" not in where_letters_are(instance, real)
