"""What a verb may be refused for, also by what it calls (find, model, giving), stands in the catalogue of the API."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from functools import cache

import pytest

from tests.rules.calls import Graph, graph_of
from tests.rules.sources import DOMAIN, ROOT, handler_files

NEVER: Mapping[str, Mapping[str, str]] = {
    "confirm_proposal": {
        "ClearanceNotAsked": "asked when it was proposed, and role and day stay",
        "LegalBasisUnknown": "asked when it was proposed, and none is taken away",
        "MandateReversed": "asked when it was proposed, and the days stay",
        "MandateTooLong": "asked when it was proposed, and the days stay",
        "MemberForHost": "asked on the platform alone, and this is an act in a cell",
        "OrganisationUnknown": "asked when it was proposed, and none is taken away",
    },
    "confirm_recovery": {
        "ClearanceMissing": "of an information officer alone, and no recovery gives one",
        "ClearanceNotAsked": "a recovery names no clearance",
        "LegalBasisUnknown": "asked when it was proposed, and none is taken away",
        "MandateReversed": "asked when it was proposed, and the days stay",
        "MandateTooLong": "asked when it was proposed, and the days stay",
        "MemberForHost": "asked on the platform alone, and this is an act in a cell",
        "OrganisationUnknown": "asked when it was proposed, and none is taken away",
    },
    "propose_recovery": {
        "ClearanceMissing": "of an information officer alone, and no recovery gives one",
        "ClearanceNotAsked": "a recovery names no clearance",
    },
    "invite_person": {"MemberForHost": "asked on the platform alone, and this is an act in a cell"},
}
"""What the sources seem to allow and cannot happen, with the reason."""


@cache
def catalogue() -> Mapping[str, frozenset[str]]:
    """Verb to the codes that the API says it may answer: all that this rule asks of the catalogue."""
    document = json.loads((ROOT / "docs" / "api" / "openapi.json").read_text())
    shared = document["components"].get("responses", {})
    codes: dict[str, frozenset[str]] = {}
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for status, response in operation["responses"].items():
            told = shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
            examples = told["content"]["application/problem+json"]["examples"] if status >= "400" else {}
            codes[operation["operationId"]] = codes.get(operation["operationId"], frozenset()) | set(examples)
    return codes


def refusals(graph: Graph, module: str, verb: str) -> dict[str, str]:
    """What the verb may be refused for, in its handler or its RPC, and on which way; what its fields allow aside."""
    rpc = "".join(word.capitalize() for word in verb.split("_"))
    found = graph.errors_from((module, verb), *graph.methods.get(rpc, ()))
    return {
        code: " > ".join(name for _, name in way) for code, way in found.items() if way[-1][0] != "services.kit.fields"
    }


VERBS = {verb: (service, module) for service in DOMAIN for verb, module in handler_files(service).items()}


@pytest.mark.parametrize("verb", sorted(VERBS.keys() & catalogue()))
def test_what_a_verb_may_be_refused_for_is_in_the_catalogue(verb: str) -> None:
    service, module = VERBS[verb]
    found = refusals(graph_of(service), module, verb)
    missing = found.keys() - catalogue()[verb] - NEVER.get(verb, {}).keys()
    assert {code: found[code] for code in missing} == {}, "code and the way to it"


def test_the_exceptions_are_those_that_are_needed() -> None:
    for verb, reasons in NEVER.items():
        service, module = VERBS[verb]
        assert reasons.keys() <= refusals(graph_of(service), module, verb).keys(), verb
        assert not reasons.keys() & catalogue()[verb], verb


SAMPLES = {
    "services.x.commands.close": """
from services.x.find import find_case
from services.x.model import Code
async def close(work, command):
    case = await find_case(work)
    case.expect(1)
    Code(2)
    work.refuse()
""",
    "services.x.find": """
from services.kit.errors import RoleMissing as Missing, Conflict, Unavailable, NotHere
async def find_case(work: Unavailable):
    try:
        raise Missing
    except Conflict:
        raise NotHere
""",
    "services.x.model": "from services.x.model.case import Code",
    "services.x.model.case": """
from services.kit.errors import Conflict, Late, Wrong
class Case:
    def expect(self, version): self._expect()
    def _expect(self): raise Late
class Other:
    def expect(self, version): raise Conflict
class Code:
    def __post_init__(self): raise Wrong
class Work:
    def refuse(self): raise Conflict
""",
    "services.kit.errors": """
class RondetafelError: ...
class NotFound(RondetafelError): ...
class NotHere(NotFound): ...
class Conflict(RondetafelError): ...
class Unavailable(RondetafelError): ...
class RoleMissing(RondetafelError): ...
class Late(Conflict): ...
class Wrong(Conflict): ...
""",
}


def test_the_search_reports() -> None:
    """Through find, an import of an import, a method of a class named alike, and what a class is made with."""
    graph = Graph()
    for module, source in SAMPLES.items():
        graph.add(module, ast.parse(source), own="kit" not in module)
    assert refusals(graph, "services.x.commands.close", "close") == {
        "RoleMissing": "close > find_case > RoleMissing",
        "Late": "close > Case.expect > Case._expect > Late",
        "Wrong": "close > Code > Code.__post_init__ > Wrong",
    }
