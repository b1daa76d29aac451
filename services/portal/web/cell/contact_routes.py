"""Who sits at a table and how each is reached; the coordinator takes it along in a file."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.cell.contact_files import as_csv, as_vcards
from services.portal.web.cell.contacts import lines_of
from services.portal.web.request.access import seated
from services.portal.web.request.viewer import Posted, SignedIn

router = APIRouter(include_in_schema=False)

VCARD = "vcard"


@router.get("/cells/{cell}/contacts")
async def contacts_page(viewer: SignedIn, cell: UUID) -> Response:
    """Everybody, to be called by a tap."""
    table = await seated(viewer, cell, "read_contacts")
    found = await viewer.ask(viewer.services.profile.ReadContacts, pb.ReadContactsRequest(), cell)
    lines = lines_of(found.contacts, table, viewer.language)
    return viewer.page(
        "cell/contacts.html", table=table, tab="tables", lines=lines, export=table.may("export_contacts")
    )


@router.post("/cells/{cell}/contacts")
async def export_contacts(sender: Posted, cell: UUID) -> Response:
    """The list as a file, in the words of the page it was asked on."""
    table = await seated(sender, cell, "export_contacts")
    found = await sender.ask(sender.services.profile.ExportContacts, pb.ExportContactsRequest(), cell)
    lines = lines_of(found.contacts, table, sender.language)
    if sender.sent.value("format") == VCARD:
        return _file(as_vcards(lines).encode(), "contacts.vcf", "text/vcard")
    return _file(as_csv(lines, sender.language), "contacts.csv", "text/csv")


def _file(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)
