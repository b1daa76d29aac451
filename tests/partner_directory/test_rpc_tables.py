"""Tables, municipalities and texts on the wire, and who may ask for them."""

from __future__ import annotations

from typing import TypeVar

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import peers_of
from services.kit.principal import PLATFORM
from tests.doors import NOBODY
from tests.partner_directory.test_rpc import adapter
from tests.partner_directory.town import LAW, TEXT, Host, on_platform

Command = TypeVar("Command")
Result = TypeVar("Result")

PEERS = peers_of(pb.DESCRIPTOR)
NOTHING = pb.ListMyCellsRequest()


async def test_a_table_on_the_wire(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mine = adapter(host, town.cell_id, coordinator)
    await mine.ChangeBrandColour(pb.ChangeBrandColourRequest(brand_colour="#7a2230"), NOBODY)
    table = await mine.ReadTable(pb.ReadTableRequest(), NOBODY)
    assert table.person_id == str(coordinator.person_id)
    assert (table.cell.brand_colour, table.cell.region) == ("#7a2230", "flanders")
    assert [town.nis_code for town in table.cell.towns] == list(table.cell.nis_codes) == sorted(town.nis_codes)
    assert all(town.name and town.name_fr for town in table.cell.towns)
    (mandate,) = table.mandates
    assert (mandate.legal_basis, mandate.ended, mandate.given_name) == (LAW, False, "Nele")
    (basis,) = table.legal_bases
    assert (basis.code, "2018" in basis.title_nl, "2018" in basis.title_fr) == (LAW, True, True)
    assert table.undertaking.fr.startswith("Je participe")
    (mine_too,) = (await adapter(host, PLATFORM, on_platform(coordinator)).ListMyCells(NOTHING, NOBODY)).cells
    assert mine_too == table.cell


async def test_municipalities_on_the_wire(host: Host) -> None:
    answer = await adapter(host).ListMunicipalities(pb.ListMunicipalitiesRequest(region="wallonia"), NOBODY)
    names = {town.nis_code: (town.name, town.name_fr, town.name_de, town.name_en) for town in answer.municipalities}
    assert (len(names), names["62063"]) == (261, ("Luik", "Liège", "Lüttich", "Liège"))
    assert names["82039"][0] == "Bastenaken"


def test_only_services_get_facts_and_only_the_portal_speaks_for_people() -> None:
    assert PEERS["GetMandates"] == {"case", "meeting", "audit", "portal"}
    assert PEERS["AcceptUndertaking"] == PEERS["ListMyCells"] == PEERS["ReadTable"] == {"portal"}
    assert PEERS["AppointHost"] == {"cli"}


def test_the_text_to_accept_is_the_present_one() -> None:
    assert TEXT == "2026-1"
