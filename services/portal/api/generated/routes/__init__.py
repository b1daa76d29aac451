"""The operations, a module per aggregate. Made by `make proto` from proto/."""

from services.portal.api.generated.routes import (
    audit,
    case,
    cell,
    circle,
    contribution,
    decision,
    identity,
    law,
    mandate,
    organisation,
    proposal,
    recovery,
    rules,
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
    law.router,
    mandate.router,
    organisation.router,
    proposal.router,
    recovery.router,
    rules.router,
    session.router,
    signal.router,
)
