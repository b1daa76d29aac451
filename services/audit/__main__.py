"""Builds and runs the audit service."""

from __future__ import annotations

import os
import sys

from rondetafel.audit.v1 import audit_pb2 as pb
from services.audit.consumers import BATCH, GATHER_SECONDS, SUBSCRIPTIONS, Intake, Watch
from services.audit.policy import POLICY
from services.audit.rpc import SERVED
from services.audit.settings import Settings
from services.audit.terms import TERMS
from services.kit.bus import AUDIT
from services.kit.catalogue import RECORD_HEARER
from services.kit.consume import RawConsumer
from services.kit.rotate import RotationSettings, rotate_keys
from services.kit.run import Process, run
from services.kit.service import build_service, run_terms, serve


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    service = await build_service("audit", settings, POLICY, pb.DESCRIPTOR, process)
    core = service.core
    watch = Watch(core.executor)
    intake = Intake(core.bus, core.executor, core.incoming, watch)
    records = RawConsumer(core.bus, AUDIT, RECORD_HEARER, intake.take, batch=BATCH, gather=GATHER_SECONDS)
    process.background("intake", records.run())
    process.background("confirmations", intake.tell())
    process.background("watch", watch.run())
    run_terms(core, TERMS, process)
    await serve(service, SERVED, SUBSCRIPTIONS, process)


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        # A service that runs holds nothing of what migrates.
        from services.kit.migrate import migrate

        migrate("audit", os.environ["RONDETAFEL_MIGRATOR_DATABASE_URL"])
    elif sys.argv[1:2] == ["rotate-keys"]:
        sys.exit(rotate_keys("audit", POLICY, sys.argv[2:], RotationSettings))
    else:
        settings = Settings()  # type: ignore[call-arg]
        sys.exit(run("audit", settings.otlp_endpoint, lambda process: main(process, settings)))
