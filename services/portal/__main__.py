"""Builds and runs the portal; `openapi` prints the API's document."""

from __future__ import annotations

import json
import os
import sys

from services.kit.clock import utc_now
from services.kit.consume import Consumer
from services.kit.http import HttpServer
from services.kit.http_client import http_client
from services.kit.keys import RootKeys
from services.kit.limits import Limits, networks_of, room_for
from services.kit.oidc import OidcClient, load_client_key
from services.kit.revocations import subscribe_to_revocations
from services.kit.rotate import RotationSettings, rotate_keys
from services.kit.run import Process, run
from services.kit.service import Core, build_core, run_terms
from services.portal.api.app import api_app
from services.portal.api.bearers import API_CLIENTS, AUDIENCE, Bearers
from services.portal.api.paces import Paces, Rates
from services.portal.api.refused import RefusedSignIns
from services.portal.backends.calls import Services
from services.portal.backends.provisioning import ProvisioningJob
from services.portal.policy import POLICY
from services.portal.settings import Settings
from services.portal.terms import TERMS
from services.portal.web.account.routes import CLIENT, PAGES_AUDIENCE
from services.portal.web.app import build_app
from services.portal.web.request.attempts import Attempts
from services.portal.web.request.live import Changes, Room
from services.portal.web.request.origin import Proofs
from services.portal.web.request.sign_ins import SignIns
from services.portal.web.request.web import Web
from services.portal.web.ui.assets import Assets
from services.portal.web.ui.language import Languages
from services.portal.web.ui.render import Renderer


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    core = await build_core("portal", settings, POLICY, process)
    services = _services(settings, process)
    web = _web(core, settings, services, process)
    process.background("refused sign-ins", web.refused.run())
    hears = subscribe_to_revocations(core.revocations)
    process.background("consumer", Consumer(core.bus, core.executor, core.incoming, hears).run())
    run_terms(core, TERMS, process)
    bearers = Bearers(core.verifier.at(AUDIENCE, API_CLIENTS), web.oidc, services, utc_now)
    proxies = networks_of(settings.trusted_proxies)
    limits = Limits(connections=settings.connections, per_address=settings.connections_per_address, proxies=proxies)
    server = HttpServer(build_app(web, bearers, proxies), settings.http_listen, limits, shared=settings.http_shared)
    process.background("http", server.run())
    process.on_drain(web.changes.end_all)
    process.on_drain(server.stop)


def _services(settings: Settings, process: Process) -> Services:
    targets = {
        "partner_directory": settings.partner_directory_target,
        "case": settings.case_target,
        "meeting": settings.meeting_target,
        "audit": settings.audit_target,
    }
    services = Services(targets, settings.tls_directory)
    process.on_stop(services.close)
    return services


def _web(core: Core, settings: Settings, services: Services, process: Process) -> Web:
    assert core.fresh is not None, "the portal is told where the directory is"
    http = http_client()
    process.on_stop(http.aclose)
    oidc = OidcClient(http, settings.issuer, CLIENT, load_client_key(settings.client_key_file), clock=utc_now)
    verifier = core.verifier.at(PAGES_AUDIENCE, frozenset({CLIENT}))
    refused = RefusedSignIns(core.executor, core.name, utc_now)
    process.on_stop(refused.flush)
    _, root_key = RootKeys.from_file(settings.root_key_file).newest
    attempts = Attempts(root_key.digest(b"sign-in attempt"), utc_now)
    proofs = Proofs(root_key.digest(b"form that was shown"), utc_now)
    sign_ins = SignIns(core.executor, oidc, services, core.revocations, utc_now)
    process.background("sign-ins", sign_ins.sweep())
    process.background("endings", sign_ins.endings.run())
    room = Room(room_for(settings.connections) // 2, max(1, settings.connections_per_address // 2))
    changes = Changes(core.revocations, core.fresh.silent_in, room=room)
    process.background("changes", changes.listen(core.bus, core.incoming))
    renderer = Renderer(Languages(), Assets())
    rates = Rates(settings.address_per_second, settings.account_per_second, settings.tenant_per_second)
    provisioning = ProvisioningJob()
    process.on_stop(provisioning.stop)
    return Web(
        settings.public_url, settings.issuer, oidc, verifier, sign_ins, attempts, proofs, refused, renderer, changes,
        provisioning, lambda: core.bus.connected, utc_now, Paces(rates), builders=settings.builders,
        desk=settings.desk,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        # A service that runs holds nothing of what migrates.
        from services.kit.migrate import migrate

        migrate("portal", os.environ["RONDETAFEL_MIGRATOR_DATABASE_URL"])
    elif sys.argv[1:2] == ["rotate-keys"]:
        sys.exit(rotate_keys("portal", POLICY, sys.argv[2:], RotationSettings))
    elif sys.argv[1:] == ["openapi"]:
        print(json.dumps(api_app().openapi(), indent=2, ensure_ascii=False))
    else:
        settings = Settings()  # type: ignore[call-arg]
        sys.exit(run("portal", settings.otlp_endpoint, lambda process: main(process, settings)))
