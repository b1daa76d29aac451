"""Builds and runs the mail catcher."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.mail.door import MailDoor
from deploy.mail.kept import KeptLetters
from deploy.mail.pages import pages
from services.kit.http import Caught, HttpServer, SecurityHeaders
from services.kit.run import Process, run


class Settings(BaseSettings):
    """Prefix RONDETAFEL_: where letters are taken, where they are shown, where they are kept."""

    model_config = SettingsConfigDict(env_prefix="RONDETAFEL_", frozen=True, extra="ignore")

    smtp_listen: str
    http_listen: str
    mail_directory: Path


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    kept = KeptLetters(settings.mail_directory)
    door = MailDoor(kept)
    await door.open(settings.smtp_listen)
    process.on_drain(door.close)
    process.ready_when("smtp", door.takes_letters)
    server = HttpServer(Caught(SecurityHeaders(pages(kept, process.health), https=False)), settings.http_listen)
    process.background("http", server.run())
    process.on_drain(server.stop)


if __name__ == "__main__":
    settings = Settings()  # type: ignore[call-arg]
    sys.exit(run("mail", None, lambda process: main(process, settings)))
