"""The command that rotates a service's keys, to be given where its root keys are: `rotate-keys root` or `cells`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit.clock import Clock, utc_now
from services.kit.database import Database
from services.kit.errors import RondetafelError
from services.kit.execute import Executor
from services.kit.freshness import always_fresh
from services.kit.keys import RootKeys
from services.kit.outbox import HighWaterMark
from services.kit.policy import DatabaseRole, Policy
from services.kit.principal import PLATFORM, system
from services.kit.rotation import (
    BATCH,
    NO_ID,
    SAME_ROTATION,
    ReadKeyedCells,
    RenewCellKey,
    WrapCellKeys,
    WrapObjectKeys,
    read_keyed_cells,
    renew_cell_key,
    wrap_cell_keys,
    wrap_object_keys,
)
from services.kit.vault import CACHE_SECONDS, Vault

Say = Callable[[str], None]
WHAT = ("root", "cells")


class RotationSettings(BaseSettings):
    """Prefix RONDETAFEL_. The password of the role `keys` is for this command alone: no service has it."""

    model_config = SettingsConfigDict(env_prefix="RONDETAFEL_", frozen=True, extra="ignore")

    keys_database_url: str
    root_key_file: Path


class Rotation:
    """The rotation of one service's keys. Each cell's part is an act in that cell, and stands in its log.

    `always`: also where there was a rotation within a day, which else is the one that goes on. `only` these cells; else
    all. `batch` keys of objects are wrapped in one transaction.
    """

    def __init__(
        self, service: str, executor: Executor, vault: Vault, clock: Clock, say: Say, *, always: bool = False,
        only: Sequence[UUID] = (), batch: int = BATCH,
    ) -> None:  # fmt: skip
        self._service = service
        self._executor = executor
        self._vault = vault
        self._clock = clock
        self._say = say
        self._always = always
        self._only = tuple(only)
        self._batch = batch

    async def root(self, file: Path) -> int:
        """Make a new root key, unless one was made within a day, and wrap all keys of cells under it; how many were."""
        version = self._vault.roots.newest[0]
        if self._always or not self._is_new(file, version):
            version = self._vault.roots.add()
        self._say(f"{self._service}: root key {version}")
        wrapped = 0
        for number, cell_id in enumerate(cells := await self._cells(), 1):
            done = await self._executor.run(system(self._name, cell_id), wrap_cell_keys, WrapCellKeys())
            wrapped += done
            self._tell(number, len(cells), done)
        self._say(
            f"{self._service}: {wrapped} keys of cells wrapped anew. Run this again until it says 0, "
            f"{CACHE_SECONDS // 60} minutes apart; earlier root keys then open only backups from before."
        )
        return wrapped

    async def cells(self) -> int:
        """Give every cell a new key, unless it got one within a day, and wrap all it wraps anew; how many were."""
        wrapped = 0
        for number, cell_id in enumerate(cells := await self._cells(), 1):
            done = await self._cell(cell_id)
            wrapped += done
            self._tell(number, len(cells), done)
        self._say(
            f"{self._service}: {wrapped} keys wrapped anew. Processes go on with the former key of a cell for "
            f"{CACHE_SECONDS // 60} minutes at most: run this again after that, until it says 0."
        )
        return wrapped

    async def _cell(self, cell_id: UUID) -> int:
        principal, wrapped = system(self._name, cell_id), 0
        version = await self._executor.run(principal, renew_cell_key, RenewCellKey(self._always))
        after: UUID | None = NO_ID if version else None
        while after is not None:
            batch = await self._executor.run(principal, wrap_object_keys, WrapObjectKeys(version, after, self._batch))
            wrapped, after = wrapped + batch.wrapped, batch.after
        return wrapped

    async def _cells(self) -> tuple[UUID, ...]:
        return self._only or await self._executor.run(system(self._name, PLATFORM), read_keyed_cells, ReadKeyedCells())

    def _is_new(self, file: Path, version: int) -> bool:
        place = file if version == 1 else file.with_name(f"{file.name}.{version}")
        made = datetime.fromtimestamp(place.stat().st_mtime, UTC)
        return version > 1 and made > self._clock() - SAME_ROTATION

    def _tell(self, number: int, of: int, wrapped: int) -> None:
        if wrapped or number == of or number % 100 == 0:
            self._say(f"{self._service}: cell {number} of {of}, {wrapped} keys")

    @property
    def _name(self) -> str:
        return f"{self._service}.rotation"


@dataclass(frozen=True, slots=True)
class _Asked:
    what: str
    always: bool
    cells: tuple[UUID, ...]


def _asked(arguments: list[str]) -> _Asked | None:
    always = "--always" in arguments
    what, *cells = [argument for argument in arguments if argument != "--always"] or [""]
    try:
        return _Asked(what, always, tuple(UUID(cell) for cell in cells)) if what in WHAT else None
    except ValueError:
        return None


async def _rotate(service: str, policy: Policy, asked: _Asked, settings: RotationSettings) -> None:
    vault = Vault(RootKeys.from_file(settings.root_key_file))
    database = Database({DatabaseRole.KEYS: settings.keys_database_url}, size=1)
    executor = Executor(
        service=service, database=database, vault=vault, policy=policy, clock=utc_now, fresh=always_fresh,
        wake=_leave_to_the_service,
    )  # fmt: skip
    rotation = Rotation(
        service, executor, vault, utc_now, lambda line: print(line, flush=True), always=asked.always, only=asked.cells
    )
    try:
        await (rotation.root(settings.root_key_file) if asked.what == "root" else rotation.cells())
    finally:
        await database.close()
        await vault.wipe()


def _leave_to_the_service(height: HighWaterMark | None) -> None:
    """The records stand in the outbox; the relay of the running service finds them."""


def rotate_keys(service: str, policy: Policy, arguments: list[str], settings: Callable[..., RotationSettings]) -> int:
    """Do what was asked, with progress; the exit code. What was cut off goes on when it is asked again."""
    asked = _asked(arguments)
    if asked is None:
        print(f"usage: python -m services.{service} rotate-keys root|cells [--always] [CELL ...]")
        return 2
    try:
        asyncio.run(_rotate(service, policy, asked, settings()))
    except RondetafelError as error:
        print(f"{service}: the rotation stopped ({error}); give the command again to go on.")
        return 1
    return 0
