"""Towns and cells by the names their reader gives them."""

from __future__ import annotations

from collections.abc import Iterable

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.language import Language
from services.portal.web.ui.order import name_key


def town_name(town: pb.Municipality, language: Language) -> str:
    """What the reader calls it; it tells apart all towns of the country."""
    return language.of({"nl": town.name, "fr": town.name_fr, "de": town.name_de, "en": town.name_en})


def towns_in_order(towns: Iterable[pb.Municipality], language: Language) -> list[pb.Municipality]:
    """By these names."""
    return sorted(towns, key=lambda town: name_key(town_name(town, language)))


def cell_name(cell: pb.MyCell | pb.CellView | pb.HostCell, language: Language) -> str:
    """What the cell is called; one that bears the name of one of its towns bears it in the reader's language."""
    for town in cell.towns:
        if cell.name in (town.name, town.name_fr, town.name_de, town.name_en):
            return town_name(town, language)
    return cell.name


def cells_in_order(cells: Iterable[pb.MyCell], language: Language) -> list[pb.MyCell]:
    """By these names."""
    return sorted(cells, key=lambda cell: name_key(cell_name(cell, language)))
