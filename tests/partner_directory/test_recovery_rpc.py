"""A recovery on the wire."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import Invalid
from services.kit.principal import PLATFORM
from tests.doors import NOBODY
from tests.partner_directory.lost import lost_town
from tests.partner_directory.test_rpc import PEERS, adapter
from tests.partner_directory.town import LAW, Host


def asked(**changes: Any) -> pb.ProposeRecoveryRequest:
    """A proposal that is in order, but for its cell and its organisation."""
    values: dict[str, Any] = {
        "cell_id": str(uuid4()), "email": "Lieve.Maes@stad.example", "given_name": "Lieve", "family_name": "Maes",
        "kbo_number": "0417497106", "role": "mayor", "from": "2026-12-02", "to": "2027-11-23", "legal_basis": LAW,
    }  # fmt: skip
    return pb.ProposeRecoveryRequest(**(values | changes))


async def test_a_recovery_on_the_wire_shows_what_is_asked_and_by_whom(host: Host) -> None:
    lost = await lost_town(host)
    first, second = (adapter(host, PLATFORM, person) for person in (lost.first, lost.second))
    oversight = adapter(host, lost.town.cell_id, lost.oversight)
    request = asked(cell_id=str(lost.town.cell_id), kbo_number=lost.town.kbo_number)
    proposed = await first.ProposeRecovery(request, NOBODY)
    assert (proposed.state, proposed.version) == ("PROPOSED", 1)
    seconding = pb.SecondRecoveryRequest(recovery_id=proposed.id, expected_version=1)
    assert (await second.SecondRecovery(seconding, NOBODY)).state == "SECONDED"
    (view,) = (await oversight.ListRecoveries(pb.ListRecoveriesRequest(), NOBODY)).recoveries
    assert (view.email, view.given_name, view.family_name) == ("lieve.maes@stad.example", "Lieve", "Maes")
    assert (view.cell_id, view.state, view.version) == (str(lost.town.cell_id), "SECONDED", 2)
    assert (getattr(view, "from"), view.to, view.legal_basis) == ("2026-12-02", "2027-11-23", LAW)
    assert (view.role, list(view.nis_codes), view.organisation_kind) == ("mayor", list(lost.town.nis_codes), "caw")
    said_yes = [lost.first.person_id, lost.second.person_id]
    assert [UUID(view.proposed_by), UUID(view.seconded_by)] == said_yes
    assert (view.expires_at.ToDatetime() - view.proposed_at.ToDatetime()).days == 14
    confirming = pb.ConfirmRecoveryRequest(recovery_id=proposed.id, expected_version=2)
    assert (await oversight.ConfirmRecovery(confirming, NOBODY)).state == "ACTIVE"
    assert host.sign_in.asked[-1] == "lieve.maes@stad.example"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cell_id": "1"}, "cell_id"),
        ({"email": "lieve"}, "email"),
        ({"given_name": " "}, "given_name"),
        ({"family_name": "x" * 201}, "family_name"),
        ({"kbo_number": "0417497107"}, "kbo_number"),
        ({"role": "mayor_delegate"}, "role"),
        ({"role": "oversight"}, "role"),
        ({"nis_codes": ["1234"]}, "nis_codes"),
        ({"from": "soon"}, "from"),
        ({"to": ""}, "to"),
        ({"legal_basis": ""}, "legal_basis"),
    ],
)
async def test_a_malformed_recovery_names_its_field(host: Host, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await adapter(host).ProposeRecovery(asked(**changes), NOBODY)
    assert (refused.value.field, bool(refused.value.expected)) == (field, True)


def test_the_command_line_does_none_of_it() -> None:
    verbs = ("ProposeRecovery", "SecondRecovery", "ConfirmRecovery", "ListRecoveries")
    assert {PEERS[verb] for verb in verbs} == {frozenset({"portal"})}
