"""What other services ask when they have not heard it."""

from __future__ import annotations

from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, query
from services.kit.shapes import Differences
from services.partner_directory.events import MANDATE_CHANGED
from services.partner_directory.queries.get_fact_keys import GetFactKeys, get_fact_keys
from services.partner_directory.queries.get_mandates import GetMandates, get_mandates
from services.partner_directory.queries.get_revocations import GetRevocations, get_revocations


def keys_message(found: dict[UUID, bytes]) -> pb.GetFactKeysResponse:
    """The public keys by their ids."""
    keys = [pb.FactKey(key_id=str(key_id), public_key=public) for key_id, public in found.items()]
    return pb.GetFactKeysResponse(keys=keys)


SERVED = Served(
    pb.DESCRIPTOR.services_by_name["FactService"],
    query(get_mandates, GetMandates, pb.GetMandatesResponse, Differences(nested=(MANDATE_CHANGED,)), for_service=True),
    query(get_fact_keys, GetFactKeys, pb.GetFactKeysResponse, write=keys_message, for_service=True),
    query(get_revocations, GetRevocations, pb.GetRevocationsResponse, for_service=True),
)
