"""The table for pages that only some who sit there may see: who may not, learns nothing."""

from __future__ import annotations

from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound, UndertakingMissing
from services.portal.web.request.viewer import Viewer
from services.portal.web.ui.table import TableView


async def seated(viewer: Viewer, cell: UUID, verb: str) -> TableView:
    """The table of a cell, for who may do this there. Raises NotFound, UndertakingMissing, Refused."""
    table = await viewer.table(cell)
    if not table.found.cell.undertaking_accepted:
        raise UndertakingMissing
    if not table.may(verb):
        raise NotFound
    return table


def own_towns(table: TableView) -> list[pb.Municipality]:
    """The municipalities of this cell that who looks sits for, in the order of their names."""
    codes = {code for mandate in table.my_mandates for code in mandate.nis_codes}
    return [town for town in table.towns if town.nis_code in codes]
