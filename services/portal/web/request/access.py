"""The table for pages that only some who sit there may see: who may not, learns nothing."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound, UndertakingMissing
from services.kit.policy import TABLE
from services.portal.web.request.viewer import Viewer
from services.portal.web.ui.table import TableView


async def seated(viewer: Viewer, cell: UUID, roles: Collection[str] = TABLE) -> TableView:
    """The table of a cell, for who holds one of these roles there. Raises NotFound, UndertakingMissing, Refused."""
    table = await viewer.table(cell)
    if not table.found.cell.undertaking_accepted:
        raise UndertakingMissing
    if not table.has_role(*roles):
        raise NotFound
    return table


def own_towns(table: TableView) -> list[pb.Municipality]:
    """The municipalities of this cell that who looks sits for."""
    codes = {code for mandate in table.my_mandates for code in mandate.nis_codes}
    return [town for town in table.found.cell.towns if town.nis_code in codes]


def sits_for(table: TableView, nis_code: str, roles: Collection[str]) -> bool:
    """Whether who looks holds one of these roles for this municipality: what a service asks, so that no page offers
    what would be refused."""
    return any(mandate.role in roles and nis_code in mandate.nis_codes for mandate in table.my_mandates)
