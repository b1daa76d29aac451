"""The operations of profile. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, reading
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.get("/me/profile", **reading("read_my_profile", "What I tell my tables of myself", models.Profile))
async def read_my_profile(caller: SignedIn) -> Response:
    """What the caller tells the own tables; empty, with version 1, while nothing was told."""
    asked = pb.ReadMyProfileRequest()
    found = await caller.ask(caller.services.profile.ReadMyProfile, asked, PLATFORM)
    return answers.one(models.Profile.model_validate(found), found.version)


@router.post("/me/profile", **change("change_my_profile", "Tell my tables how I am reached"))
async def change_my_profile(body: models.ChangeMyProfile, key: Key, if_match: IfMatch, caller: SignedIn) -> Response:
    """The caller changes it, for all the own tables at once; nobody does so for somebody else. What is sent empty is
    told no more."""
    asked = body.message(pb.ChangeMyProfileRequest, expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.profile.ChangeMyProfile, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.get(
    "/cells/{cell}/contacts",
    **reading("read_contacts", "How the people of a table are reached", models.Contacts, etag=False),
)
async def read_contacts(cell: UUID, caller: SignedIn) -> Response:
    """For who sits at the table: everybody with a mandate there that is valid now, and how each is reached."""
    asked = pb.ReadContactsRequest()
    found = await caller.ask(caller.services.profile.ReadContacts, asked, cell)
    return answers.one(models.Contacts.model_validate(found))


@router.get(
    "/cells/{cell}/contacts/export",
    **reading("export_contacts", "The people of a table, to be taken along", models.Contacts, etag=False),
)
async def export_contacts(cell: UUID, caller: SignedIn) -> Response:
    """The same for the coordinator, to be taken along in a file; the log tells it apart."""
    asked = pb.ExportContactsRequest()
    found = await caller.ask(caller.services.profile.ExportContacts, asked, cell)
    return answers.one(models.Contacts.model_validate(found))
