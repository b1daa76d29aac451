"""The host's desk, as settings tell it: nothing that nobody can dial or write to."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from deploy.local.desk import INVENTED, desk_of, desk_settings
from services.gate.settings import Settings as GateSettings
from services.kit.desk import Desk, DeskSettings
from services.portal.settings import Settings as PortalSettings


def test_it_is_told_in_full_or_in_part_or_not_at_all() -> None:
    assert DeskSettings(desk_name="", desk_telephone="", desk_email="").desk == Desk()
    assert not Desk(name="Helpdesk").known, "a name is no way to reach anybody"
    told = DeskSettings(desk_name="Helpdesk", desk_telephone="+3222345678", desk_email="Help@Host.example").desk
    assert (told.email, told.dialled, told.known) == ("help@host.example", "02 234 56 78", True)


@pytest.mark.parametrize(
    "wrong",
    [{"desk_telephone": "012 34 56 78"}, {"desk_telephone": "+0123456"}, {"desk_telephone": "112"},
     {"desk_email": "help"}, {"desk_email": "a@b.example, c@d.example"}],
)  # fmt: skip
def test_what_nobody_can_reach_stops_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="RONDETAFEL_DESK_"):
        DeskSettings(**wrong)


def test_a_local_platform_has_an_invented_one_until_one_is_told() -> None:
    assert desk_settings({}) == INVENTED
    assert desk_of({}).known
    assert desk_of({"RONDETAFEL_DESK_EMAIL": "help@host.example"}) == Desk(email="help@host.example")


def test_portal_and_gate_are_told_it_by_the_prefix_of_all_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDETAFEL_DESK_TELEPHONE", "+3212345678")
    for settings in (PortalSettings, GateSettings):
        assert settings.model_config["env_prefix"] == "RONDETAFEL_"
        needed = {name: "x" for name, field in settings.model_fields.items() if field.is_required()}
        assert settings(**needed).desk.telephone == "+3212345678"  # type: ignore[arg-type]
