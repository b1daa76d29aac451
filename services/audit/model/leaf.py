"""The leaf: one entry of the log as the bytes that every proof is about. Its form is final (version 1).

Canonical JSON (RFC 8785). All keys are ASCII and all integers below 2^53, so the sorted, unspaced output of Python's
own json module IS the canonical form. A leaf MUST have exactly the keys below and at most 2 kB, and holds no name and
no free text: actor, org, on_behalf_of and objects are keyed pseudonyms, detail is a salted hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypedDict, cast
from uuid import UUID

from services.audit.errors import LeafMalformed
from services.audit.model.record import Record
from services.kit.policy import Verb

VERSION = 1
MAX_BYTES = 2048
MAX_INTEGER = 2**53 - 1

OUTCOMES = ("allow", "deny", "error")
MAX_OBJECTS = 50
MAX_FIELDS = 8

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CODE = "[A-Za-z0-9_.:-]{0,48}"
_PSEUDONYM = "[A-Za-z0-9_-]{22}"
_TRACE = "(?:[0-9a-f]{32})?"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
_PRODUCER = "[a-z_]{1,32}"
_ACTION = "[a-z_]{1,48}"
_DETAIL = "[A-Za-z0-9_-]{43}"
_NUMBER = "0|[1-9][0-9]{0,15}"
_VERB = "|".join(verb.value for verb in Verb)


class Leaf(TypedDict):
    """The keys of a leaf, all of them, always. Nobody (`org`, `on_behalf_of`) is the empty text."""

    v: int
    id: str
    at: str
    tenant: str
    producer: str
    producer_epoch: str
    producer_seq: int
    verb: str
    action: str
    outcome: str
    purpose: str
    legal_basis: str
    actor: str
    org: str
    on_behalf_of: str
    objects: list[str]
    fields: list[str]
    count: int
    acr: int
    trace_id: str
    detail: str


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: object) -> bytes:
    """RFC 8785 for what stands in the log: ASCII keys, texts, integers below 2^53, lists and objects of these."""
    return _encode(value).encode()


def base64url(value: bytes) -> str:
    """Base64 for URLs, without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def moment_text(moment: datetime) -> str:
    """UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_leaf(
    record: Record, tenant_id: UUID, *, actor: str, org: str, on_behalf_of: str, objects: list[str], detail: str
) -> Leaf:
    """The leaf of a record, given its pseudonyms and the hash of its detail."""
    return Leaf(
        v=VERSION,
        id=str(record.record_id),
        at=moment_text(record.at),
        tenant=str(tenant_id),
        producer=record.source.producer,
        producer_epoch=str(record.source.epoch),
        producer_seq=record.seq,
        verb=record.verb,
        action=record.action,
        outcome=record.outcome,
        purpose=record.purpose,
        legal_basis=record.legal_basis,
        actor=actor,
        org=org,
        on_behalf_of=on_behalf_of,
        objects=objects,
        fields=list(record.fields),
        count=record.count,
        acr=record.acr,
        trace_id=record.trace_id,
        detail=detail,
    )


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + leaf).digest()


Form = Callable[[object], bool]


def _text(pattern: str) -> Form:
    matches = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and matches(value) is not None


def _texts(pattern: str, most: int) -> Form:
    fits = _text(pattern)
    return lambda value: isinstance(value, list) and len(value) <= most and all(fits(part) for part in value)


def _integer(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_INTEGER


_FORMS: Mapping[str, Form] = {
    "v": lambda value: type(value) is int and value == VERSION,
    "id": _text(_UUID),
    "at": _text(_MOMENT),
    "tenant": _text(_UUID),
    "producer": _text(_PRODUCER),
    "producer_epoch": _text(_UUID),
    "producer_seq": _integer,
    "verb": _text(_VERB),
    "action": _text(_ACTION),
    "outcome": _text("|".join(OUTCOMES)),
    "purpose": _text(_CODE),
    "legal_basis": _text(_CODE),
    "actor": _text(_PSEUDONYM),
    "org": _text(f"(?:{_PSEUDONYM})?"),
    "on_behalf_of": _text(f"(?:{_PSEUDONYM})?"),
    "objects": _texts(_PSEUDONYM, MAX_OBJECTS),
    "fields": _texts(_CODE, MAX_FIELDS),
    "count": _integer,
    "acr": _integer,
    "trace_id": _text(_TRACE),
    "detail": _text(_DETAIL),
}


def check_leaf(leaf: Leaf) -> None:
    """Raises LeafMalformed naming the first key that does not have its form."""
    for key, fits in _FORMS.items():
        if not fits(leaf[key]):  # type: ignore[literal-required]
            raise LeafMalformed(field=key, expected="the form that the log's format gives it")


def _list(pattern: str, most: int) -> str:
    return rf'\[(?:"{pattern}"(?:,"{pattern}"){{0,{most - 1}}})?\]'


# A leaf whose text this is has the form of each key: where no value has a quotation mark, none can reach into another.
_WHOLE = re.compile(
    rf'\{{"acr":({_NUMBER}),"action":"{_ACTION}","actor":"{_PSEUDONYM}","at":"{_MOMENT}","count":({_NUMBER}),'
    f'"detail":"{_DETAIL}","fields":{_list(_CODE, MAX_FIELDS)},"id":"{_UUID}","legal_basis":"{_CODE}",'
    f'"objects":{_list(_PSEUDONYM, MAX_OBJECTS)},"on_behalf_of":"(?:{_PSEUDONYM})?",'
    f'"org":"(?:{_PSEUDONYM})?","outcome":"(?:{"|".join(OUTCOMES)})","producer":"{_PRODUCER}",'
    f'"producer_epoch":"{_UUID}","producer_seq":({_NUMBER}),"purpose":"{_CODE}","tenant":"{_UUID}",'
    rf'"trace_id":"{_TRACE}","v":{VERSION},"verb":"(?:{_VERB})"\}}'
).fullmatch


def leaf_bytes(leaf: Leaf) -> bytes:
    """The entry of the log. Raises LeafMalformed: what is not a leaf never enters it."""
    try:
        text = _encode(leaf)
    except (TypeError, ValueError, RecursionError):
        text = ""
    whole = _WHOLE(text)
    if whole is None or any(int(number) > MAX_INTEGER for number in whole.groups()):
        check_leaf(leaf)
        raise LeafMalformed(field="leaf", expected="exactly the keys of version 1")
    entry = text.encode()
    if len(entry) > MAX_BYTES:
        raise LeafMalformed(field="leaf", expected="at most 2 kB")
    return entry


def parse_leaf(entry: bytes) -> Leaf:
    """The leaf in these bytes. Raises LeafMalformed for anything but the exact canonical form of version 1."""
    try:
        leaf = json.loads(entry)
    except (ValueError, RecursionError):
        raise LeafMalformed(field="leaf", expected="canonical JSON") from None
    if not isinstance(leaf, dict) or leaf.keys() != _FORMS.keys():
        raise LeafMalformed(field="leaf", expected="exactly the keys of version 1")
    if leaf_bytes(cast(Leaf, leaf)) != entry:
        raise LeafMalformed(field="leaf", expected="canonical JSON (RFC 8785)")
    return cast(Leaf, leaf)
