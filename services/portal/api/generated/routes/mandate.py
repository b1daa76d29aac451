"""The operations of mandate. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/cells/{cell}/mandates/{mandate}/end", **change("end_mandate", "End a mandate"))
async def end_mandate(
    cell: UUID, mandate: UUID, body: models.EndMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Ends a mandate now; effective everywhere within one second. Mayor and coordinator end every mandate of their
    towns, the coordinator not the last mayor's; the host any, on the record."""
    asked = body.message(pb.EndMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.mandate.EndMandate, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/mandates/{mandate}/shorten", **change("shorten_mandate", "Give a mandate an earlier last day")
)
async def shorten_mandate(
    cell: UUID, mandate: UUID, body: models.ShortenMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Mayor and coordinator of one of its towns give it an earlier last day, today or later: whoever may end it, and
    where its end would be refused (K11), this is too."""
    asked = body.message(
        pb.ShortenMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.mandate.ShortenMandate, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/mandates/{mandate}/extend", **change("extend_mandate", "Give a mandate a later last day"))
async def extend_mandate(
    cell: UUID, mandate: UUID, body: models.ExtendMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """A later last day, on the legal basis it rests on: as giving it, by who may give it for all its towns; at most
    five years after the first day, no overlap with another mandate of the person. Secrecy is promised anew after the
    old end."""
    asked = body.message(
        pb.ExtendMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.mandate.ExtendMandate, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/mandates/{mandate}/change",
    **change("change_mandate", "Change the towns or the clearance of a mandate"),
)
async def change_mandate(
    cell: UUID, mandate: UUID, body: models.ChangeMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The towns and the end of the clearance, both whole: by who may give it for the towns it had and those it gets.
    Each town keeps a coordinator or a mayor. The organisation never changes: for another one another mandate is
    given."""
    asked = body.message(
        pb.ChangeMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.mandate.ChangeMandate, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/mandates/{mandate}/suspend", **change("suspend_mandate", "Suspend a mandate"))
async def suspend_mandate(
    cell: UUID, mandate: UUID, body: models.SuspendMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """It opens nothing from now on until it is resumed; effective everywhere within one second. Mayor and coordinator,
    as they end it; its last day stays."""
    asked = body.message(
        pb.SuspendMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.mandate.SuspendMandate, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/mandates/{mandate}/resume", **change("resume_mandate", "Resume a suspended mandate"))
async def resume_mandate(
    cell: UUID, mandate: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """It counts again, to the last day it had: by who may give it for one of its towns; oversight by mayor and
    coordinator."""
    asked = pb.ResumeMandateRequest(mandate_id=str(mandate), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.mandate.ResumeMandate, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/organisations/{organisation}/suspend",
    **change("suspend_organisation", "Suspend all people of an organisation", versioned=False),
)
async def suspend_organisation(
    cell: UUID, organisation: UUID, body: models.SuspendOrganisation, key: Key, caller: SignedIn
) -> Response:
    """All that an organisation's people hold in the caller's towns, now or later, is suspended at once, or nothing of
    it. The organisation has no state of its own: whom it is given a mandate for afterwards, acts. The receipt names
    it."""
    asked = body.message(pb.SuspendOrganisationRequest, organisation_id=str(organisation))
    receipt = await caller.ask(caller.services.mandate.SuspendOrganisation, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/organisations/{organisation}/resume",
    **change("resume_organisation", "Resume the people of an organisation", versioned=False),
)
async def resume_organisation(
    cell: UUID, organisation: UUID, key: Key, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """What was suspended with the organisation counts again; whom it concerned alone stays suspended."""
    asked = pb.ResumeOrganisationRequest(organisation_id=str(organisation))
    receipt = await caller.ask(caller.services.mandate.ResumeOrganisation, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/mandates/{mandate}/deputy", **change("name_deputy", "Name a deputy"))
async def name_deputy(
    cell: UUID, mandate: UUID, body: models.NameDeputy, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """From now on a mandate counts only as that of the deputy of another: always, or while its holder is absent. By who
    may give it; again for another holder or another turn. A deputy has the same role (a mayor's is the delegate, a
    chief of police's may be an information officer), the same kind of organisation, and towns of the holder alone."""
    asked = body.message(pb.NameDeputyRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.mandate.NameDeputy, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/mandates/{mandate}/absences", **creation("mark_absent", "Mark somebody absent"))
async def mark_absent(cell: UUID, mandate: UUID, body: models.MarkAbsent, key: Key, caller: SignedIn) -> Response:
    """The holder of a mandatory seat or the coordinator's is away from one day to another: the deputy counts meanwhile.
    By the holder, the mayor or the coordinator."""
    asked = body.message(pb.MarkAbsentRequest, mandate_id=str(mandate))
    receipt = await caller.ask(caller.services.mandate.MarkAbsent, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/mandates/{mandate}")


@router.post("/cells/{cell}/absences/{absence}/end", **change("end_absence", "End an absence"))
async def end_absence(
    cell: UUID, absence: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The holder is back, or does not go: the deputy's turn ends now. By the same."""
    asked = pb.EndAbsenceRequest(absence_id=str(absence), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.mandate.EndAbsence, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/mandates", **listing("list_mandates", "Who sits in this cell", models.Mandates))
async def list_mandates(
    cell: UUID, page: Annotated[models.ListMandatesPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """The mandates of the addressed cell, whoever gave them, newest first, with the names of the persons, for those who
    sit in it; the host gets them without names."""
    asked = page.message(pb.ListMandatesRequest)
    found = await caller.ask(caller.services.mandate.ListMandates, asked, cell)
    return answers.page(models.Mandates.model_validate(found), found.next_cursor, request)


@router.post("/cells/{cell}/undertakings", **creation("accept_undertaking", "Accept the undertaking of secrecy"))
async def accept_undertaking(cell: UUID, body: models.AcceptUndertaking, key: Key, caller: SignedIn) -> Response:
    """The caller accepts the undertaking of secrecy of this cell; nothing of its content is readable before."""
    asked = body.message(pb.AcceptUndertakingRequest)
    receipt = await caller.ask(caller.services.mandate.AcceptUndertaking, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/me")


@router.get(
    "/cells/{cell}/undertaking",
    **reading("read_undertaking", "The undertaking of secrecy of a cell", models.UndertakingText, etag=False),
)
async def read_undertaking(cell: UUID, caller: SignedIn) -> Response:
    """The text of secrecy to accept in this cell, its own or the platform's, and the one the caller accepted when that
    is another. Read before it is accepted, so by everybody with a mandate."""
    asked = pb.ReadUndertakingRequest()
    found = await caller.ask(caller.services.mandate.ReadUndertaking, asked, cell)
    return answers.one(models.UndertakingText.model_validate(found))
