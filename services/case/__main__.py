"""Builds and runs the case service."""

from __future__ import annotations

import os
import sys

from rondetafel.case.v1 import case_pb2 as pb
from services.case.consumers import SUBSCRIPTIONS
from services.case.policy import POLICY
from services.case.rpc import SERVED
from services.case.settings import Settings
from services.case.terms import TERMS
from services.kit.rotate import RotationSettings, rotate_keys
from services.kit.run import Process, run
from services.kit.service import build_service, run_terms, serve


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    service = await build_service("case", settings, POLICY, pb.DESCRIPTOR, process, circle=True)
    run_terms(service.core, TERMS, process)
    await serve(service, SERVED, SUBSCRIPTIONS, process)


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        # A service that runs holds nothing of what migrates.
        from services.kit.migrate import migrate

        migrate("case", os.environ["RONDETAFEL_MIGRATOR_DATABASE_URL"])
    elif sys.argv[1:2] == ["rotate-keys"]:
        sys.exit(rotate_keys("case", POLICY, sys.argv[2:], RotationSettings))
    else:
        settings = Settings()  # type: ignore[call-arg]
        sys.exit(run("case", settings.otlp_endpoint, lambda process: main(process, settings)))
