"""Builds and runs the case service."""

from __future__ import annotations

import os
import sys

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.case.v1 import case_pb2_grpc as pb_grpc
from services.case.consumers import SUBSCRIPTIONS
from services.case.policy import POLICY
from services.case.rpc import PEERS, CaseServicer
from services.case.settings import Settings
from services.kit.migrate import migrate
from services.kit.rotate import RotationSettings, rotate_keys
from services.kit.run import Process, run
from services.kit.service import build_service, serve


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    service = await build_service("case", settings, POLICY, PEERS, process, circle=True)
    servicer = CaseServicer(service.adapter)
    pb_grpc.add_SignalServiceServicer_to_server(servicer, service.server.grpc)
    pb_grpc.add_CaseServiceServicer_to_server(servicer, service.server.grpc)
    pb_grpc.add_CircleServiceServicer_to_server(servicer, service.server.grpc)
    pb_grpc.add_ContributionServiceServicer_to_server(servicer, service.server.grpc)
    await serve(service, pb.DESCRIPTOR, SUBSCRIPTIONS, process)


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        migrate("case", os.environ["RONDETAFEL_MIGRATOR_DATABASE_URL"])
    elif sys.argv[1:2] == ["rotate-keys"]:
        sys.exit(rotate_keys("case", POLICY, sys.argv[2:], RotationSettings))
    else:
        settings = Settings()  # type: ignore[call-arg]
        sys.exit(run("case", settings.otlp_endpoint, lambda process: main(process, settings)))
