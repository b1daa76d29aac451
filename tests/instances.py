"""Instances for tests: below .test/, with free ports, gone afterwards; and how a running one is handed over."""

import fcntl
import json
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path

from deploy.local import open_place
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.keeper import FIRST_PAUSE_SECONDS
from deploy.local.platform import Platform
from deploy.local.ports import Ports
from deploy.local.sweep import remove_abandoned
from tests.ready_made import ReadyMade

UNHURRIED = {
    f"RONDETAFEL_{name}_PER_SECOND": "100000" for name in ("ADDRESS", "ACCOUNT", "TENANT")
}  # fmt: skip
"""Tests and measurements come from one address and do in seconds what people do in days; tests/portal/test_paces.py
tries the limits themselves."""
DIRECTORY = REPOSITORY / ".test" / "instances"
CALM = "RONDETAFEL_CALM"
"""Names the root of a platform that somebody else runs, for all tests that only use one."""
PORTS = "ports.json"


@contextmanager
def new_instance() -> Iterator[Instance]:
    """An empty instance. Its logs and data may be looked at until the next run, which removes them."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with (DIRECTORY.parent / "sweep.lock").open("w") as sweeping:
            fcntl.flock(sweeping, fcntl.LOCK_EX)
            remove_abandoned(DIRECTORY)
            open_place.sweep()
            instance = Instance(Path(tempfile.mkdtemp(dir=DIRECTORY)), Ports.free())
            open_place.open_to_pass(instance.root)
            held.enter_context(instance.locked())
            (instance.root / PORTS).write_text(json.dumps(asdict(instance.ports)))
        yield instance


def handed_over(root: Path) -> Instance:
    """The instance of `new_instance` that another process runs below this directory."""
    return Instance(root, Ports(**json.loads((root / PORTS).read_text())))


@asynccontextmanager
async def running_platform(extra: Mapping[str, str] | None = None) -> AsyncIterator[Platform]:
    """The whole platform; `extra` are further environment variables for its services."""
    with new_instance() as instance:
        platform = Platform(
            instance, extra={**UNHURRIED, **(extra or {})}, keycloak=ReadyMade, longest_pause=FIRST_PAUSE_SECONDS
        )
        try:
            await platform.start()
            yield platform
        finally:
            await platform.stop()


def is_ours(nis_code: str) -> bool:
    """Whether we are the first to want this municipality on the platform that was handed over. Asked once, it is."""
    root = os.environ.get(CALM)
    if root is None:
        return True
    claims = Path(root) / "towns"
    claims.mkdir(exist_ok=True)
    try:
        (claims / nis_code).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
