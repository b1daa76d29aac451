"""Cases, from proposal to end."""

from rondetafel.case.v1 import case_pb2 as pb
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.place_on_list import PlaceOnList, place_on_list
from services.case.commands.propose_case import ProposeCase, propose_case
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import RefuseCase, refuse_case
from services.case.criterion import Criterion
from services.case.errors import TooManyCriteria
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.list_waiting import ListWaiting, list_waiting
from services.case.queries.read_case import ReadCase, read_case
from services.case.rpc.circle import CIRCLE_ENTRY
from services.case.rpc.contribution import CONTRIBUTION
from services.kit.field_rules import rule_of
from services.kit.fields import FieldMissing
from services.kit.methods import Served, command, query
from services.kit.reading import each, reader
from services.kit.shapes import Differences

CRITERION = reader(Criterion, pb.Criterion)
MOST_CRITERIA = rule_of(pb.ProposeCaseRequest, "criteria").most


def criteria_of(request: pb.ProposeCaseRequest) -> tuple[Criterion, ...]:
    """At least one criterion, each complete (invariant 2)."""
    if not request.criteria:
        raise FieldMissing(field="criteria", expected="at least one criterion")
    if len(request.criteria) > MOST_CRITERIA:
        raise TooManyCriteria(field="criteria", expected=f"at most {MOST_CRITERIA}")
    return each(CRITERION, request.criteria, "criteria")


SERVED = Served(
    pb.DESCRIPTOR.services_by_name["CaseService"],
    command(
        propose_case, ProposeCase, Differences(by_hand={"criteria": criteria_of}, absent={"phenomenon": "unclear"})
    ),
    command(place_on_list, PlaceOnList),
    command(refuse_case, RefuseCase),
    command(reconsider_case, ReconsiderCase),
    command(note_information, NoteInformation),
    query(read_case, ReadCase, pb.Case, Differences(nested=(CIRCLE_ENTRY, CONTRIBUTION))),
    query(list_cases, ListCases, pb.ListCasesResponse),
    query(list_waiting, ListWaiting, pb.ListWaitingResponse),
)
