"""What the host proposes to a cell with a mayor."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.proposal.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.find import ProposalView
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals

PROPOSAL = writer(
    pb.Proposal,
    ProposalView,
    Differences(
        names={
            "organisation_name": "organisation.name",
            "organisation_kind": "organisation.kind",
            "from": "proposal.first_day",
            "to": "proposal.last_day",
        },
        flat=("proposal",),
    ),
)


SERVED = Served(
    pb.DESCRIPTOR.services_by_name["ProposalService"],
    command(confirm_proposal, ConfirmProposal),
    command(decline_proposal, DeclineProposal),
    query(list_proposals, ListProposals, pb.ListProposalsResponse, Differences(nested=(PROPOSAL,))),
)
