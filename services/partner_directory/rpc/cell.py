"""Cells, from inside and from outside."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.cell.change_contact import ChangeContact, change_contact
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.cell.open_table import OpenTable, open_table
from services.partner_directory.commands.cell.resume_cell import ResumeCell, resume_cell
from services.partner_directory.commands.cell.set_danger_contact import SetDangerContact, set_danger_contact
from services.partner_directory.commands.cell.set_dpia import SetDpia, set_dpia
from services.partner_directory.commands.cell.suspend_cell import SuspendCell, suspend_cell
from services.partner_directory.commands.cell.withdraw_cell import WithdrawCell, withdraw_cell
from services.partner_directory.find import MyCell
from services.partner_directory.model import Cell, Municipality
from services.partner_directory.queries.list_cells import CellView, ListCells, list_cells
from services.partner_directory.queries.list_municipalities import ListMunicipalities, list_municipalities
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_cell import HostInvitationView, ReadCell, read_cell
from services.partner_directory.queries.read_set_up import ReadSetUp, read_set_up
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.rpc.mandate import MANDATE, UNDERTAKING

TOWN = writer(pb.Municipality, Municipality, Differences(names={"name": "name_nl"}))
CELL = writer(pb.CellView, CellView, Differences(flat=("cell",), nested=(TOWN,)))
MY_CELL = writer(
    pb.MyCell,
    MyCell,
    Differences(
        names={"undertaking_accepted": "undertaken"},
        by_hand={
            "nis_codes": lambda mine: [town.nis_code for town in mine.towns],
            "region": lambda mine: mine.towns[0].region,
        },
        flat=("cell",),
        nested=(TOWN,),
    ),
)
FOUNDING = writer(
    pb.FoundingInvitation,
    HostInvitationView,
    Differences(flat=("founding",), names={"last_day": "founding.code_until"}),
)
SUSPENDED = writer(pb.SuspendedCell, Cell)

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["CellService"],
    command(create_cell, CreateCell),
    command(change_brand_colour, ChangeBrandColour),
    command(withdraw_cell, WithdrawCell),
    command(suspend_cell, SuspendCell),
    command(resume_cell, ResumeCell),
    query(
        read_cell,
        ReadCell,
        pb.HostCell,
        Differences(
            flat=("cell", "standing"),
            names={"founding": "invited"},
            unused=("standing.founding",),
            nested=(TOWN, FOUNDING),
        ),
    ),
    command(set_dpia, SetDpia),
    command(set_danger_contact, SetDangerContact),
    command(change_contact, ChangeContact),
    command(open_table, OpenTable),
    query(read_set_up, ReadSetUp, pb.SetUp, Differences(flat=("cell",))),
    query(list_cells, ListCells, pb.ListCellsResponse, Differences(nested=(CELL,))),
    query(list_municipalities, ListMunicipalities, pb.ListMunicipalitiesResponse, Differences(nested=(TOWN,))),
    query(
        list_my_cells,
        ListMyCells,
        pb.ListMyCellsResponse,
        Differences(nested=(UNDERTAKING, MY_CELL, SUSPENDED)),
    ),
    query(
        read_table,
        ReadTable,
        pb.Table,
        Differences(names={"cell": "mine"}, nested=(UNDERTAKING, MANDATE, MY_CELL)),
    ),
)
