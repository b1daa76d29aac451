"""Builds and runs the meeting service."""

from __future__ import annotations

import os
import sys

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.rotate import RotationSettings, rotate_keys
from services.kit.run import Process, run
from services.kit.service import build_service, run_terms, serve
from services.meeting.consumers import SUBSCRIPTIONS
from services.meeting.policy import POLICY
from services.meeting.rpc import SERVED
from services.meeting.settings import Settings
from services.meeting.terms import TERMS


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    service = await build_service("meeting", settings, POLICY, pb.DESCRIPTOR, process, circle=True)
    run_terms(service.core, TERMS, process)
    await serve(service, SERVED, SUBSCRIPTIONS, process)


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        # A service that runs holds nothing of what migrates.
        from services.kit.migrate import migrate

        migrate("meeting", os.environ["RONDETAFEL_MIGRATOR_DATABASE_URL"])
    elif sys.argv[1:2] == ["rotate-keys"]:
        sys.exit(rotate_keys("meeting", POLICY, sys.argv[2:], RotationSettings))
    else:
        settings = Settings()  # type: ignore[call-arg]
        sys.exit(run("meeting", settings.otlp_endpoint, lambda process: main(process, settings)))
