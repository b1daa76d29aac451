"""What an entry says in clear, sealed and erasable, beside the log.

The leaf holds pseudonyms and one hash: `detail` = SHA-256(salt || canonical detail). The detail (who, for which
organisation, which cases, which codes) and its random salt of 32 bytes stand in rows of their own, never in the log:

* An act that concerns no case or signal: one row, sealed under the cell's key.
* An act that concerns exactly one: one row, sealed under THAT object's key. Erasing the object leaves nothing readable.
* An act that concerns several (a list): one row under the cell's key holds all but the objects, and one row per object,
  under its own key, stands for that object. The salt is cut in shares, one in each row, whose XOR it is. Erasing one
  object takes its name and its share: the others stay readable, but the hash can never be opened again, so nobody can
  try whether the erased one was among them.

A row names its object by pseudonym only; which object that is, the table `object_name` tells, sealed under the cell's
key and erased with the object's key. So entries and details hold no id of a person or case in clear.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypedDict
from uuid import UUID

from services.audit.model.leaf import base64url, canonical
from services.audit.model.record import Record
from services.kit.vault import AssociatedData, KeyDestroyed, Keyring

SALT_BYTES = 32
UNDER_CELL_KEY = b""
"""Stands for an object's pseudonym in rows that are sealed under the cell's key."""


class Detail(TypedDict):
    """The clear side of an entry. Nobody is the empty text."""

    actor_id: str
    actor_kind: str
    codes: dict[str, str]
    object_ids: list[str]
    on_behalf_of: str
    organisation_id: str


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One row: sealed under the key of the object with this pseudonym, or under the cell's."""

    pseudonym: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class OpenedDetail:
    """What can still be read. `salt` is None once any part of it is gone."""

    detail: Detail | None
    object_ids: tuple[UUID, ...]
    salt: bytes | None


def detail_of(record: Record) -> Detail:
    """The clear side of a record."""
    return Detail(
        actor_id=record.actor_id,
        actor_kind=record.actor_kind,
        codes=dict(record.codes),
        object_ids=[str(object_id) for object_id in record.object_ids],
        on_behalf_of=record.on_behalf_of,
        organisation_id=record.organisation_id,
    )


def commitment(salt: bytes, detail: Detail) -> str:
    """What the leaf says of the detail."""
    return _commitment(salt, canonical(detail))


async def seal_detail(
    keyring: Keyring, tenant_id: UUID, record: Record, pseudonyms: Sequence[bytes]
) -> tuple[str, list[SealedPart]]:
    """The leaf's hash of a record's detail, and the rows that hold it. `pseudonyms` name its objects, in order."""
    detail, salt = detail_of(record), os.urandom(SALT_BYTES)
    clear = canonical(detail)
    named = list(zip(record.object_ids, pseudonyms, strict=True))
    if len(named) > 1:
        shares = [os.urandom(SALT_BYTES) for _ in named]
        rest: Detail = {**detail, "object_ids": []}
        parts = [(tenant_id, UNDER_CELL_KEY, _text(reduce(_xor, shares, salt), canonical(rest)))]
        parts += [(pair, name, _text(share)) for (pair, name), share in zip(named, shares, strict=True)]
    else:
        object_id, name = named[0] if named else (tenant_id, UNDER_CELL_KEY)
        parts = [(object_id, name, _text(salt, clear))]
    sealed = [
        SealedPart(name, await keyring.seal(text, _associated_data(object_id, record.record_id)))
        for object_id, name, text in parts
    ]
    return _commitment(salt, clear), sealed


async def open_detail(
    keyring: Keyring,
    tenant_id: UUID,
    record_id: UUID,
    parts: Sequence[SealedPart],
    names: Mapping[bytes, UUID],
    *,
    salted: bool = True,
) -> OpenedDetail:
    """Open what keys and names still allow. `parts` in the order of the leaf's objects, the cell's own first.

    Without the salt the shares of a list's objects need not be opened: whose keys the ring holds can be named.
    """
    detail: Detail | None = None
    object_ids: list[UUID] = []
    shares: list[bytes] = []
    for part in parts:
        object_id = names.get(part.pseudonym, tenant_id if part.pseudonym == UNDER_CELL_KEY else None)
        if object_id is None:
            continue
        if detail is not None and not salted:
            object_ids += [object_id] if keyring.holds(object_id) else []
            continue
        try:
            opened = json.loads(await keyring.open(part.sealed, _associated_data(object_id, record_id)))
        except KeyDestroyed:
            continue
        shares.append(bytes.fromhex(opened["salt"]))
        detail = opened["detail"] or detail
        if object_id != tenant_id:
            object_ids.append(object_id)
    if detail is not None:
        detail = {**detail, "object_ids": [str(object_id) for object_id in object_ids]}
    whole = len(shares) == len(parts) > 0
    return OpenedDetail(detail, tuple(object_ids), reduce(_xor, shares) if whole else None)


def name_data(tenant_id: UUID, pseudonym: bytes) -> AssociatedData:
    """Where the name of an object stands, sealed under the cell's key."""
    return AssociatedData(tenant_id, "object_name", "sealed", UUID(bytes=pseudonym))


def _commitment(salt: bytes, clear: bytes) -> str:
    return base64url(hashlib.sha256(salt + clear).digest())


def _text(salt: bytes, clear: bytes = b"null") -> str:
    return f'{{"detail":{clear.decode()},"salt":"{salt.hex()}"}}'


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(SALT_BYTES)


def _associated_data(object_id: UUID, record_id: UUID) -> AssociatedData:
    return AssociatedData(object_id, "entry_detail", "sealed", record_id)
