"""The register of legal bases."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.model import LegalBasis
from services.partner_directory.queries.list_legal_bases import ListLegalBases, list_legal_bases

VERSION = writer(pb.LegalBasisVersion, LegalBasis, Differences(names={"from": "in_force_from", "to": "in_force_to"}))

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["LawService"],
    query(list_legal_bases, ListLegalBases, pb.ListLegalBasesResponse, Differences(nested=(VERSION,))),
)
