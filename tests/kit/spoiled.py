"""Requests of every method, right ones and ones with a single field spoiled, and what the doors make of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, cast
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.audit import rpc as audit_rpc
from services.case import rpc as case_rpc
from services.kit.errors import RondetafelError
from services.meeting import rpc as meeting_rpc
from services.partner_directory import rpc as directory_rpc
from tests.doors import NOBODY, Doors
from tests.kit.spoiled_cells import HOST_CELLS
from tests.kit.spoiled_circles import CIRCLES
from tests.kit.spoiled_providers import PROVIDERS
from tests.kit.spoiled_signals import SIGNALS

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"
STAMP, VERSIONED = {"seconds": 1_800_000_000}, {"expected_version": 1}
PAGE = {"page_size": 5, "cursor": ID}
BY_DATE = {"page_size": 5, "cursor": "0.1800000000000000.01932f6e5f0a7c3e9b1d2f6d3a1e4c55"}
GIVEN = {
    "email": "Nele@CAW.example", "given_name": " Nele ", "family_name": "Claes", "kbo_number": "0417497106",
    "from": "2026-11-24", "to": "2027-11-23",
}  # fmt: skip
DECIDED: dict[str, Any] = {
    "session_id": ID, "agenda_item_id": ID, "outcome": "follow_up", "reasons": "Daarom.", "case_lead_id": ID,
    "review_on": "2027-01-04", "dissents": [{"person_id": ID, "text": "Te vroeg."}],
    "actions": [{"life_domain": "leisure", "owner_id": ID, "due_on": "2027-01-04", "what": "Belt hem."}],
}  # fmt: skip
RIGHT: dict[type[Message], dict[str, Any]] = {
    **SIGNALS,
    case_pb2.ProposeCaseRequest: VERSIONED | {
        "signal_id": ID, "phenomenon": "single_issue", "best_interest": "Rust.", "unchecked": "urgent",
        "criteria": 2 * [{
            "code": "isolation", "evidence_kind": "document", "evidence_date": "2026-11-20", "argument": "Alleen.",
        }],
    },
    case_pb2.PlaceOnListRequest: VERSIONED | {"case_id": ID, "reasons": "Aangetoond."},
    case_pb2.ReconsiderCaseRequest: VERSIONED | {"case_id": ID},
    case_pb2.RefuseCaseRequest: VERSIONED | {"case_id": ID, "reasons": "Niet aangetoond."},
    **CIRCLES,
    case_pb2.EndInvitationRequest: VERSIONED | {"case_id": ID, "entry_id": ID, "reason": "taken_back"},
    case_pb2.InviteToCircleRequest: VERSIONED | {
        "case_id": ID, "person_id": ID, "parts": ["content"], "from": "2026-11-24", "to": "2026-12-24",
        "why": "Kent hem.", "life_domains": ["leisure", "family"],
    },
    case_pb2.WriteContributionRequest: {"case_id": ID, "text": "a", "life_domain": "leisure", "language": "nl"},
    case_pb2.ReviseContributionRequest: VERSIONED | {
        "contribution_id": ID, "text": "a", "life_domain": "leisure", "language": "nl",
    },
    case_pb2.DeclineContributionRequest: {"case_id": ID},
    case_pb2.AssessContributionRequest: VERSIONED | {
        "contribution_id": ID, "need": "a", "less_is_enough": "b", "proportionality": "c",
        "person_informed": "informed", "legal_basis": "law-2018-07-30",
    },
    case_pb2.ShareContributionRequest: VERSIONED | {"contribution_id": ID},
    case_pb2.ReadCaseRequest: {"case_id": ID, "after": ID},
    case_pb2.ListCasesRequest: PAGE | {
        "state": "LISTED", "time": "current", "persons": True, "case_ids": [ID], "code": "VV-26-014",
    },
    case_pb2.ListWaitingRequest: BY_DATE,
    meeting_pb2.PlanSessionRequest: {
        "starts_at": STAMP, "ends_at": STAMP, "place": "online",
        "items": 2 * [{"case_id": ID, "starts_at": STAMP, "ends_at": STAMP}],
    },
    meeting_pb2.OpenSessionRequest: VERSIONED | {
        "session_id": ID, "present_person_ids": [ID, ID], "secrecy_declared": True,
    },
    meeting_pb2.CancelSessionRequest: VERSIONED | {"session_id": ID},
    meeting_pb2.UndoOpeningRequest: VERSIONED | {"session_id": ID},
    meeting_pb2.PrepareDecisionRequest: VERSIONED | DECIDED,
    meeting_pb2.RecordDecisionRequest: VERSIONED | DECIDED,
    meeting_pb2.ReadSessionRequest: {"session_id": ID},
    meeting_pb2.ListSessionsRequest: BY_DATE | {"time": "current"},
    meeting_pb2.ListCaseSessionsRequest: BY_DATE | {"case_id": ID},
    directory_pb.CreateCellRequest: {
        "nis_codes": ["24001", "24001"], "name": "Vaart", "brand_colour": "#1b6c68", "contact": "Info@town.example",
    },
    directory_pb.ChangeBrandColourRequest: {"brand_colour": "#1b6c68"},
    **HOST_CELLS,
    directory_pb.ReadSetUpRequest: {},
    directory_pb.SetDpiaRequest: VERSIONED | {"reference": "GEB 4", "on": "2026-10-05"},
    directory_pb.SetDangerContactRequest: VERSIONED | {"danger_contact": "Wacht, 016 00 00 00"},
    directory_pb.ChangeContactRequest: VERSIONED | {"contact": "Info@town.example"},
    directory_pb.OpenTableRequest: {},
    directory_pb.ListCellsRequest: PAGE,
    directory_pb.ListMunicipalitiesRequest: {"region": "flanders"},
    directory_pb.ListLegalBasesRequest: {},
    directory_pb.AddLegalBasisRequest: {
        "code": "decree-2027", "from": "2027-01-01", "to": "2028-01-01", "replaces": "decree-2026",
        "allows": ["take_part"], "partner_kinds": ["caw"], "regions": ["flanders"], "title_nl": "a", "title_fr": "b",
        "title_de": "c", "title_en": "d", "name_nl": "e", "name_fr": "f", "name_de": "g", "name_en": "h",
        "source": "i",
    },
    directory_pb.ConfirmLegalBasisRequest: VERSIONED | {"legal_basis_id": ID},
    directory_pb.EndLegalBasisRequest: VERSIONED | {"legal_basis_id": ID, "last_day": "2027-01-01"},
    directory_pb.DraftRulesRequest: {
        "kind": "undertaking", "follows": ID, "text_nl": "Doel", "text_fr": "But", "text_de": "Ziel",
    },
    directory_pb.UploadRulesRequest: {
        "kind": "internal_rules", "follows": ID, "upload_id": ID, "part": "1/1", "piece": "JVBERi0xLjcK",
    },
    directory_pb.ReadRulesFileRequest: {"rules_id": ID, "part": "2"},
    directory_pb.DecideRulesRequest: VERSIONED | {"rules_id": ID, "from": "2027-01-01", "reason": "Daarom."},
    directory_pb.AcceptRulesRequest: VERSIONED | {"rules_id": ID},
    directory_pb.ListRulesRequest: PAGE | {"kind": "internal_rules"},
    directory_pb.ReadRulesRequest: {"rules_id": ID},
    directory_pb.RegisterOrganisationRequest: {"kbo_number": "0417497106", "name": "CAW", "kind": "caw"},
    directory_pb.InvitePersonRequest: GIVEN | {
        "role": "coordinator", "nis_codes": ["24001"], "legal_basis": "law-2018-07-30",
        "clearance_until": "2027-01-01", "language": "fr", "note": "Tot straks", "deputy_of": ID,
        "deputy_when": "absent",
    },
    directory_pb.CheckSeatsRequest: {"file": "RS1tYWlsYWRyZXM7Vm9vcm5hYW0="},
    directory_pb.SortSeatsRequest: {"file": "RS1tYWlsYWRyZXM7Vm9vcm5hYW0="},
    directory_pb.ImportSeatsRequest: {"file": "RS1tYWlsYWRyZXM7Vm9vcm5hYW0="},
    directory_pb.AcceptInvitationRequest: {"invitation_id": ID, "code": "k7rh 4mxe"},
    directory_pb.ResendInvitationRequest: VERSIONED | {"invitation_id": ID},
    directory_pb.WithdrawInvitationRequest: VERSIONED | {"invitation_id": ID},
    directory_pb.ListInvitationsRequest: PAGE | {"time": "past"},
    directory_pb.ListProposalsRequest: PAGE,
    directory_pb.ConfirmProposalRequest: VERSIONED | {"proposal_id": ID},
    directory_pb.DeclineProposalRequest: VERSIONED | {"proposal_id": ID},
    directory_pb.ProposeRecoveryRequest: GIVEN | {
        "cell_id": ID, "role": "mayor", "nis_codes": ["24001"], "legal_basis": "law-2018-07-30",
    },
    directory_pb.SecondRecoveryRequest: VERSIONED | {"recovery_id": ID},
    directory_pb.ConfirmRecoveryRequest: VERSIONED | {"recovery_id": ID},
    directory_pb.ListRecoveriesRequest: PAGE,
    directory_pb.AppointHostRequest: GIVEN,
    directory_pb.AcceptUndertakingRequest: {"text_version": "2026-1"},
    directory_pb.ReadUndertakingRequest: {},
    directory_pb.EndMandateRequest: VERSIONED | {"mandate_id": ID, "reason": "left"},
    directory_pb.ExtendMandateRequest: VERSIONED | {"mandate_id": ID, "last_day": "2028-01-01"},
    directory_pb.ShortenMandateRequest: VERSIONED | {"mandate_id": ID, "last_day": "2028-01-01", "reason": "left"},
    directory_pb.ChangeMandateRequest: VERSIONED | {
        "mandate_id": ID, "nis_codes": ["24001"], "clearance_until": "2027-01-01",
    },
    directory_pb.SuspendMandateRequest: VERSIONED | {"mandate_id": ID, "reason": "inquiry"},
    directory_pb.ResumeMandateRequest: VERSIONED | {"mandate_id": ID},
    directory_pb.SuspendOrganisationRequest: {"organisation_id": ID, "reason": "inquiry"},
    directory_pb.ResumeOrganisationRequest: {"organisation_id": ID},
    directory_pb.NameDeputyRequest: VERSIONED | {"mandate_id": ID, "holder_id": ID, "when": "absent"},
    directory_pb.MarkAbsentRequest: {"mandate_id": ID, "first_day": "2027-02-01", "last_day": "2027-02-14"},
    directory_pb.EndAbsenceRequest: VERSIONED | {"absence_id": ID},
    directory_pb.ListMyCellsRequest: {},
    directory_pb.ReadTableRequest: {},
    directory_pb.ReadMyProfileRequest: {},
    directory_pb.ChangeMyProfileRequest: VERSIONED | {
        "language": "nl", "telephone": "0470 12 34 56", "reachable": "9-16",
    },
    directory_pb.ReadContactsRequest: {},
    directory_pb.ExportContactsRequest: {},
    directory_pb.ListMandatesRequest: PAGE | {"ended": True, "time": "past", "mandate_id": ID},
    directory_pb.GetMandatesRequest: {"person_id": ID},
    directory_pb.GetFactKeysRequest: {},
    directory_pb.DisableIdentityRequest: {"kind": "provider", "value": "caw"},
    directory_pb.EnableIdentityRequest: {"kind": "subject", "value": ID},
    **PROVIDERS,
    directory_pb.EndSignInRequest: {"session_id": "abc"},
    directory_pb.GetRevocationsRequest: {"after": 7},
    audit_pb2.SearchAuditRequest: {
        "from": {"seconds": 1_700_000_000}, "to": STAMP, "actor_id": ID, "object_id": ID, "verb": "consult",
        "page_size": 5, "cursor": "aW5kZXggNw", "action": "read_case",
    },
}  # fmt: skip

TEXTS = {
    "empty": "", "blank": " \t", "word": "word", "padded": " a b ", "control": "a\x00b", "lines": "a\nb",
    "65": "y" * 65, "101": "y" * 101, "201": "y" * 201, "501": "y" * 501, "2001": "y" * 2_001, "4001": "y" * 4_001,
    "8001": "y" * 8_001, "an id": ID, "ID": ID.upper(), "braces": "{" + ID + "}", "day": "2026-11-24",
    "week": "2026-W48-2", "plain day": "20261124", "no day": "2026-02-30", "1899": "1899-12-31", "2200": "2200-01-01",
    "24001": "24001", "2400": "2400", "other digits": "２４００１", "0417497107": "0417497107",
    "0417497106": "0417497106", "2417497106": "2417497106", "an address": "Nele@Caw.example",
    "two addresses": "a@b.example, c@d.example", "long address": "y" * 250 + "@caw.example", "#1B6C68": "#1B6C68",
    "#1b6c68": "#1b6c68", "nl": "nl", "leisure": "leisure", "frame": "frame", "host": "host", "mayor": "mayor",
    "intelligence_service": "intelligence_service", "session": "session", "LISTED": "LISTED",
}  # fmt: skip
NUMBERS = {"zero": 0, "minus one": -1, "fifty": 50, "fifty-one": 51}
MOMENTS = {
    "unset": None, "1874": {"seconds": -3 * 10**9}, "absurd": {"seconds": 10**15}, "2500": {"seconds": 16725225600},
    "2027": {"seconds": 1_800_000_001, "nanos": 5_000},
}  # fmt: skip


class Reached(Exception):
    """The request passed the door."""

    def __init__(self, command: Any) -> None:
        super().__init__()
        self.command = command


class Threshold:
    """A door behind which nothing happens."""

    async def run(self, context: object, handler: object, command: object) -> Any:
        raise Reached(command)

    run_for_service = run


class NoAccounts:
    """The sign-in service names its people and is asked for nothing."""

    async def find_or_create(self, email: str, given_name: str, family_name: str) -> UUID:
        raise NotImplementedError

    async def ask_to_set_up(self, email: str, language: str) -> bool:
        raise NotImplementedError

    def identity(self, kind: str, value: str) -> UUID:
        return UUID(ID)


SERVED = (
    *case_rpc.SERVED,
    *meeting_rpc.SERVED,
    *audit_rpc.SERVED,
    *directory_rpc.served(cast(Any, NoAccounts())),
)
"""The methods of all services."""


def outcome(request: type[Message], values: dict[str, Any]) -> Any:
    """The command it becomes, or the error in words."""
    try:
        method = getattr(Doors(Threshold(), SERVED), request.DESCRIPTOR.name.removesuffix("Request"))
        asyncio.run(method(request(**values), NOBODY))
    except Reached as reached:
        return reached.command
    except RondetafelError as error:
        return f"{error.code} | {error.field} | {error.expected}"
    raise AssertionError("a door answered by itself")


def spoiled(request: type[Message], right: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, name of the change, and the request with that change alone."""
    for field in request.DESCRIPTOR.fields:
        value = right.get(field.name)
        if field.is_repeated:
            yield from _lists(field, right, list(value or ()))
        else:
            for label, other in _others(field, value):
                path, _, label = label.rpartition("/")
                yield f"{field.name}{path}", label, right | {field.name: other}


def _lists(field: Any, right: dict[str, Any], value: list[Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for count in (0, 1, 3, 20, 21, 50, 51, 100, 101):
        yield field.name, f"{count} entries", right | {field.name: (value * 101)[:count]}
    for label, other in _others(field, value[-1]):
        path, _, label = label.rpartition("/")
        yield f"{field.name}[last]{path}", label, right | {field.name: [*value[:-1], other]}


def _others(field: Any, value: Any) -> Iterator[tuple[str, Any]]:
    if field.message_type is None:
        kinds: dict[int, dict[str, Any]] = {FieldDescriptor.TYPE_STRING: TEXTS, FieldDescriptor.TYPE_BOOL: {}}
        yield from kinds.get(field.type, NUMBERS).items()
    elif field.message_type.name == "Timestamp":
        yield from MOMENTS.items()
    else:
        if not field.is_repeated:
            yield "unset", None
        for name, inner in field.message_type.fields_by_name.items():
            for label, other in _others(inner, value.get(name, {})):
                yield f".{name}{'' if label.startswith('.') else '/'}{label}", value | {name: other}


def changed(command: Any, right: Any) -> str:
    """What of a command differs from the one of the right request."""
    shown = [field.name for field in fields(command) if field.repr]
    pairs = ((name, getattr(command, name), getattr(right, name)) for name in shown)
    return "; ".join(f"{name}={value!r}" for name, value, other in pairs if value != other)


def record(request: type[Message]) -> dict[str, Any]:
    """What its door makes of every request: of the right one its command, of each other the error or difference."""
    right = outcome(request, RIGHT[request])
    rows: dict[str, dict[str, str]] = {}
    for path, label, other in spoiled(request, RIGHT[request]):
        now = outcome(request, other)
        told = now if isinstance(now, str) else changed(now, right) or "the same"
        labels = rows.setdefault(path, {})
        labels[told[:200]] = f"{labels[told[:200]]}, {label}" if told[:200] in labels else label
    return {"right": repr(right), **rows}
