"""Builds and runs the partner directory."""

from __future__ import annotations

import os
import sys
import time

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.clock import utc_now
from services.kit.grid import Grid
from services.kit.http_client import http_client
from services.kit.oidc import OidcClient, load_client_key
from services.kit.patience import SIGN_IN_LETTER_SECONDS
from services.kit.rotate import RotationSettings, rotate_keys
from services.kit.run import Process, run
from services.kit.service import build_service, run_terms, serve
from services.partner_directory.across import CODE_GRID_SECONDS, Invitations, answerers
from services.partner_directory.announcer import Announcer
from services.partner_directory.codes import OneTimeCodes
from services.partner_directory.consumers import SUBSCRIPTIONS
from services.partner_directory.heartbeat import Heartbeat
from services.partner_directory.issuers import Issuers, Metadata
from services.partner_directory.letters import Letters
from services.partner_directory.mirroring import Mirroring
from services.partner_directory.policy import POLICY
from services.partner_directory.rpc import served
from services.partner_directory.settings import Settings
from services.partner_directory.sign_in_events import SignInEvents
from services.partner_directory.signing import FactSigning
from services.partner_directory.signing_out import SigningOut
from services.partner_directory.subjects import Subjects
from services.partner_directory.terms import POSTED, TERMS
from services.partner_directory.users import Users

CLIENT = "partner-directory"


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    service = await build_service("partner_directory", settings, POLICY, pb.DESCRIPTOR, process)
    http = http_client()
    process.on_stop(http.aclose)
    client = OidcClient(http, settings.issuer, CLIENT, load_client_key(settings.client_key_file))
    users = Users(client, settings.issuer, settings.keycloak_url)
    process.on_stop(users.close)
    posting = Users(
        client, settings.issuer, settings.keycloak_url, patience=SIGN_IN_LETTER_SECONDS, each=SIGN_IN_LETTER_SECONDS
    )  # fmt: skip
    process.on_stop(posting.close)
    core = service.core
    signing = FactSigning(core.executor, core.relay)
    await signing.renew()
    core.incoming.keys.fetch = signing.public_keys
    process.background("signing", signing.run())
    heartbeat = Heartbeat(core.executor, core.bus, signing, monotonic=time.monotonic)
    process.background("heartbeat", heartbeat.run())
    events = SignInEvents(
        core.executor, client, http, settings.keycloak_url, settings.issuer.rpartition("/")[2], utc_now
    )
    process.background("sign-in events", events.run())
    letters = _letters(settings)
    invitations = Invitations(
        OneTimeCodes(), settings.public_url, letters.invite if letters else None, Grid(CODE_GRID_SECONDS)
    )
    process.background("announcer", Announcer(core.executor).run())
    send = letters.send if letters else None
    core.executor.answerers = answerers(
        core.executor, users, invitations, posting, send,
        Issuers(own_machine=settings.issuers_on_own_machine).read, Mirroring(posting).mirror,
        Metadata(own_machine=settings.issuers_on_own_machine),
        SigningOut(posting, Subjects(settings.issuer)),
    )  # fmt: skip
    run_terms(core, {kind: on_term for kind, on_term in TERMS.items() if kind not in POSTED}, process)
    run_terms(core, {kind: on_term for kind, on_term in TERMS.items() if kind in POSTED}, process, "letters")
    await serve(service, served(users), SUBSCRIPTIONS, process)


def _letters(settings: Settings) -> Letters | None:
    """Who hands letters in; nobody without a mail server."""
    if not settings.smtp_url:
        return None
    bounces, home = settings.letters_bounce_to, settings.public_url
    return Letters(settings.smtp_url, settings.letters_from, bounces=bounces, home=home)


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        # A service that runs holds nothing of what migrates.
        from services.kit.migrate import migrate

        migrate("partner_directory", os.environ["RONDETAFEL_MIGRATOR_DATABASE_URL"])
    elif sys.argv[1:2] == ["rotate-keys"]:
        sys.exit(rotate_keys("partner_directory", POLICY, sys.argv[2:], RotationSettings))
    else:
        settings = Settings()  # type: ignore[call-arg]
        sys.exit(run("partner_directory", settings.otlp_endpoint, lambda process: main(process, settings)))
