"""The gRPC door of the partner directory: message, command, message."""

from __future__ import annotations

from typing import Any

import grpc

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2_grpc as pb_grpc
from services.kit.fields import parse_code, parse_cursor, parse_page_size, parse_text, parse_uuid
from services.kit.revocations import revocation_message
from services.kit.rpc import ServicerAdapter, receipt_message
from services.partner_directory.commands.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.appoint_host import appoint_host
from services.partner_directory.commands.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.confirm_recovery import ConfirmRecovery, confirm_recovery
from services.partner_directory.commands.create_cell import CreateCell, create_cell
from services.partner_directory.commands.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.commands.disable_identity import DisableIdentity, disable_identity
from services.partner_directory.commands.enable_identity import EnableIdentity, enable_identity
from services.partner_directory.commands.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.end_sign_in import EndSignIn, end_sign_in
from services.partner_directory.commands.invite_person import invite_person
from services.partner_directory.commands.propose_recovery import propose_recovery
from services.partner_directory.commands.register_organisation import RegisterOrganisation, register_organisation
from services.partner_directory.commands.second_recovery import SecondRecovery, second_recovery
from services.partner_directory.events import mandate_message
from services.partner_directory.messages import (
    cell_page_message,
    mandate_view_message,
    municipality_message,
    my_cells_message,
    proposal_message,
    recovery_message,
    table_message,
)
from services.partner_directory.model import END_REASONS, INTELLIGENCE_SERVICE, PARTNER_KINDS, REGIONS
from services.partner_directory.queries.get_fact_keys import GetFactKeys, get_fact_keys
from services.partner_directory.queries.get_mandates import GetMandates, get_mandates
from services.partner_directory.queries.get_revocations import GetRevocations, get_revocations
from services.partner_directory.queries.list_cells import ListCells, list_cells
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_municipalities import ListMunicipalities, list_municipalities
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals
from services.partner_directory.queries.list_recoveries import ListRecoveries, list_recoveries
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.requests import (
    CODE,
    NAME,
    appointment_of,
    identity_of,
    invitation_of,
    parse_colour,
    parse_email,
    parse_kbo,
    recovery_of,
    towns_of,
)
from services.partner_directory.revoking import Accounts

Context = grpc.aio.ServicerContext[Any, Any]

PORTAL = frozenset({"portal"})
HOST_DOORS = frozenset({"portal", "cli"})
OTHER_SERVICES = frozenset({"case", "meeting", "audit", "portal"})
PEERS = {
    "CreateCell": HOST_DOORS,
    "ListMunicipalities": HOST_DOORS,
    "ListCells": HOST_DOORS,
    "ChangeBrandColour": HOST_DOORS,
    "AppointHost": frozenset({"cli"}),
    "RegisterOrganisation": HOST_DOORS,
    "InvitePerson": HOST_DOORS,
    "ListProposals": PORTAL,
    "ConfirmProposal": PORTAL,
    "DeclineProposal": PORTAL,
    "ProposeRecovery": PORTAL,
    "SecondRecovery": PORTAL,
    "ConfirmRecovery": PORTAL,
    "ListRecoveries": PORTAL,
    "AcceptUndertaking": PORTAL,
    "EndMandate": HOST_DOORS,
    "ListMyCells": PORTAL,
    "ListMandates": HOST_DOORS,
    "ReadTable": PORTAL,
    "GetMandates": OTHER_SERVICES,
    "GetFactKeys": OTHER_SERVICES,
    "DisableIdentity": HOST_DOORS,
    "EnableIdentity": HOST_DOORS,
    "EndSignIn": PORTAL,
    "GetRevocations": OTHER_SERVICES,
}


class PartnerDirectoryServicer(
    pb_grpc.CellServiceServicer,
    pb_grpc.OrganisationServiceServicer,
    pb_grpc.MandateServiceServicer,
    pb_grpc.ProposalServiceServicer,
    pb_grpc.RecoveryServiceServicer,
    pb_grpc.IdentityServiceServicer,
    pb_grpc.FactServiceServicer,
):
    """One method per verb; the proto file says what each means."""

    def __init__(self, adapter: ServicerAdapter, accounts: Accounts) -> None:
        self._adapter = adapter
        self._accounts = accounts

    async def CreateCell(self, request: pb.CreateCellRequest, context: Context) -> kit_pb2.Receipt:
        command = CreateCell(
            nis_codes=towns_of(request.nis_codes, least=1),
            name=parse_text(request.name, "name", longest=NAME, required=False),
            brand_colour=parse_colour(request.brand_colour),
            contact=parse_email(request.contact, "contact") if request.contact else "",
        )
        return receipt_message(await self._adapter.run(context, create_cell, command))

    async def ChangeBrandColour(self, request: pb.ChangeBrandColourRequest, context: Context) -> kit_pb2.Receipt:
        command = ChangeBrandColour(parse_colour(request.brand_colour))
        return receipt_message(await self._adapter.run(context, change_brand_colour, command))

    async def ListCells(self, request: pb.ListCellsRequest, context: Context) -> pb.ListCellsResponse:
        query = ListCells(parse_page_size(request.page_size), parse_cursor(request.cursor))
        return cell_page_message(await self._adapter.run(context, list_cells, query))

    async def ListMunicipalities(
        self, request: pb.ListMunicipalitiesRequest, context: Context
    ) -> pb.ListMunicipalitiesResponse:
        query = ListMunicipalities(parse_code(request.region, "region", REGIONS))
        towns = await self._adapter.run(context, list_municipalities, query)
        return pb.ListMunicipalitiesResponse(municipalities=[municipality_message(town) for town in towns])

    async def RegisterOrganisation(self, request: pb.RegisterOrganisationRequest, context: Context) -> kit_pb2.Receipt:
        command = RegisterOrganisation(
            kbo_number=parse_kbo(request.kbo_number),
            name=parse_text(request.name, "name", longest=NAME),
            kind=parse_code(request.kind, "kind", PARTNER_KINDS | {INTELLIGENCE_SERVICE}),
        )
        return receipt_message(await self._adapter.run(context, register_organisation, command))

    async def InvitePerson(self, request: pb.InvitePersonRequest, context: Context) -> kit_pb2.Receipt:
        return receipt_message(await self._adapter.run(context, invite_person, invitation_of(request)))

    async def ListProposals(self, request: pb.ListProposalsRequest, context: Context) -> pb.ListProposalsResponse:
        query = ListProposals(parse_page_size(request.page_size), parse_cursor(request.cursor))
        page = await self._adapter.run(context, list_proposals, query)
        return pb.ListProposalsResponse(
            proposals=[proposal_message(one) for one in page.proposals], next_cursor=str(page.next_cursor or "")
        )

    async def ConfirmProposal(self, request: pb.ConfirmProposalRequest, context: Context) -> kit_pb2.Receipt:
        proposal_id = parse_uuid(request.proposal_id, "proposal_id")
        command = ConfirmProposal(proposal_id, request.expected_version)
        return receipt_message(await self._adapter.run(context, confirm_proposal, command))

    async def DeclineProposal(self, request: pb.DeclineProposalRequest, context: Context) -> kit_pb2.Receipt:
        command = DeclineProposal(parse_uuid(request.proposal_id, "proposal_id"), request.expected_version)
        return receipt_message(await self._adapter.run(context, decline_proposal, command))

    async def ProposeRecovery(self, request: pb.ProposeRecoveryRequest, context: Context) -> kit_pb2.Receipt:
        return receipt_message(await self._adapter.run(context, propose_recovery, recovery_of(request)))

    async def SecondRecovery(self, request: pb.SecondRecoveryRequest, context: Context) -> kit_pb2.Receipt:
        recovery_id = parse_uuid(request.recovery_id, "recovery_id")
        command = SecondRecovery(recovery_id, request.expected_version)
        return receipt_message(await self._adapter.run(context, second_recovery, command))

    async def ConfirmRecovery(self, request: pb.ConfirmRecoveryRequest, context: Context) -> kit_pb2.Receipt:
        recovery_id = parse_uuid(request.recovery_id, "recovery_id")
        command = ConfirmRecovery(recovery_id, request.expected_version)
        return receipt_message(await self._adapter.run(context, confirm_recovery, command))

    async def ListRecoveries(self, request: pb.ListRecoveriesRequest, context: Context) -> pb.ListRecoveriesResponse:
        query = ListRecoveries(parse_page_size(request.page_size), parse_cursor(request.cursor))
        page = await self._adapter.run(context, list_recoveries, query)
        return pb.ListRecoveriesResponse(
            recoveries=[recovery_message(one) for one in page.recoveries], next_cursor=str(page.next_cursor or "")
        )

    async def AppointHost(self, request: pb.AppointHostRequest, context: Context) -> kit_pb2.Receipt:
        command = appointment_of(request)
        return receipt_message(await self._adapter.run(context, appoint_host, command))

    async def AcceptUndertaking(self, request: pb.AcceptUndertakingRequest, context: Context) -> kit_pb2.Receipt:
        command = AcceptUndertaking(parse_text(request.text_version, "text_version", longest=CODE))
        return receipt_message(await self._adapter.run(context, accept_undertaking, command))

    async def EndMandate(self, request: pb.EndMandateRequest, context: Context) -> kit_pb2.Receipt:
        command = EndMandate(
            mandate_id=parse_uuid(request.mandate_id, "mandate_id"),
            expected_version=request.expected_version,
            reason=parse_code(request.reason, "reason", END_REASONS),
        )
        return receipt_message(await self._adapter.run(context, end_mandate, command))

    async def ListMyCells(self, request: pb.ListMyCellsRequest, context: Context) -> pb.ListMyCellsResponse:
        return my_cells_message(await self._adapter.run(context, list_my_cells, ListMyCells()))

    async def ReadTable(self, request: pb.ReadTableRequest, context: Context) -> pb.Table:
        return table_message(await self._adapter.run(context, read_table, ReadTable()))

    async def ListMandates(self, request: pb.ListMandatesRequest, context: Context) -> pb.ListMandatesResponse:
        query = ListMandates(parse_page_size(request.page_size), parse_cursor(request.cursor), request.ended)
        page = await self._adapter.run(context, list_mandates, query)
        return pb.ListMandatesResponse(
            mandates=[mandate_view_message(one) for one in page.mandates], next_cursor=str(page.next_cursor or "")
        )

    async def GetMandates(self, request: pb.GetMandatesRequest, context: Context) -> pb.GetMandatesResponse:
        query = GetMandates(parse_uuid(request.person_id, "person_id"))
        view = await self._adapter.run_for_service(context, get_mandates, query)
        mandates = [mandate_message(one) for one in view.mandates]
        return pb.GetMandatesResponse(mandates=mandates, fact_version=view.fact_version)

    async def GetFactKeys(self, request: pb.GetFactKeysRequest, context: Context) -> pb.GetFactKeysResponse:
        found = await self._adapter.run_for_service(context, get_fact_keys, GetFactKeys())
        keys = [pb.FactKey(key_id=str(key_id), public_key=public) for key_id, public in found.items()]
        return pb.GetFactKeysResponse(keys=keys)

    async def DisableIdentity(self, request: pb.DisableIdentityRequest, context: Context) -> kit_pb2.Receipt:
        kind, value = identity_of(request.kind, request.value)
        command = DisableIdentity(kind, self._accounts.identity(kind, value))
        receipt = await self._adapter.run(context, disable_identity, command)
        # Only now: it counts here whatever becomes of the sign-in service.
        await self._accounts.set_enabled(kind, value, enabled=False)
        return receipt_message(receipt)

    async def EnableIdentity(self, request: pb.EnableIdentityRequest, context: Context) -> kit_pb2.Receipt:
        kind, value = identity_of(request.kind, request.value)
        command = EnableIdentity(kind, self._accounts.identity(kind, value))
        receipt = await self._adapter.run(context, enable_identity, command)
        await self._accounts.set_enabled(kind, value, enabled=True)
        return receipt_message(receipt)

    async def EndSignIn(self, request: pb.EndSignInRequest, context: Context) -> kit_pb2.Receipt:
        command = EndSignIn(parse_text(request.session_id, "session_id", longest=NAME))
        return receipt_message(await self._adapter.run_for_service(context, end_sign_in, command))

    async def GetRevocations(self, request: pb.GetRevocationsRequest, context: Context) -> pb.GetRevocationsResponse:
        view = await self._adapter.run_for_service(context, get_revocations, GetRevocations(request.after))
        revocations = [revocation_message(one) for one in view.revocations]
        return pb.GetRevocationsResponse(revocations=revocations, fact_version=view.fact_version, more=view.more)
