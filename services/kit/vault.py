"""Seal and open: root key > cell key > key per case or signal > AES-256-GCM per field (docs/architecture.md, Keys).

The additional data binds a ciphertext to its place, so it cannot be moved to another row, column, case or cell.
Destroying one wrapped key makes everything sealed under it unreadable, in backups too once they expire.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.kit.database import Transaction
from services.kit.keys import FIRST, Key, RootKeys, head_of, sealed_under, wrapped_under

CACHE_SECONDS = 300
"""How long an opened key is kept, and a process may go on with the former version after a rotation."""
SWEEP_SECONDS = 30
_CACHE_KEYS = 20_000

_FIND_CELL = "SELECT key_version, wrapped FROM cell_key WHERE tenant_id = $1"
_ADD_CELL = """
INSERT INTO cell_key (tenant_id, key_version, wrapped, created_at)
VALUES ($1, 1, $2, current_setting('rondetafel.now')::timestamptz) ON CONFLICT DO NOTHING"""
_FIND_OBJECTS = "SELECT object_id, wrapped FROM object_key WHERE tenant_id = $1 AND object_id = ANY ($2)"
_DESTROY = "DELETE FROM object_key WHERE tenant_id = $1 AND object_id = ANY ($2)"
_ADD_OBJECTS = """
INSERT INTO object_key (tenant_id, object_id, wrapped, created_at)
SELECT $1, one.object_id, one.wrapped, current_setting('rondetafel.now')::timestamptz
FROM unnest($2::uuid[], $3::bytea[]) AS one (object_id, wrapped) ON CONFLICT DO NOTHING RETURNING object_id"""

Name = tuple[UUID, UUID]
Keys = Mapping[int, Key]
"""The keys of one name, by version: a cell has one per rotation, a case or signal one."""


@dataclass(frozen=True, slots=True)
class AssociatedData:
    """Where a sealed field stands. `object_id` is the case or signal whose key seals it; the cell's id for the cell."""

    object_id: UUID
    table: str
    column: str
    row_id: UUID


class KeyDestroyed(LookupError):
    """The key of this object was destroyed: what it sealed is gone for good."""


class Vault:
    """Holds the root keys and a bounded cache of opened keys (5 minutes). One per process."""

    def __init__(self, root_key: bytes | RootKeys, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.roots = root_key if isinstance(root_key, RootKeys) else RootKeys({FIRST: Key(root_key)})
        self._clock = clock
        self._cache: OrderedDict[Name, tuple[float, Keys]] = OrderedDict()

    @classmethod
    def from_file(cls, path: Path) -> Vault:
        """The vault of a file of 32 bytes and its later versions, kept outside database and backups."""
        return cls(RootKeys.from_file(path))

    @property
    def kept(self) -> int:
        """How many keys are kept, expired or not."""
        return len(self._cache)

    def keyring(self, transaction: Transaction, tenant_id: UUID) -> Keyring:
        """The keys of one cell, for one transaction."""
        return Keyring(self, transaction, tenant_id)

    def wrap_cell(self, key: Key, tenant_id: UUID, version: int) -> bytes:
        """A cell's key of a version, wrapped under the newest root key."""
        root_version, root = self.roots.newest
        return root.wrap(key, root_version, _cell_aad(tenant_id, version, root_version))

    def unwrap_cell(self, wrapped: bytes, tenant_id: UUID, version: int) -> Key:
        """The reverse of `wrap_cell`, under whatever root key it is wrapped."""
        root_version = wrapped_under(wrapped)
        return self.roots.of(root_version or FIRST).unwrap(wrapped, _cell_aad(tenant_id, version, root_version))

    def cached(self, name: Name) -> Keys | None:
        """Opened keys, if they were kept less than five minutes ago. To be used before anything is awaited."""
        entry = self._cache.get(name)
        return entry[1] if entry is not None and entry[0] > self._clock() else None

    def keep(self, keys: Mapping[Name, Keys]) -> None:
        """Cache keys whose rows are committed."""
        until = self._clock() + CACHE_SECONDS
        for name, opened in keys.items():
            self._drop(name)
            self._cache[name] = (until, opened)
        while len(self._cache) > _CACHE_KEYS:
            self._drop(next(iter(self._cache)))

    def forget(self, tenant_id: UUID, object_id: UUID) -> None:
        """Drop a destroyed key from the cache."""
        self._drop((tenant_id, object_id))

    def sweep(self) -> None:
        """Overwrite and forget what has expired."""
        now = self._clock()
        # The oldest stand first: `keep` puts what it keeps at the end.
        while self._cache and next(iter(self._cache.values()))[0] <= now:
            self._drop(next(iter(self._cache)))

    async def keep_house(self) -> None:
        """Every half minute: forget what has expired, take up new root keys. Until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()
            self.roots.reread()

    async def wipe(self) -> None:
        """Overwrite and forget all keys; called at stop. Nothing opens any more."""
        for name in list(self._cache):
            self._drop(name)
        self.roots.wipe()

    def _drop(self, name: Name) -> None:
        _, keys = self._cache.pop(name, (0, {}))
        for key in keys.values():
            key.wipe()


class Keyring:
    """The keys of one cell in one transaction. Keys made here reach the cache only by `commit`.

    An opened key is used before anything is awaited: while we wait, the cache may expire and overwrite it.
    """

    def __init__(self, vault: Vault, transaction: Transaction, tenant_id: UUID) -> None:
        self.vault = vault
        self._transaction = transaction
        self._tenant = tenant_id
        self._seen: dict[Name, Keys] = {}
        self._destroyed: set[UUID] = set()

    async def seal(self, plain: str, associated_data: AssociatedData) -> bytes:
        """Encrypt one field for its place, making the object's key if it is the first.

        What the cell's own key seals, its newest version does.
        """
        version, key = await self._sealing_key(associated_data.object_id)
        return head_of(version) + key.encrypt(plain.encode(), self._aad(associated_data, version))

    async def open(self, sealed: bytes, associated_data: AssociatedData) -> str:
        """Decrypt one field. Raises KeyDestroyed after erasure, InvalidTag if it was moved or changed."""
        version, body = sealed_under(sealed)
        if associated_data.object_id == self._tenant:
            key = await self._cell_key(version)
        else:
            key = await self._object_key(associated_data.object_id, create=False)
        return key.decrypt(body, self._aad(associated_data, version)).decode()

    async def blind(self, value: str, purpose: str) -> bytes:
        """A keyed hash for look-up within this cell; tells nothing across cells. 32 bytes.

        Keyed by the cell's first key, always: what was written before a rotation shall be found after it.
        """
        key = await self._cell_key(FIRST)
        return key.digest(f"{purpose}\x00{value}".encode())

    async def pseudonym(self, value: str, purpose: str, object_id: UUID | None = None) -> bytes:
        """A keyed name of 16 bytes that stands for `value` in the log: under the object's key, else the cell's first.

        Once that key is destroyed nobody can tell what it stood for. Raises KeyDestroyed when there is no such key.
        """
        key = await (self._object_key(object_id, create=False) if object_id else self._cell_key(FIRST))
        return hmac.digest(key.digest(f"pseudonym|{purpose}".encode()), value.encode(), "sha256")[:16]

    async def hold(self, object_ids: Collection[UUID], *, create: bool = False) -> frozenset[UUID]:
        """Have the keys of many objects at hand, in three statements at most. Returns those whose key was made now.

        Without `create`, objects that have no key are passed over: using them raises KeyDestroyed.
        """
        wanted = dict.fromkeys(object_ids)
        await self._find([object_id for object_id in wanted if not self._at_hand((self._tenant, object_id))])
        missing = [object_id for object_id in wanted if not self._at_hand((self._tenant, object_id))]
        if not missing or not create:
            return frozenset()
        made = await self.make(missing)
        # Where a concurrent act was first, its key is the one that counts.
        await self._find([object_id for object_id in missing if object_id not in made])
        return made

    async def make(self, object_ids: list[UUID]) -> frozenset[UUID]:
        """Make the keys of objects, without looking for any: right for ids made in this act. Returns whose was made."""
        version, cell_key = await self._newest_cell_key()
        keys = {object_id: Key.new() for object_id in object_ids}
        wrapped = [cell_key.wrap(key, version, self._key_aad(object_id, version)) for object_id, key in keys.items()]
        added = await self._transaction.raw.fetch(_ADD_OBJECTS, self._tenant, object_ids, wrapped)
        made = frozenset(row["object_id"] for row in added)
        self._seen.update({(self._tenant, object_id): {FIRST: keys[object_id]} for object_id in made})
        return made

    def holds(self, object_id: UUID) -> bool:
        """Whether the key of this object is at hand; after `hold` that is whether it exists."""
        return self._at_hand((self._tenant, object_id)) is not None

    async def destroy(self, object_ids: Collection[UUID]) -> None:
        """Destroy the keys of these objects: what they sealed is gone for good, in backups too once they expire.

        The ids MUST never be used again: another process may have the old key at hand for five minutes.
        """
        await self._transaction.raw.execute(_DESTROY, self._tenant, list(object_ids))
        self._destroyed.update(object_ids)
        for object_id in object_ids:
            self._seen.pop((self._tenant, object_id), None)

    def commit(self) -> None:
        """To be called after the transaction committed."""
        self.vault.keep(self._seen)
        for object_id in self._destroyed:
            self.vault.forget(self._tenant, object_id)

    async def wrapped_anew(self, wrapped: Mapping[UUID, bytes], version: int) -> dict[UUID, bytes]:
        """The keys of these objects under the cell's key of `version`; those that are already are left out."""
        anew = {}
        for object_id, old in wrapped.items():
            if wrapped_under(old) != version:
                key = await self._unwrapped(object_id, old)
                cell_key = await self._cell_key(version)
                anew[object_id] = cell_key.wrap(key, version, self._key_aad(object_id, version))
                key.wipe()
        return anew

    def _aad(self, of: AssociatedData, version: int) -> bytes:
        return f"{self._tenant}|{of.object_id}|{of.table}|{of.column}|{of.row_id}|{version}".encode()

    def _key_aad(self, object_id: UUID, version: int | None) -> bytes:
        return f"{self._tenant}|{object_id}{'' if version is None else f'|{version}'}".encode()

    def _at_hand(self, name: Name) -> Keys | None:
        return None if name[1] in self._destroyed else self._seen.get(name) or self.vault.cached(name)

    async def _find(self, object_ids: list[UUID]) -> None:
        raw = self._transaction.raw
        for row in await raw.fetch(_FIND_OBJECTS, self._tenant, object_ids) if object_ids else ():
            object_id = row["object_id"]
            self._seen[(self._tenant, object_id)] = {FIRST: await self._unwrapped(object_id, row["wrapped"])}

    async def _unwrapped(self, object_id: UUID, wrapped: bytes) -> Key:
        version = wrapped_under(wrapped)
        cell_key = await self._cell_key(version or FIRST)
        return cell_key.unwrap(wrapped, self._key_aad(object_id, version))

    async def _sealing_key(self, object_id: UUID) -> tuple[int, Key]:
        if object_id == self._tenant:
            return await self._newest_cell_key()
        return FIRST, await self._object_key(object_id, create=True)

    async def _object_key(self, object_id: UUID, *, create: bool) -> Key:
        if object_id == self._tenant:
            return await self._cell_key(FIRST)
        name = (self._tenant, object_id)
        if keys := self._at_hand(name):
            return keys[FIRST]
        await self._find([object_id])
        if name not in self._seen and create:
            await self.hold([object_id], create=True)
        if name not in self._seen:
            raise KeyDestroyed
        return self._seen[name][FIRST]

    async def _newest_cell_key(self) -> tuple[int, Key]:
        keys = self._at_hand((self._tenant, self._tenant)) or await self._find_cell()
        return max(keys), keys[max(keys)]

    async def _cell_key(self, version: int) -> Key:
        keys = self._at_hand((self._tenant, self._tenant))
        if keys is None or version not in keys:
            # One that came since ours were kept.
            keys = await self._find_cell()
        if version not in keys:
            raise KeyDestroyed
        return keys[version]

    async def _find_cell(self) -> Keys:
        raw = self._transaction.raw
        rows = await raw.fetch(_FIND_CELL, self._tenant)
        if not rows:
            await raw.execute(_ADD_CELL, self._tenant, self.vault.wrap_cell(Key.new(), self._tenant, FIRST))
            rows = await raw.fetch(_FIND_CELL, self._tenant)
        keys = {
            row["key_version"]: self.vault.unwrap_cell(row["wrapped"], self._tenant, row["key_version"]) for row in rows
        }
        self._seen[(self._tenant, self._tenant)] = keys
        return keys


def _cell_aad(tenant_id: UUID, version: int, root_version: int | None) -> bytes:
    """From before there were versions: the cell's first, under the first root key."""
    return f"{tenant_id}|cell{'' if root_version is None else f'|{version}|{root_version}'}".encode()
