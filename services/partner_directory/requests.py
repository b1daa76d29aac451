"""What is asked of the partner directory on the wire, checked field by field."""

from __future__ import annotations

import re
from typing import Any

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.fields import (
    FieldMalformed,
    FieldMissing,
    parse_code,
    parse_day,
    parse_nis,
    parse_optional_day,
    parse_text,
    parse_uuid,
)
from services.kit.identities import Revoked
from services.kit.policy import EVERYBODY, Role
from services.partner_directory.commands.appoint_host import AppointHost
from services.partner_directory.commands.invite_person import InvitePerson
from services.partner_directory.commands.propose_recovery import ProposeRecovery
from services.partner_directory.errors import KboNumberWrong
from services.partner_directory.model import FOUNDING, is_kbo_number

MOST_TOWNS = 20
NAME, CODE, EMAIL = 200, 64, 254
COLOUR_FORM = re.compile(r"#[0-9a-f]{6}")
ALIAS_FORM = re.compile(r"[A-Za-z0-9._-]{1,100}")
EMAIL_FORM = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


def identity_of(kind: str, value: str) -> tuple[Revoked, str]:
    """What can be disabled, as the sign-in service names it."""
    revoked = Revoked(parse_code(kind, "kind", [one.value for one in Revoked if one is not Revoked.SESSION]))
    if revoked is not Revoked.PROVIDER:
        return revoked, str(parse_uuid(value, "value"))
    if not ALIAS_FORM.fullmatch(value):
        raise FieldMalformed(field="value", expected="the alias of an identity provider")
    return revoked, value


def invitation_of(request: pb.InvitePersonRequest) -> InvitePerson:
    """An invitation, checked field by field."""
    return InvitePerson(
        email=parse_email(request.email),
        given_name=parse_text(request.given_name, "given_name", longest=NAME),
        family_name=parse_text(request.family_name, "family_name", longest=NAME),
        kbo_number=parse_kbo(request.kbo_number),
        role=Role(parse_code(request.role, "role", [role.value for role in EVERYBODY])),
        nis_codes=towns_of(request.nis_codes),
        # `from` is a word of Python.
        first_day=parse_day(getattr(request, "from"), "from"),
        last_day=parse_day(request.to, "to"),
        legal_basis=parse_text(request.legal_basis, "legal_basis", longest=CODE),
        clearance_until=parse_optional_day(request.clearance_until, "clearance_until"),
    )


def appointment_of(request: pb.AppointHostRequest) -> AppointHost:
    """An appointment, checked field by field."""
    return AppointHost(
        email=parse_email(request.email),
        given_name=parse_text(request.given_name, "given_name", longest=NAME),
        family_name=parse_text(request.family_name, "family_name", longest=NAME),
        kbo_number=parse_kbo(request.kbo_number),
        first_day=parse_day(getattr(request, "from"), "from"),
        last_day=parse_day(request.to, "to"),
    )


def recovery_of(request: pb.ProposeRecoveryRequest) -> ProposeRecovery:
    """What shall be given in a cell that lost everybody, checked field by field."""
    return ProposeRecovery(
        cell_id=parse_uuid(request.cell_id, "cell_id"),
        email=parse_email(request.email),
        given_name=parse_text(request.given_name, "given_name", longest=NAME),
        family_name=parse_text(request.family_name, "family_name", longest=NAME),
        kbo_number=parse_kbo(request.kbo_number),
        role=Role(parse_code(request.role, "role", [role.value for role in FOUNDING])),
        nis_codes=towns_of(request.nis_codes),
        first_day=parse_day(getattr(request, "from"), "from"),
        last_day=parse_day(request.to, "to"),
        legal_basis=parse_text(request.legal_basis, "legal_basis", longest=CODE),
    )


def towns_of(values: Any, *, least: int = 0) -> tuple[str, ...]:
    """Different NIS codes, at most twenty."""
    if not least <= len(values) <= MOST_TOWNS:
        raise FieldMissing(field="nis_codes", expected=f"{least} to {MOST_TOWNS} NIS codes")
    return tuple(dict.fromkeys(parse_nis(value, "nis_codes") for value in values))


def parse_kbo(value: str) -> str:
    """An enterprise number whose check digits fit."""
    if not re.fullmatch(r"[01][0-9]{9}", value):
        raise FieldMalformed(field="kbo_number", expected="ten digits, the first 0 or 1")
    if not is_kbo_number(value):
        raise KboNumberWrong(field="kbo_number", expected="check digits that fit")
    return value


def parse_colour(value: str) -> str:
    """A colour as `#rrggbb` in lower case, or empty."""
    if value and not COLOUR_FORM.fullmatch(value):
        raise FieldMalformed(field="brand_colour", expected="a colour such as #1b6c68")
    return value


def parse_email(value: str, field: str = "email") -> str:
    """One e-mail address, in lower case as the sign-in service keeps it."""
    email = parse_text(value, field, longest=EMAIL).lower()
    if not EMAIL_FORM.fullmatch(email):
        raise FieldMalformed(field=field, expected="one e-mail address")
    return email
