"""What of a token can be revoked, by ids that every service computes alike and that tell no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

PERSON_NAMESPACE = UUID("0c6a5a5e-3f0b-5d6e-8a43-5b1d3a1c7e10")
IDENTITY_NAMESPACE = UUID("5f5f1f0e-7a0c-5a43-9d0e-2c1be6b7a4d2")


def person_id(issuer: str, subject: str) -> UUID:
    """The id every service computes for the person behind a token, without asking anybody."""
    return uuid5(PERSON_NAMESPACE, f"{issuer}|{subject}")


class Revoked(StrEnum):
    """What can be revoked as a whole."""

    SESSION = "session"
    SUBJECT = "subject"
    PROVIDER = "provider"
    ORGANISATION = "organisation"


def identity_id(issuer: str, kind: Revoked, value: str) -> UUID:
    """The id every service computes for what can be revoked of a token, without asking anybody; it tells no name.

    A subject's is that of the person. A session is a random `sid`, which no two issuers share.
    """
    if kind is Revoked.SUBJECT:
        return person_id(issuer, value)
    return uuid5(IDENTITY_NAMESPACE, f"{kind}|{value}")


def sign_in_id(session_id: str) -> UUID:
    """The id of the sign-in with this `sid`."""
    return identity_id("", Revoked.SESSION, session_id)


@dataclass(frozen=True, slots=True)
class Revocation:
    """A sign-in, person, provider or organisation whose tokens count no more, as the directory's newest fact says.

    `refuses_all`: whenever they were issued; else those issued before `revoked_at`, with CLOCK_SKEW on top, because
    that moment and the token's come from different clocks. A sign-in is refused whole: it never comes back.
    """

    identity_id: UUID
    kind: Revoked
    revoked_at: datetime
    refuses_all: bool
    fact_version: int
