"""The operations, a module per aggregate. Made by `make proto` from proto/."""

from services.portal.api.generated.routes import (
    audit,
    case,
    cell,
    circle,
    contribution,
    decision,
    identity,
    invitation,
    law,
    mandate,
    organisation,
    profile,
    proposal,
    recovery,
    session,
    signal,
)

ROUTERS = (
    audit.router,
    case.router,
    cell.router,
    circle.router,
    contribution.router,
    decision.router,
    identity.router,
    invitation.router,
    law.router,
    mandate.router,
    organisation.router,
    profile.router,
    proposal.router,
    recovery.router,
    session.router,
    signal.router,
)
