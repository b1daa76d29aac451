"""A form that invites somebody for an organisation nobody here knows yet: it is made known first, by the same form."""

from __future__ import annotations

from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.backends.calls import Refused
from services.portal.web.request.viewer import Sender
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import KINDS
from services.portal.web.ui.language import message as _

THERE = "OrganisationExists"


def new_organisation(form: Form) -> pb.RegisterOrganisationRequest | None:
    """What the form says of it, None when it names none; a name without a kind is said to be a fault."""
    name = form.text("organisation_name", 200)
    if not name:
        return None
    kind = form.choice("organisation_kind", KINDS, missing=_("Choose what kind of organisation it is."))
    return pb.RegisterOrganisationRequest(kbo_number=kbo_of(form), name=name, kind=kind)


def kbo_of(form: Form) -> str:
    """The enterprise number without the dots people write in it."""
    return form.text("kbo_number", 20, missing=_("Fill this in.")).replace(".", "").replace(" ", "")


async def register_new(sender: Sender, form: Form, cell: UUID) -> None:
    """Make it known, once the form was read again; done once, however often it is sent.

    One that is known already is no fault.
    """
    if not form.value("checked") or form.errors or not (asked := new_organisation(form)):
        return
    try:
        await sender.ask(sender.services.organisation.RegisterOrganisation, asked, cell, f"{form.key}-organisation")
    except Refused as refused:
        if refused.problem.code != THERE:
            form.refuse(refused)
