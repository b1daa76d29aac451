"""The gRPC door: what it refuses before any handler, and what it says on the wire."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import Invalid
from services.kit.execute import HandlerOf
from services.kit.methods import peers_of
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.rpc import served
from tests.doors import NOBODY, Doors
from tests.harness import Cell, Person
from tests.partner_directory.bad_cells import BAD_CELLS
from tests.partner_directory.bad_rules import BAD_RULES
from tests.partner_directory.signing_in import PEOPLE
from tests.partner_directory.town import TEXT, UNUSED, UNUSED_KBO, Host, Town, on_platform

Command = TypeVar("Command")
Result = TypeVar("Result")

PEERS = peers_of(pb.DESCRIPTOR)
NOTHING = pb.ListMyCellsRequest()


class OpenDoor:
    """The real executor behind the door; caller and cell stand in for token and metadata."""

    def __init__(self, host: Host, cell_id: UUID, person: Person | None) -> None:
        self.host, self.cell_id, self.person = host, cell_id, person

    async def run(self, context: object, handler: HandlerOf[Command, Result], command: Command) -> Result:
        if self.person is not None:
            return await self.person.run(handler, command)
        return await self.host.run(handler, command, self.cell_id)

    async def run_for_service(self, context: object, handler: HandlerOf[Command, Result], command: Command) -> Result:
        town = Town(self.host.harness, self.cell_id, (), self.host, "")
        return await town.as_system(handler, command, "case.service")


LAW_TO_ADD: dict[str, Any] = {
    "code": "decree-2027", "from": "2027-09-01", "allows": ["take_part"], "title_nl": "Decreet", "title_fr": "Décret",
    "name_nl": "decreet", "name_fr": "décret", "source": "Gazette",
}  # fmt: skip


def adapter(host: Host, cell_id: UUID = PLATFORM, person: Person | None = None) -> Doors:
    """The methods as the host, or this person, reaches them."""
    return Doors(OpenDoor(host, cell_id, person), served(host.sign_in))


def invitation(**changes: Any) -> pb.InvitePersonRequest:
    """An invitation whose fields have the right form."""
    values: dict[str, Any] = {
        "email": "Nele.Claes@CAW.example", "given_name": "Nele", "family_name": "Claes", "kbo_number": "0417497106",
        "role": "coordinator", "nis_codes": [], "from": "2026-11-24", "to": "2027-11-23",
        "legal_basis": "law-2018-07-30", "clearance_until": "",
    }  # fmt: skip
    return pb.InvitePersonRequest(**(values | changes))


def appointment(**changes: Any) -> pb.AppointHostRequest:
    """An appointment whose fields have the right form."""
    values: dict[str, Any] = {
        "email": "Hilde.Baert@host.example", "given_name": "Hilde", "family_name": "Baert", "kbo_number": "0417497106",
        "from": "2026-11-24", "to": "2027-11-23",
    }  # fmt: skip
    return pb.AppointHostRequest(**(values | changes))


async def comes(person: Doors, town: Town, invitation_id: str) -> Any:
    """Somebody comes with the code of the letter, written as people may."""
    code = (await town.sent(Receipt(UUID(invitation_id), "SENT", 1))).lower().replace("-", " ")
    coming = pb.AcceptInvitationRequest(invitation_id=invitation_id, code=code)
    return await person.AcceptInvitation(coming, NOBODY)


async def test_a_cell_from_its_making_to_the_end_of_a_mandate(host: Host) -> None:
    towns = [next(UNUSED["wallonia"]), next(UNUSED["wallonia"])]
    kbo_number = next(UNUSED_KBO)
    made = await adapter(host).CreateCell(pb.CreateCellRequest(nis_codes=towns, name="Vaart"), NOBODY)
    organisation = pb.RegisterOrganisationRequest(kbo_number=kbo_number, name="Commune", kind="municipality")
    registered = await adapter(host).RegisterOrganisation(organisation, NOBODY)
    cell_id = UUID(made.id)
    invited = await adapter(host, cell_id).InvitePerson(invitation(kbo_number=kbo_number), NOBODY)
    assert host.sign_in.asked == ["nele.claes@caw.example"]
    town = Town(host.harness, cell_id, towns, host, kbo_number)
    command = town.invitation(Role.COORDINATOR, email="nele.claes@caw.example")
    person = Person(town, await host.sign_in.find_person(command.email, "", ""), mandate_id=UUID(invited.id))
    mine = adapter(host, cell_id, person)
    assert (await comes(mine, town, invited.id)).state == "ACTIVE"
    (table,) = (await adapter(host, PLATFORM, on_platform(person)).ListMyCells(pb.ListMyCellsRequest(), NOBODY)).cells
    assert (table.cell_id, table.name, list(table.nis_codes)) == (made.id, "Vaart", sorted(towns))
    assert (list(table.roles), table.undertaking_accepted) == (["coordinator"], False)
    accepting = pb.AcceptUndertakingRequest(text_version=table.undertaking_text_version)
    assert (await mine.AcceptUndertaking(accepting, NOBODY)).state == "ACCEPTED"
    (view,) = (await mine.ListMandates(pb.ListMandatesRequest(), NOBODY)).mandates
    assert (view.given_name, view.family_name, view.role) == ("Nele", "Claes", "coordinator")
    assert (getattr(view, "from"), view.to, view.version) == ("2026-11-24", "2027-11-23", 2)
    assert (view.organisation_id, view.organisation_kind) == (registered.id, "municipality")
    assert (view.undertaking_accepted, list(view.nis_codes)) == (True, sorted(towns))
    facts = await adapter(host, cell_id).GetMandates(pb.GetMandatesRequest(person_id=view.person_id), NOBODY)
    (fact,) = facts.mandates
    assert (fact.mandate_id, fact.tenant_id) == (invited.id, made.id)
    assert fact.fact_version <= facts.fact_version
    partner = invitation(email="p@caw.example", kbo_number=kbo_number, role="participant", to="2026-12-31")
    coming = await mine.InvitePerson(partner, NOBODY)
    guest = await comes(adapter(host, cell_id, Person(town, uuid4())), town, coming.id)
    ending = pb.EndMandateRequest(mandate_id=guest.id, expected_version=guest.version, reason="left")
    assert (await mine.EndMandate(ending, NOBODY)).state == "ENDED"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nele"}, "email"),
        ({"email": "nele@caw"}, "email"),
        ({"email": "a@b.example, c@d.example"}, "email"),
        ({"email": "*@caw.example, x"}, "email"),
        ({"email": "x" * 250 + "@caw.example"}, "email"),
        ({"given_name": " "}, "given_name"),
        ({"family_name": "x" * 201}, "family_name"),
        ({"kbo_number": "417497106"}, "kbo_number"),
        ({"kbo_number": "0417497107"}, "kbo_number"),
        ({"role": "chair"}, "role"),
        ({"role": "host"}, "role"),
        ({"nis_codes": ["1234"]}, "nis_codes"),
        ({"nis_codes": ["24001"] * 21}, "nis_codes"),
        ({"from": "24/11/2026"}, "from"),
        ({"from": "1899-12-31"}, "from"),
        ({"to": ""}, "to"),
        ({"to": "2026-02-30"}, "to"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"clearance_until": "soon"}, "clearance_until"),
    ],
)
async def test_a_malformed_invitation_names_its_field(host: Host, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await adapter(host, uuid4()).InvitePerson(invitation(**changes), NOBODY)
    assert refused.value.field == field
    assert refused.value.expected
    assert host.sign_in.asked == []


@pytest.mark.parametrize(
    ("method", "request_message", "field"),
    [
        ("CreateCell", pb.CreateCellRequest(), "nis_codes"),
        ("CreateCell", pb.CreateCellRequest(nis_codes=["2400"]), "nis_codes"),
        ("CreateCell", pb.CreateCellRequest(nis_codes=["24001"], name="x" * 201), "name"),
        ("CreateCell", pb.CreateCellRequest(nis_codes=["24001"], brand_colour="teal"), "brand_colour"),
        ("ChangeBrandColour", pb.ChangeBrandColourRequest(brand_colour="#1B6C68"), "brand_colour"),
        ("ChangeBrandColour", pb.ChangeBrandColourRequest(brand_colour="#1b6c6"), "brand_colour"),
        ("ChangeBrandColour", pb.ChangeBrandColourRequest(brand_colour="1b6c68\n"), "brand_colour"),
        ("SetDpia", pb.SetDpiaRequest(on="2026-10-05"), "reference"),
        ("SetDpia", pb.SetDpiaRequest(reference="x" * 201, on="2026-10-05"), "reference"),
        ("SetDpia", pb.SetDpiaRequest(reference="GEB 4"), "on"),
        ("SetDpia", pb.SetDpiaRequest(reference="GEB 4", on="2026-02-30"), "on"),
        ("SetDangerContact", pb.SetDangerContactRequest(), "danger_contact"),
        ("SetDangerContact", pb.SetDangerContactRequest(danger_contact="x" * 201), "danger_contact"),
        ("ChangeContact", pb.ChangeContactRequest(), "contact"),
        ("ChangeContact", pb.ChangeContactRequest(contact="gemeente"), "contact"),
        ("ListCells", pb.ListCellsRequest(page_size=51), "page_size"),
        ("ListCells", pb.ListCellsRequest(cursor="x"), "cursor"),
        ("ListMunicipalities", pb.ListMunicipalitiesRequest(region="luxembourg"), "region"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"code": ""}), "code"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"code": "Decree 2027"}), "code"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"code": "x" * 65}), "code"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"from": "soon"}), "from"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"to": "2027-02-30"}), "to"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"replaces": "x" * 65}), "replaces"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"allows": []}), "allows"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"allows": ["punish"]}), "allows"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"partner_kinds": ["bank"]}), "partner_kinds"),
        (
            "AddLegalBasis",
            pb.AddLegalBasisRequest(**LAW_TO_ADD | {"partner_kinds": ["intelligence_service"]}),
            "partner_kinds",
        ),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"regions": ["luxembourg"]}), "regions"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"title_nl": ""}), "title_nl"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"title_fr": "x" * 501}), "title_fr"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"title_de": "..."}), "title_de"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"title_en": "x" * 501}), "title_en"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"name_nl": "..."}), "name_nl"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"name_fr": ""}), "name_fr"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"name_de": "x" * 201}), "name_de"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"name_en": "x" * 201}), "name_en"),
        ("AddLegalBasis", pb.AddLegalBasisRequest(**LAW_TO_ADD | {"source": ""}), "source"),
        ("ConfirmLegalBasis", pb.ConfirmLegalBasisRequest(legal_basis_id="1"), "legal_basis_id"),
        ("EndLegalBasis", pb.EndLegalBasisRequest(legal_basis_id="1", last_day="2027-01-01"), "legal_basis_id"),
        ("EndLegalBasis", pb.EndLegalBasisRequest(legal_basis_id=str(PEOPLE), last_day="soon"), "last_day"),
        *BAD_RULES,
        ("CheckSeats", pb.CheckSeatsRequest(), "file"),
        ("CheckSeats", pb.CheckSeatsRequest(file="x" * 700_001), "file"),
        ("SortSeats", pb.SortSeatsRequest(), "file"),
        ("SortSeats", pb.SortSeatsRequest(file="x" * 700_001), "file"),
        ("ImportSeats", pb.ImportSeatsRequest(), "file"),
        ("ImportSeats", pb.ImportSeatsRequest(file="x" * 700_001), "file"),
        ("RegisterOrganisation", pb.RegisterOrganisationRequest(kbo_number="1"), "kbo_number"),
        ("RegisterOrganisation", pb.RegisterOrganisationRequest(kbo_number="0417497106"), "name"),
        (
            "RegisterOrganisation",
            pb.RegisterOrganisationRequest(kbo_number="0417497106", name="x", kind="b"),
            "kind",
        ),
        ("AcceptUndertaking", pb.AcceptUndertakingRequest(), "text_version"),
        ("EndMandate", pb.EndMandateRequest(mandate_id="1"), "mandate_id"),
        ("EndMandate", pb.EndMandateRequest(mandate_id=str(PEOPLE), reason="tired"), "reason"),
        ("ChangeMandate", pb.ChangeMandateRequest(mandate_id=str(PEOPLE)), "nis_codes"),
        ("ChangeMandate", pb.ChangeMandateRequest(mandate_id=str(PEOPLE), nis_codes=["1"]), "nis_codes"),
        (
            "ChangeMandate",
            pb.ChangeMandateRequest(mandate_id=str(PEOPLE), nis_codes=["24001"], clearance_until="soon"),
            "clearance_until",
        ),
        ("SuspendMandate", pb.SuspendMandateRequest(mandate_id=str(PEOPLE), reason="tired"), "reason"),
        ("SuspendOrganisation", pb.SuspendOrganisationRequest(organisation_id="x", reason="other"), "organisation_id"),
        ("SuspendOrganisation", pb.SuspendOrganisationRequest(organisation_id=str(PEOPLE)), "reason"),
        ("ResumeOrganisation", pb.ResumeOrganisationRequest(organisation_id=""), "organisation_id"),
        ("NameDeputy", pb.NameDeputyRequest(mandate_id=str(PEOPLE), holder_id="", when="always"), "holder_id"),
        ("NameDeputy", pb.NameDeputyRequest(mandate_id=str(PEOPLE), holder_id=str(PEOPLE), when="never"), "when"),
        ("MarkAbsent", pb.MarkAbsentRequest(mandate_id=str(PEOPLE), last_day="2027-02-14"), "first_day"),
        ("MarkAbsent", pb.MarkAbsentRequest(mandate_id=str(PEOPLE), first_day="2027-02-14"), "last_day"),
        ("EndAbsence", pb.EndAbsenceRequest(absence_id="x"), "absence_id"),
        ("ListMandates", pb.ListMandatesRequest(page_size=51), "page_size"),
        ("ListMandates", pb.ListMandatesRequest(cursor="x"), "cursor"),
        ("GetMandates", pb.GetMandatesRequest(person_id="x"), "person_id"),
        ("ChangeMyProfile", pb.ChangeMyProfileRequest(language="xx"), "language"),
        ("ChangeMyProfile", pb.ChangeMyProfileRequest(telephone="0" * 41), "telephone"),
        ("ChangeMyProfile", pb.ChangeMyProfileRequest(reachable="x" * 201), "reachable"),
        ("DisableIdentity", pb.DisableIdentityRequest(kind="session", value=str(PEOPLE)), "kind"),
        ("DisableIdentity", pb.DisableIdentityRequest(kind="subject", value="nele"), "value"),
        ("DisableIdentity", pb.DisableIdentityRequest(kind="organisation"), "value"),
        ("DisableIdentity", pb.DisableIdentityRequest(kind="provider", value="../users"), "value"),
        ("EnableIdentity", pb.EnableIdentityRequest(kind="", value=str(PEOPLE)), "kind"),
        ("EnableIdentity", pb.EnableIdentityRequest(kind="provider", value="x" * 101), "value"),
        ("EndSignIn", pb.EndSignInRequest(), "session_id"),
        ("SecondRecovery", pb.SecondRecoveryRequest(recovery_id="1"), "recovery_id"),
        ("ConfirmRecovery", pb.ConfirmRecoveryRequest(), "recovery_id"),
        ("ListRecoveries", pb.ListRecoveriesRequest(page_size=51), "page_size"),
        ("ListRecoveries", pb.ListRecoveriesRequest(cursor="x"), "cursor"),
        *BAD_CELLS,
    ],
)
async def test_a_malformed_request_names_its_field(host: Host, method: str, request_message: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await getattr(adapter(host), method)(request_message, NOBODY)
    assert refused.value.field == field
    assert refused.value.expected


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "hilde"}, "email"),
        ({"given_name": ""}, "given_name"),
        ({"family_name": "x" * 201}, "family_name"),
        ({"kbo_number": "0417497107"}, "kbo_number"),
        ({"from": "soon"}, "from"),
        ({"to": ""}, "to"),
    ],
)
async def test_a_malformed_appointment_names_its_field(host: Host, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await adapter(host).AppointHost(appointment(**changes), NOBODY)
    assert refused.value.field == field
    assert host.sign_in.asked == []


async def test_the_host_and_its_people_on_the_wire(host: Host) -> None:
    organisation = pb.RegisterOrganisationRequest(kbo_number=next(UNUSED_KBO), name="Regionale host", kind="other")
    await adapter(host).RegisterOrganisation(organisation, NOBODY)
    receipt = await adapter(host).AppointHost(appointment(kbo_number=organisation.kbo_number), NOBODY)
    assert (receipt.state, receipt.version) == ("ACTIVE", 1)
    person_id = await host.sign_in.find_person("hilde.baert@host.example", "", "")
    hilde = adapter(host, PLATFORM, Person(Cell(host.harness, PLATFORM, ()), person_id))
    mine = await hilde.ListMyCells(pb.ListMyCellsRequest(), NOBODY)
    assert (list(mine.cells), mine.host, mine.undertaking.version) == ([], True, TEXT)
    nis_code = next(UNUSED["brussels"])
    making = pb.CreateCellRequest(nis_codes=[nis_code], name="Brussel", brand_colour="#1b6c68")
    made = await hilde.CreateCell(making, NOBODY)
    page = await hilde.ListCells(pb.ListCellsRequest(page_size=1), NOBODY)
    (cell,) = page.cells
    assert (cell.cell_id, cell.name, cell.state, cell.brand_colour) == (made.id, "Brussel", "SETTING_UP", "#1b6c68")
    assert [town.nis_code for town in cell.towns] == [nis_code]
    assert cell.HasField("created_at")
    assert page.next_cursor == cell.cell_id
    assert (page.cells_total >= 1, page.towns_total) == (True, 285)
