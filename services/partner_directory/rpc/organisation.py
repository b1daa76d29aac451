"""The organisations around the tables."""

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command
from services.partner_directory.commands.organisation.register_organisation import (
    RegisterOrganisation,
    register_organisation,
)

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["OrganisationService"],
    command(register_organisation, RegisterOrganisation),
)
