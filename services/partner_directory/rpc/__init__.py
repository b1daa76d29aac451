"""The gRPC door of the partner directory: the methods of each aggregate."""

from services.kit.methods import Served
from services.partner_directory.revoking import Accounts
from services.partner_directory.rpc import (
    cell,
    fact,
    identity,
    invitation,
    law,
    mandate,
    organisation,
    profile,
    proposal,
    provider,
    recovery,
    rules,
)


def served(accounts: Accounts) -> tuple[Served, ...]:
    """All of them, with the accounts of the sign-in service that identities need."""
    return (
        cell.SERVED,
        organisation.SERVED,
        mandate.SERVED,
        invitation.SERVED,
        proposal.SERVED,
        recovery.SERVED,
        law.SERVED,
        profile.SERVED,
        rules.SERVED,
        identity.served(accounts),
        provider.SERVED,
        fact.SERVED,
    )
