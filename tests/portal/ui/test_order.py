"""The order of names, as somebody in Belgium looks them up."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.language import Languages
from services.portal.web.ui.order import name_key
from services.portal.web.ui.towns import cell_name, cells_in_order, town_name, towns_in_order

LANGUAGES = Languages()
RIGHT = [
    "asbl Île", "De Smedt", "Desmet", "De Smet", "d'Hondt", "Dhondt", "École", "Hélécine", "Huy", "IJsbrand",
    "Ĳsbrand", "Ik", "Île", "Müller", "Oeuvre", "Œuvre", "’s-Gravenbrakel", "’t Jonck", "Vandenberg", "Van den Berg",
    "Zonnebloem",
]  # fmt: skip
LIEGE = pb.Municipality(nis_code="62063", name="Luik", name_fr="Liège", name_de="Lüttich", name_en="Liège")
OUPEYE = pb.Municipality(nis_code="62079", name="Oupeye", name_fr="Oupeye", name_de="Oupeye", name_en="Oupeye")


def test_names_stand_where_one_looks_for_them() -> None:
    shuffled = random.Random(5).sample(RIGHT, len(RIGHT))
    assert sorted(shuffled, key=name_key) == RIGHT


@pytest.mark.parametrize("pair", [("Desmet", "De Smet"), ("d’Hondt", "D'Hondt"), ("École", "E\u0301cole")])
def test_what_is_no_letter_counts_last(pair: tuple[str, str]) -> None:
    """So the given name decides before it does."""
    first, second = pair
    assert sorted([(second, "An"), (first, "Bo")], key=lambda name: name_key(*name)) == [(second, "An"), (first, "Bo")]
    assert sorted([(second, "Bo"), (first, "An")], key=lambda name: name_key(*name)) == [(first, "An"), (second, "Bo")]


def test_a_name_that_is_the_beginning_of_another_comes_first() -> None:
    names = [("Maes", "Bo"), ("Maes", "Bob"), ("Maesen", "An"), ("Maessen", "")]
    assert all(name_key(*before) < name_key(*after) for before, after in pairwise(names))


def test_towns_stand_by_the_names_their_reader_gives_them() -> None:
    towns = [OUPEYE, LIEGE, pb.Municipality(name="Namen", name_fr="Namur", name_de="Namur", name_en="Namur")]
    named = {
        language.code: [town_name(town, language) for town in towns_in_order(towns, language)] for language in LANGUAGES
    }
    assert named == {
        "nl": ["Luik", "Namen", "Oupeye"], "fr": ["Liège", "Namur", "Oupeye"],
        "de": ["Lüttich", "Namur", "Oupeye"], "en": ["Liège", "Namur", "Oupeye"],
    }  # fmt: skip


def test_a_cell_that_bears_a_towns_name_bears_the_readers() -> None:
    cells = [pb.MyCell(name=name, towns=[LIEGE, OUPEYE]) for name in ("Liège", "Maas", "Oupeye")]
    french, dutch = LANGUAGES["fr"], LANGUAGES["nl"]
    assert [cell_name(cell, french) for cell in cells_in_order(cells, french)] == ["Liège", "Maas", "Oupeye"]
    assert [cell_name(cell, dutch) for cell in cells_in_order(cells, dutch)] == ["Luik", "Maas", "Oupeye"]
    assert cell_name(pb.MyCell(name="Vaartbeke"), dutch) == "Vaartbeke"
