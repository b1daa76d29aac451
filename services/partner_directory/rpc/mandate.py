"""Who represents whom, given and ended."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.clock import local_date
from services.kit.methods import Served, command, query
from services.kit.shapes import PERIOD, Differences
from services.kit.writing import writer
from services.partner_directory.commands.deputy.end_absence import EndAbsence, end_absence
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.commands.deputy.name_deputy import NameDeputy, name_deputy
from services.partner_directory.commands.invitation.invite_person import InvitePerson, invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import AppointHost, appoint_host
from services.partner_directory.commands.mandate.change_mandate import ChangeMandate, change_mandate
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.extend_mandate import ExtendMandate, extend_mandate
from services.partner_directory.commands.mandate.resume_mandate import ResumeMandate, resume_mandate
from services.partner_directory.commands.mandate.shorten_mandate import ShortenMandate, shorten_mandate
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.commands.organisation.resume_organisation import ResumeOrganisation, resume_organisation
from services.partner_directory.commands.organisation.suspend_organisation import (
    SuspendOrganisation,
    suspend_organisation,
)
from services.partner_directory.data import Undertaking
from services.partner_directory.find import MandateView
from services.partner_directory.model import Absence
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.read_undertaking import ReadUndertaking, read_undertaking

ABSENCE = writer(pb.Absence, Absence)
# Days as Brussels counts them.
MANDATE = writer(
    pb.MandateView,
    MandateView,
    Differences(
        names={
            "organisation_id": "organisation.organisation_id",
            "organisation_name": "organisation.name",
            "to": "mandate.last_day",
            "undertaking_accepted": "undertaken",
            "given_at": "mandate.invited_at",
            "suspension_reason": "why_suspended",
        },
        by_hand={"from": lambda view: local_date(view.mandate.starts_at).isoformat()},
        flat=("mandate",),
        nested=(ABSENCE,),
    ),
)
UNDERTAKING = writer(pb.Undertaking, Undertaking, Differences(unused=("in_force_from",)))


SERVED = Served(
    pb.DESCRIPTOR.services_by_name["MandateService"],
    command(invite_person, InvitePerson, Differences(names=PERIOD)),
    command(appoint_host, AppointHost, Differences(names=PERIOD)),
    command(end_mandate, EndMandate),
    command(extend_mandate, ExtendMandate),
    command(shorten_mandate, ShortenMandate),
    command(change_mandate, ChangeMandate),
    command(suspend_mandate, SuspendMandate),
    command(resume_mandate, ResumeMandate),
    command(suspend_organisation, SuspendOrganisation),
    command(resume_organisation, ResumeOrganisation),
    command(name_deputy, NameDeputy),
    command(mark_absent, MarkAbsent),
    command(end_absence, EndAbsence),
    command(accept_undertaking, AcceptUndertaking),
    query(
        read_undertaking,
        ReadUndertaking,
        pb.UndertakingText,
        Differences(names={"from": "first_day"}, nested=(UNDERTAKING,)),
    ),
    query(list_mandates, ListMandates, pb.ListMandatesResponse, Differences(nested=(MANDATE,))),
)
