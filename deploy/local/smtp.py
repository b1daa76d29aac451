"""Where one instance hands in its letters: its own catcher, or the real server that RONDETAFEL_SMTP_URL names."""

import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from deploy.local.instance import Instance
from deploy.local.ports import LOOPBACK

SENDER = "rondetafel@host.example"


def mail_settings(instance: Instance, asked: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the directory is told of it."""
    return {
        "SMTP_URL": asked.get("RONDETAFEL_SMTP_URL") or f"smtp://{LOOPBACK}:{instance.ports.smtp}",
        "LETTERS_FROM": asked.get("RONDETAFEL_LETTERS_FROM") or SENDER,
        "LETTERS_BOUNCE_TO": asked.get("RONDETAFEL_LETTERS_BOUNCE_TO") or "",
    }


def keycloak_mail(instance: Instance, asked: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The same, as the placeholders of the realm file say it."""
    settings = mail_settings(instance, asked)
    at = urlsplit(settings["SMTP_URL"])
    return {
        "SMTP_HOST": at.hostname or "",
        "SMTP_PORT": str(at.port or {"smtps": 465, "smtp+starttls": 587}.get(at.scheme, 25)),
        "SMTP_TLS": str(at.scheme == "smtps").lower(),
        "SMTP_STARTTLS": str(at.scheme == "smtp+starttls").lower(),
        "SMTP_FROM": settings["LETTERS_FROM"],
    }


def keycloak_mail_account(instance: Instance, asked: Mapping[str, str] = os.environ) -> dict[str, str]:
    """How Keycloak signs in there, if that is asked: a secret, so it goes by the administration alone."""
    at = urlsplit(mail_settings(instance, asked)["SMTP_URL"])
    if not at.username:
        return {}
    return {"auth": "true", "user": unquote(at.username), "password": unquote(at.password or "")}


def where_letters_are(instance: Instance, asked: Mapping[str, str] = os.environ) -> str:
    """A line for whoever started it; the real server's address may hold a password, and is not told."""
    if asked.get("RONDETAFEL_SMTP_URL"):
        return "Letters go to the mail server of RONDETAFEL_SMTP_URL, to whoever they are for"
    return f"Its letters are shown at {instance.mail_url} and kept in {instance.mail}"
