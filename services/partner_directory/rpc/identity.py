"""Who may sign in no more."""

from __future__ import annotations

import re
from typing import Protocol

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.field_rules import rule_of
from services.kit.fields import FieldMalformed, parse_code, parse_uuid
from services.kit.identities import Revoked
from services.kit.methods import Context, Served, by_hand, command, query
from services.kit.rpc import ServicerAdapter, receipt_message
from services.kit.shapes import Differences
from services.kit.values import codes_of
from services.kit.writing import writer
from services.partner_directory.commands.identity.disable_identity import DisableIdentity, disable_identity
from services.partner_directory.commands.identity.enable_identity import EnableIdentity, enable_identity
from services.partner_directory.commands.identity.end_my_other_sign_ins import EndMyOtherSignIns, end_my_other_sign_ins
from services.partner_directory.commands.identity.end_my_sign_in import EndMySignIn, end_my_sign_in
from services.partner_directory.commands.identity.end_sign_in import EndSignIn, end_sign_in
from services.partner_directory.commands.identity.note_sign_in import NoteSignIn, note_sign_in
from services.partner_directory.commands.identity.report_theft import ReportTheft, report_theft
from services.partner_directory.queries.list_my_sign_ins import ListMySignIns, MySignIn, list_my_sign_ins
from services.partner_directory.queries.list_thefts import ListThefts, TheftView, list_thefts
from services.partner_directory.revoking import Accounts

ALIAS_FORM = re.compile(r"[A-Za-z0-9._-]{1,100}")
KINDS = codes_of(rule_of(pb.DisableIdentityRequest, "kind"))


MINE = Differences(nested=(writer(pb.MySignIn, MySignIn),))
THEFTS = Differences(nested=(writer(pb.Theft, TheftView),))


class Named(Protocol):
    """Both requests name an identity alike."""

    kind: str
    value: str


def identity_of(request: Named) -> tuple[Revoked, str]:
    """What can be disabled, as the sign-in service names it."""
    revoked = Revoked(parse_code(request.kind, "kind", KINDS))
    if revoked is not Revoked.PROVIDER:
        return revoked, str(parse_uuid(request.value, "value"))
    if not ALIAS_FORM.fullmatch(request.value):
        raise FieldMalformed(field="value", expected="the alias of an identity provider")
    return revoked, request.value


def served(accounts: Accounts) -> Served:
    """The methods; `accounts` are those of the sign-in service."""

    async def disable(
        adapter: ServicerAdapter, request: pb.DisableIdentityRequest, context: Context
    ) -> kit_pb2.Receipt:
        kind, value = identity_of(request)
        receipt = await adapter.run(context, disable_identity, DisableIdentity(kind, accounts.identity(kind, value)))
        # Only now: it counts here whatever becomes of the sign-in service.
        await accounts.set_enabled(kind, value, enabled=False)
        return receipt_message(receipt)

    async def enable(adapter: ServicerAdapter, request: pb.EnableIdentityRequest, context: Context) -> kit_pb2.Receipt:
        kind, value = identity_of(request)
        receipt = await adapter.run(context, enable_identity, EnableIdentity(kind, accounts.identity(kind, value)))
        await accounts.set_enabled(kind, value, enabled=True)
        return receipt_message(receipt)

    return Served(
        pb.DESCRIPTOR.services_by_name["IdentityService"],
        by_hand(pb.DisableIdentityRequest, kit_pb2.Receipt, disable),
        by_hand(pb.EnableIdentityRequest, kit_pb2.Receipt, enable),
        command(end_sign_in, EndSignIn, for_service=True),
        command(note_sign_in, NoteSignIn, for_service=True),
        query(list_my_sign_ins, ListMySignIns, pb.ListMySignInsResponse, MINE),
        command(end_my_sign_in, EndMySignIn),
        command(end_my_other_sign_ins, EndMyOtherSignIns),
        command(report_theft, ReportTheft),
        query(list_thefts, ListThefts, pb.ListTheftsResponse, THEFTS),
    )
