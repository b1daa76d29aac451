"""Where one instance hands in its letters: its own catcher, or the real server that RONDETAFEL_SMTP_URL names."""

import os
from collections.abc import Mapping

from deploy.local.instance import Instance
from deploy.local.ports import LOOPBACK

SENDER = "rondetafel@host.example"


def mail_settings(instance: Instance, asked: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the directory is told of it."""
    return {
        "SMTP_URL": asked.get("RONDETAFEL_SMTP_URL") or f"smtp://{LOOPBACK}:{instance.ports.smtp}",
        "LETTERS_FROM": asked.get("RONDETAFEL_LETTERS_FROM") or SENDER,
    }


def where_letters_are(instance: Instance, asked: Mapping[str, str] = os.environ) -> str:
    """A line for whoever started it; the real server's address may hold a password, and is not told."""
    if asked.get("RONDETAFEL_SMTP_URL"):
        return "Letters go to the mail server of RONDETAFEL_SMTP_URL, to whoever they are for"
    return f"Its letters are shown at {instance.mail_url} and kept in {instance.mail}"
