"""What the proto says of a field is found by its path, as the pages name it."""

from __future__ import annotations

import pytest

from services.kit.field_rules import limit_of, rule_of
from tests.kit.form import Form


@pytest.mark.parametrize("path", ["person.given_name", "people[1].given_name", "people.given_name"])
def test_a_path_leads_to_its_limit(path: str) -> None:
    assert limit_of(Form, path) == 20
    assert rule_of(Form, path).required


def test_a_list_says_how_many() -> None:
    assert rule_of(Form, "people").most == 2


@pytest.mark.parametrize("path", ["", "name", "person.name", "urgent.given_name", "person."])
def test_no_such_field(path: str) -> None:
    with pytest.raises(LookupError):
        rule_of(Form, path)


@pytest.mark.parametrize("path", ["urgent", "person", "person.birth_date", "people"])
def test_no_limit_is_no_zero(path: str) -> None:
    assert not rule_of(Form, path).longest
    with pytest.raises(LookupError):
        limit_of(Form, path)
