"""The register of legal bases."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import PERIOD, Differences
from services.kit.writing import writer
from services.partner_directory.commands.law.add_legal_basis import AddLegalBasis, add_legal_basis
from services.partner_directory.commands.law.confirm_legal_basis import ConfirmLegalBasis, confirm_legal_basis
from services.partner_directory.commands.law.end_legal_basis import EndLegalBasis, end_legal_basis
from services.partner_directory.queries.list_legal_bases import ListLegalBases, RegisteredBasis, list_legal_bases

VERSION = writer(
    pb.LegalBasisVersion,
    RegisteredBasis,
    Differences(names={"from": "basis.in_force_from", "to": "basis.in_force_to"}, flat=("basis",)),
)

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["LawService"],
    query(list_legal_bases, ListLegalBases, pb.ListLegalBasesResponse, Differences(nested=(VERSION,))),
    command(add_legal_basis, AddLegalBasis, Differences(names=PERIOD)),
    command(confirm_legal_basis, ConfirmLegalBasis),
    command(end_legal_basis, EndLegalBasis),
)
