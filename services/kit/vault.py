"""Seal and open: root key > cell key > key per case or signal > AES-256-GCM per field (security.md, Keys).

The additional data binds a ciphertext to its place, so it cannot be moved to another row, column, case or cell.
Destroying one wrapped key makes everything sealed under it unreadable, in backups too once they expire.
"""

from __future__ import annotations

import hmac
import os
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.database import TenantSession

_FORMAT = b"\x01"
_NONCE = 12
_CACHE_SECONDS = 300
_CACHE_KEYS = 20_000

_FIND_CELL = "SELECT wrapped FROM cell_key WHERE tenant_id = $1 AND key_version = 1"
_ADD_CELL = """
INSERT INTO cell_key (tenant_id, key_version, wrapped, created_at)
VALUES ($1, 1, $2, current_setting('rondetafel.now')::timestamptz) ON CONFLICT DO NOTHING"""
_FIND_OBJECT = "SELECT wrapped FROM object_key WHERE tenant_id = $1 AND object_id = $2"
_ADD_OBJECT = """
INSERT INTO object_key (tenant_id, object_id, wrapped, created_at)
VALUES ($1, $2, $3, current_setting('rondetafel.now')::timestamptz) ON CONFLICT DO NOTHING"""
_FIND_OBJECTS = "SELECT object_id, wrapped FROM object_key WHERE tenant_id = $1 AND object_id = ANY ($2)"
_DESTROY = "DELETE FROM object_key WHERE tenant_id = $1 AND object_id = ANY ($2)"
_ADD_OBJECTS = """
INSERT INTO object_key (tenant_id, object_id, wrapped, created_at)
SELECT $1, one.object_id, one.wrapped, current_setting('rondetafel.now')::timestamptz
FROM unnest($2::uuid[], $3::bytea[]) AS one (object_id, wrapped) ON CONFLICT DO NOTHING RETURNING object_id"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed field stands. `object_id` is the case or signal whose key seals it; the cell's id for the cell."""

    object_id: UUID
    table: str
    column: str
    row_id: UUID


class KeyDestroyed(LookupError):
    """The key of this object was destroyed: what it sealed is gone for good."""


class Vault:
    """Holds the root key and a bounded cache of opened keys (5 minutes). One per process."""

    def __init__(self, root_key: bytes) -> None:
        if len(root_key) != 32:
            raise ValueError("the root key must be 32 bytes")
        self._root = root_key
        self._cache: OrderedDict[tuple[UUID, UUID], tuple[float, bytes]] = OrderedDict()

    @classmethod
    def from_file(cls, path: Path) -> Vault:
        """The vault of a 32-byte root key file, kept outside database and backups."""
        return cls(path.read_bytes())

    def ring(self, session: TenantSession, tenant_id: UUID) -> Ring:
        """The keys of one cell, for one transaction."""
        return Ring(self, session, tenant_id)

    def wrap(self, key: bytes, under: bytes, aad: bytes) -> bytes:
        """Encrypt a key under another."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(under).encrypt(nonce, key, aad)

    def unwrap(self, wrapped: bytes, under: bytes, aad: bytes) -> bytes:
        """The reverse of `wrap`; raises cryptography's InvalidTag on any change."""
        return AESGCM(under).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], aad)

    @property
    def root(self) -> bytes:
        """The root key; only cell keys are wrapped by it."""
        return self._root

    def cached(self, name: tuple[UUID, UUID]) -> bytes | None:
        """An opened key, if it was kept less than five minutes ago."""
        entry = self._cache.get(name)
        if entry is None or entry[0] < time.monotonic():
            return None
        return entry[1]

    def keep(self, keys: dict[tuple[UUID, UUID], bytes]) -> None:
        """Cache keys whose rows are committed."""
        until = time.monotonic() + _CACHE_SECONDS
        for name, key in keys.items():
            self._cache[name] = (until, key)
            self._cache.move_to_end(name)
        while len(self._cache) > _CACHE_KEYS:
            self._cache.popitem(last=False)

    def forget(self, tenant_id: UUID, object_id: UUID) -> None:
        """Drop a destroyed key from the cache."""
        self._cache.pop((tenant_id, object_id), None)

    def wipe(self) -> None:
        """Forget all opened keys; called at stop."""
        self._cache.clear()


class Ring:
    """The keys of one cell in one transaction. Keys made here reach the cache only by `commit`."""

    def __init__(self, vault: Vault, session: TenantSession, tenant_id: UUID) -> None:
        self._vault = vault
        self._session = session
        self._tenant = tenant_id
        self._seen: dict[tuple[UUID, UUID], bytes] = {}
        self._destroyed: set[UUID] = set()

    async def seal(self, plain: str, place: Place) -> bytes:
        """Encrypt one field for its place, making the object's key if it is the first."""
        key = await self._object_key(place.object_id, create=True)
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain.encode(), self._aad(place))

    async def open(self, sealed: bytes, place: Place) -> str:
        """Decrypt one field. Raises KeyDestroyed after erasure, InvalidTag if it was moved or changed."""
        key = await self._object_key(place.object_id, create=False)
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        return AESGCM(key).decrypt(nonce, body, self._aad(place)).decode()

    async def blind(self, value: str, purpose: str) -> bytes:
        """A keyed hash for look-up within this cell; tells nothing across cells. 32 bytes."""
        key = await self._cell_key()
        return hmac.digest(key, f"{purpose}\x00{value}".encode(), "sha256")

    async def pseudonym(self, value: str, purpose: str, object_id: UUID | None = None) -> bytes:
        """A keyed name of 16 bytes that stands for `value` in the log: under the object's key, else the cell's.

        Once that key is destroyed nobody can tell what it stood for. Raises KeyDestroyed when there is no such key.
        """
        key = await (self._object_key(object_id, create=False) if object_id else self._cell_key())
        return hmac.digest(hmac.digest(key, f"pseudonym|{purpose}".encode(), "sha256"), value.encode(), "sha256")[:16]

    async def hold(self, object_ids: Collection[UUID], *, create: bool = False) -> frozenset[UUID]:
        """Have the keys of many objects at hand, in three statements at most. Returns those whose key was made now.

        Without `create`, objects that have no key are passed over: using them raises KeyDestroyed.
        """
        wanted = dict.fromkeys(object_ids)
        await self._find([one for one in wanted if not self._at_hand((self._tenant, one))])
        missing = [one for one in wanted if not self._at_hand((self._tenant, one))]
        if not missing or not create:
            return frozenset()
        cell_key = await self._cell_key()
        keys = {one: os.urandom(32) for one in missing}
        wrapped = [self._vault.wrap(key, cell_key, self._key_aad(one)) for one, key in keys.items()]
        rows = await self._session.raw.fetch(_ADD_OBJECTS, self._tenant, missing, wrapped)
        made = frozenset(row["object_id"] for row in rows)
        self._seen.update({(self._tenant, one): keys[one] for one in made})
        # Where a concurrent act was first, its key is the one that counts.
        await self._find([one for one in missing if one not in made])
        return made

    def holds(self, object_id: UUID) -> bool:
        """Whether the key of this object is at hand; after `hold` that is whether it exists."""
        return self._at_hand((self._tenant, object_id)) is not None

    async def destroy(self, object_ids: Collection[UUID]) -> None:
        """Destroy the keys of these objects: what they sealed is gone for good, in backups too once they expire.

        The ids MUST never be used again: another process may have the old key at hand for five minutes.
        """
        await self._session.raw.execute(_DESTROY, self._tenant, list(object_ids))
        self._destroyed.update(object_ids)

    def commit(self) -> None:
        """To be called after the transaction committed."""
        self._vault.keep(self._seen)
        for object_id in self._destroyed:
            self._vault.forget(self._tenant, object_id)

    def _aad(self, place: Place) -> bytes:
        return f"{self._tenant}|{place.object_id}|{place.table}|{place.column}|{place.row_id}|1".encode()

    def _key_aad(self, object_id: UUID) -> bytes:
        return f"{self._tenant}|{object_id}".encode()

    def _at_hand(self, name: tuple[UUID, UUID]) -> bytes | None:
        return None if name[1] in self._destroyed else self._seen.get(name) or self._vault.cached(name)

    async def _find(self, object_ids: list[UUID]) -> None:
        if not object_ids:
            return
        cell_key = await self._cell_key()
        for row in await self._session.raw.fetch(_FIND_OBJECTS, self._tenant, object_ids):
            object_id = row["object_id"]
            key = self._vault.unwrap(row["wrapped"], cell_key, self._key_aad(object_id))
            self._seen[(self._tenant, object_id)] = key

    async def _object_key(self, object_id: UUID, *, create: bool) -> bytes:
        if object_id == self._tenant:
            return await self._cell_key()
        name = (self._tenant, object_id)
        key = self._at_hand(name)
        if key is not None:
            return key
        aad = self._key_aad(object_id)
        raw = self._session.raw
        wrapped = await raw.fetchval(_FIND_OBJECT, *name)
        if wrapped is None and not create:
            raise KeyDestroyed
        cell_key = await self._cell_key()
        if wrapped is None:
            fresh = self._vault.wrap(os.urandom(32), cell_key, aad)
            await raw.execute(_ADD_OBJECT, *name, fresh)
            wrapped = await raw.fetchval(_FIND_OBJECT, *name)
        key = self._vault.unwrap(wrapped, cell_key, aad)
        self._seen[name] = key
        return key

    async def _cell_key(self) -> bytes:
        name = (self._tenant, self._tenant)
        key = self._at_hand(name)
        if key is not None:
            return key
        aad = f"{self._tenant}|cell".encode()
        raw = self._session.raw
        wrapped = await raw.fetchval(_FIND_CELL, self._tenant)
        if wrapped is None:
            fresh = self._vault.wrap(os.urandom(32), self._vault.root, aad)
            await raw.execute(_ADD_CELL, self._tenant, fresh)
            wrapped = await raw.fetchval(_FIND_CELL, self._tenant)
        key = self._vault.unwrap(wrapped, self._vault.root, aad)
        self._seen[name] = key
        return key
