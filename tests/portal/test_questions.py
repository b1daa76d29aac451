"""What each main page asks: a question per service and list, the table with what is held, nothing twice or in vain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from deploy.local.servers import Servers
from rondetafel.case.v1 import case_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from tests.portal import dossier, sittings
from tests.portal import rules_of_cell as rules
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told
from tests.portal.tables import become, calls_of, filled, sit, table

Scene = Callable[[Front, Backends], Awaitable[str]]

HELD = "6.2.0.0"
SIGNAL = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c01"


def at(below: str, *roles: str) -> Scene:
    """A page of the cell, for who sits there in these roles."""

    async def scene(front: Front, backends: Backends) -> str:
        return await sit(front, backends, *roles) + below

    return scene


async def _home(front: Front, backends: Backends) -> str:
    await sit(front, backends, "coordinator")
    mine = table(front.cell, "coordinator").cell
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[mine])
    backends.answers["ListProposals"] = pb.ListProposalsResponse(proposals=[pb.Proposal()])
    return "/"


async def _case(front: Front, backends: Backends) -> str:
    return await dossier.open_case(front, backends, dossier.case(), dossier.sitting(), role="coordinator")


async def _circle(front: Front, backends: Backends) -> str:
    return f"{await _case(front, backends)}/circle"


async def _invitation(front: Front, backends: Backends) -> str:
    path = await dossier.open_case(front, backends, dossier.case("LISTED"), role="coordinator", kind="municipality")
    return f"{path}/circle/invite"


async def _ending(front: Front, backends: Backends) -> str:
    return (await _invitation(front, backends)).replace("/invite", f"/{dossier.entry_of(dossier.WOUT)}/end")


async def _contribution(front: Front, backends: Backends) -> str:
    return f"{await dossier.open_case(front, backends, dossier.case())}/contribution"


async def _signal(front: Front, backends: Backends) -> str:
    path = await sit(front, backends, "coordinator")
    backends.answers["ReadSignal"] = case_pb2.Signal(
        signal_id=SIGNAL,
        state="RECEIVED",
        nis_code="23088",
        version=1,
        person=case_pb2.PersonConcerned(given_name="Milan"),
    )
    return f"{path}/signals/{SIGNAL}"


async def _question(front: Front, backends: Backends) -> str:
    path = await sit(front, backends, "coordinator")
    found = case_pb2.Question(question_id=SIGNAL, state="ASKED", asked_on="2026-03-02", text="Hoe?", version=1)
    backends.answers["ReadQuestion"] = found
    return f"{path}/questions/{SIGNAL}"


async def _session(front: Front, backends: Backends) -> str:
    path = await sittings.at_the_table(front, backends, "coordinator")
    backends.answers["ReadSession"] = sittings.session("PLANNED")
    return path


async def _item(front: Front, backends: Backends) -> str:
    return await sittings.open_item(front, backends, "mayor")


async def _decision(front: Front, backends: Backends) -> str:
    return await sittings.deciding(front, backends, "coordinator")


async def _saying(front: Front, backends: Backends) -> str:
    path = await sit(front, backends, "coordinator")
    backends.answers["ReadSetUp"] = pb.SetUp(state="SETTING_UP", version=1, may=["set_dpia"])
    return f"{path}/set-up/dpia"


async def _register(front: Front, backends: Backends) -> str:
    await front.sign_in()
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(host=True)
    return "/host/law"


async def _providers(front: Front, backends: Backends) -> str:
    await front.sign_in()
    return "/host/providers"


async def _provider(front: Front, backends: Backends) -> str:
    await front.sign_in()
    backends.answers["ReadProvider"] = pb.Provider(name="CAW Oost", state="ENABLED")
    return f"/host/providers/{front.cell}"


async def _new_saml_provider(front: Front, backends: Backends) -> str:
    await front.sign_in()
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(host=True, may=["add_saml_provider"])
    return "/host/providers/saml"


async def _metadata(front: Front, backends: Backends) -> str:
    await front.sign_in()
    backends.answers["ReadProvider"] = pb.Provider(name="School", may=["renew_metadata"], saml=pb.SamlMetadata())
    return f"/host/providers/{front.cell}/metadata"


async def _my_sign_ins(front: Front, backends: Backends) -> str:
    await front.sign_in()
    return "/me/sign-ins"


async def _thefts(front: Front, backends: Backends) -> str:
    await front.sign_in()
    return "/host/thefts"


async def _host_cell(front: Front, backends: Backends) -> str:
    await front.sign_in()
    backends.answers["ReadCell"] = pb.HostCell(name="Vaartbeke", state="ACTIVE")
    return f"/host/cells/{front.cell}"


async def _founding(front: Front, backends: Backends) -> str:
    at_cell = await _host_cell(front, backends)
    backends.answers["ReadCell"] = pb.HostCell(name="Vaartbeke", state="SETTING_UP", may=["found_seat"])
    return f"{at_cell}/founding"


async def _rules(front: Front, backends: Backends) -> str:
    return await rules.before(front, backends, "participant")


async def _law(front: Front, backends: Backends) -> str:
    await sit(front, backends, "participant")
    return "/help/law"


QUESTIONS: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "home": (_home, ("ListMyCells", "ListSessions", "ListWaiting", "ReadTable")),
    "cell": (at("", "coordinator"), ("ListCases", "ListCases", "ListSessions", "ReadTable")),
    "case": (_case, ("ListCaseSessions", "ReadCase", "ReadTable")),
    "circle": (_circle, ("ReadCase", "ReadTable")),
    "ending": (_ending, ("ReadCase", "ReadTable")),
    "invitation": (_invitation, ("ReadCase", "ReadTable")),
    "contribution": (_contribution, ("ReadCase", "ReadTable")),
    "signals": (at("/signals", "coordinator"), ("ListSignals", "ListSignals", "ReadTable")),
    "signal": (_signal, ("ListPossibleMatches", "ReadSignal", "ReadTable")),
    "questions": (at("/questions", "participant"), ("ListQuestions", "ListQuestions", "ReadTable")),
    "answers": (at("/answers", "participant"), ("ListAnswers", "ReadTable")),
    "question": (_question, ("ReadQuestion", "ReadTable")),
    "new question": (at("/questions/new", "participant"), ("ReadTable",)),
    "new signal": (at("/signals/new", "coordinator"), ("ReadTable",)),
    "session": (_session, ("ReadSession", "ReadTable")),
    "item": (_item, ("ListCaseSessions", "ReadCase", "ReadSession", "ReadTable")),
    "decision": (_decision, ("ListCaseSessions", "ReadCase", "ReadSession", "ReadTable")),
    "log": (at("/log", "dpo"), ("ReadTable", "SearchAudit")),
    "mandates": (at("/mandates", "mayor"), ("ListInvitations", "ListMandates", "ListProposals", "ReadTable")),
    "inviting": (at("/mandates/invite", "mayor"), ("ListLegalBases", "ReadTable")),
    "list of seats": (at("/mandates/list", "mayor"), ("ListLegalBases", "ReadTable")),
    "invitations": (at("/mandates/invitations", "mayor"), ("ListInvitations", "ReadTable")),
    "contacts": (at("/contacts", "participant"), ("ReadContacts", "ReadTable")),
    "set-up": (at("/set-up", "coordinator"), ("ReadSetUp", "ReadTable")),
    "dpia": (_saying, ("ReadSetUp", "ReadTable")),
    "help": (_home, ("ListMyCells", "ReadTable")),
    "me": (_home, ("ListMyCells", "ReadMyProfile", "ReadTable")),
    "privacy": (_home, ("ListMyCells", "ReadTable")),
    "my sign-ins": (_my_sign_ins, ("ListMySignIns",)),
    "thefts": (_thefts, ("ListThefts",)),
    "providers": (_providers, ("ListProviders",)),
    "provider": (_provider, ("ReadProvider",)),
    "new provider of SAML": (_new_saml_provider, ("ListMyCells",)),
    "metadata of a provider": (_metadata, ("ReadProvider",)),
    "law": (_law, ("ListLegalBases", "ListMyCells")),
    "host's cell": (_host_cell, ("ReadCell",)),
    "founding": (_founding, ("ListLegalBases", "ReadCell")),
    "rules": (at("/rules", "participant"), ("ListRules", "ReadTable")),
    "one of the rules": (_rules, ("ReadRules", "ReadTable")),
    "register": (_register, ("ListLegalBases", "ListMyCells")),
}
"""Twice in one page are two lists: what is current, and what is over."""


@pytest.fixture(autouse=True)
async def nothing_typed(servers: Servers) -> None:
    """It is the same person in every test; what one kept, another must not find."""
    administrator = await servers.postgres.connect("rondetafel_portal")
    await administrator.execute("TRUNCATE draft")
    await administrator.close()


@pytest.mark.parametrize("page", QUESTIONS)
async def test_a_page_asks_each_service_what_it_shows_and_no_more(
    front: Front, backends: Backends, told: Told, page: str
) -> None:
    scene, questions = QUESTIONS[page]
    address = await scene(front, backends)
    path = {"help": "/help", "privacy": "/help/privacy", "me": "/me"}.get(page, address)
    seen = backends.answers.get("ReadTable")
    if isinstance(seen, pb.Table):
        seen.version = HELD
    first = await front.client.get(path)
    assert first.status_code == 200, first.text[:300]
    backends.calls.clear()
    assert (await front.client.get(path)).status_code == 200
    assert sorted(calls_of(backends)) == sorted(questions)
    assert [call.request.if_version for call in backends.calls if call.method == "ReadTable"] == (
        [HELD] if "ReadTable" in questions else []
    )
    # Nobody keeps a draft: the portal's own store is asked for the sign-in, and for nothing else.
    assert not await told.records("find_drafts")
    assert not await told.records("list_drafts")


async def test_drafts_are_looked_for_once_there_is_one_and_each_look_is_recorded(
    front: Front, backends: Backends, told: Told
) -> None:
    form = await at("/signals/new", "coordinator")(front, backends)
    sent = await filled(front, form, {"observed": "Komt niet meer naar school.", "later": "1"})
    assert not await told.records("find_drafts")
    assert (await front.client.post(form, data=sent)).status_code == 303
    assert "Komt niet meer naar school." in (await front.client.get(form)).text
    assert len(await told.records("find_drafts")) == 1
    become(front, backends, "coordinator")
    mine = table(front.cell, "coordinator").cell
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[mine])
    home = (await front.client.get("/")).text
    assert f'href="{form}?draft=' in home
    assert len(await told.records("list_drafts")) == 1
