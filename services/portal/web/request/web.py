"""What the pages need, held together for all requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.kit.clock import Clock
from services.kit.desk import Desk
from services.kit.identity import TokenVerifier
from services.kit.oidc import OidcClient
from services.portal.api.paces import Paces
from services.portal.api.refused import RefusedSignIns
from services.portal.backends.provisioning import ProvisioningJob
from services.portal.web.request.attempts import Attempts
from services.portal.web.request.live import Changes
from services.portal.web.request.origin import Proofs
from services.portal.web.request.sign_ins import SignIns
from services.portal.web.request.tables import Tables
from services.portal.web.ui.render import Renderer


@dataclass(frozen=True, slots=True)
class Web:
    """What the pages need."""

    public_url: str
    issuer: str
    oidc: OidcClient
    verifier: TokenVerifier
    sign_ins: SignIns
    attempts: Attempts
    proofs: Proofs
    refused: RefusedSignIns
    renderer: Renderer
    changes: Changes
    provisioning: ProvisioningJob
    messages_flow: Callable[[], bool]
    clock: Clock
    paces: Paces = field(default_factory=Paces)
    tables: Tables = field(default_factory=Tables)
    builders: bool = False
    """Whether it serves what only who builds pages needs."""
    desk: Desk = field(default_factory=Desk)
    """The host's, for who cannot sign in."""
