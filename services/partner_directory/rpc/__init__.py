"""The gRPC door of the partner directory: the methods of each aggregate."""

from services.kit.methods import Served
from services.partner_directory.recovering import Across
from services.partner_directory.revoking import Accounts
from services.partner_directory.rpc import cell, fact, identity, mandate, organisation, proposal, recovery


def served(accounts: Accounts, across: Across) -> tuple[Served, ...]:
    """All of them, with the sign-in service and the way across the wall that some need."""
    return (
        cell.SERVED,
        organisation.SERVED,
        mandate.served(accounts.find_or_create),
        proposal.served(accounts.find_or_create),
        recovery.served(across, accounts.find_or_create),
        identity.served(accounts),
        fact.SERVED,
    )
