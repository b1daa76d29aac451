"""What a verb may be refused for, also by what it calls (find, model, giving), stands in the catalogue of the API."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.rules.calls import Graph, Place, graph_of
from tests.rules.sources import DOMAIN, ROOT, handler_files

OF_A_ROW = dict.fromkeys(
    (
        "CellFounded", "ClearanceMissing", "ClearanceNotAsked", "InvitationExists", "LegalBasisNotForKind",
        "LegalBasisNotForRegion", "LegalBasisNotInForce", "LegalBasisUnknown", "MandateExists", "MandateOver",
        "MandateReversed", "MandateTooLong", "MunicipalityNotInCell", "OrganisationUnknown", "SeatTwice",
    ),
    "a fault of a row: told in the answer of the look, and in what is right when the list is refused",
) | {"MandateEnded": "kit/texts.py asks where a match ends, and no mandate"}  # fmt: skip

OF_A_CURRENT_ONE = {"InvitationEnded": "only those are ended that have not"}
NEVER: Mapping[str, Mapping[str, str]] = {
    "check_seats": OF_A_ROW,
    "import_seats": OF_A_ROW,
    "declare_conflict": OF_A_CURRENT_ONE,
    "keep_out": OF_A_CURRENT_ONE,
    "confirm_proposal": {
        "ClearanceNotAsked": "asked when it was proposed, and role and day stay",
        "LegalBasisUnknown": "asked when it was proposed, and none is taken away",
        "MandateReversed": "asked when it was proposed, and the days stay",
        "MandateTooLong": "asked when it was proposed, and the days stay",
        "OrganisationUnknown": "asked when it was proposed, and none is taken away",
    },
    "accept_invitation": {
        "ClearanceNotAsked": "asked when they were invited, and role and day stay",
        "LegalBasisUnknown": "asked when they were invited, and none is taken away",
        "MandateReversed": "asked when they were invited, and the days stay",
        "MandateTooLong": "asked when they were invited, and the days stay",
        "MemberForHost": "asked on the platform alone, and this is an act in a cell",
        "OrganisationUnknown": "asked when they were invited, and none is taken away",
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


def door_of(graph: Graph, verb: str) -> Iterator[Place]:
    """What a table of RPCs names beside the handler: how its message is read and its answer written."""
    for (module, _), node in graph.nodes.items():
        if ".rpc" in module and not isinstance(node, ast.ClassDef):
            set_here = [part for part in ast.walk(node) if isinstance(part, ast.Assign)]
            local = {name: part.value for part in set_here for target in part.targets for name in _names(target)}
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and call.args and ast.unparse(call.args[0]) == verb:
                    for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                        words = _names(value) | {
                            word for name in _names(value) & local.keys() for word in _names(local[name])
                        }
                        yield from filter(None, (graph.bound(module, word) for word in words))


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def refusals(graph: Graph, module: str, verb: str) -> dict[str, str]:
    """What the verb may be refused for by its handler or at its door, and on which way; what its fields allow aside."""
    found = graph.errors_from((module, verb), *door_of(graph, verb))
    return {code: " > ".join(name for _, name in way) for code, way in found.items() if way[-1][0].endswith(".errors")}


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
    "services.x.rpc.case": """
from services.kit.errors import TooMany, Unavailable
from services.kit.methods import command
from services.x.commands.close import close
def read(request):
    raise TooMany
def served(find):
    reading = Differences(by_hand={"towns": read})
    return Served(command(close, Close, reading), command(other, Other, refuse))
def refuse(request):
    raise Unavailable
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
class TooMany(Conflict): ...
class Wrong(Conflict): ...
""",
}


def test_the_search_reports() -> None:
    """Through find, an import of an import, a method of a class named alike, what a class is made with, the door."""
    graph = Graph()
    for module, source in SAMPLES.items():
        graph.add(module, ast.parse(source), own="kit" not in module)
    assert refusals(graph, "services.x.commands.close", "close") == {
        "RoleMissing": "close > find_case > RoleMissing",
        "Late": "close > Case.expect > Case._expect > Late",
        "TooMany": "read > TooMany",
        "Wrong": "close > Code > Code.__post_init__ > Wrong",
    }
