"""What one service says of another's rules is what that one's rules say; and each verb that is told is a handler."""

from __future__ import annotations

from services.case.model import PLANNABLE
from services.case.policy import POLICY as CASE
from services.kit.policy import Role, Rule
from services.meeting import model as meeting
from services.meeting.policy import POLICY as MEETING
from services.partner_directory.allowed import ELSEWHERE, HOST_VERBS, OWN_VERBS
from services.partner_directory.policy import POLICY as DIRECTORY
from services.portal.web.ui.labels import LISTS
from tests.rules.sources import SERVICES, module_of


def rules_of(*services: str) -> dict[str, Rule]:
    """The policies of these services by verb."""
    policies = [module_of(service, "policy").POLICY for service in services]
    return {handler.__name__: rule for policy in policies for handler, rule in policy.items()}


def test_the_directory_tells_the_policies_of_the_others() -> None:
    rules = rules_of(*(service for service in SERVICES if service != "partner_directory"))
    assert {verb: rules[verb].roles for verb in ELSEWHERE} == ELSEWHERE
    for verb in ELSEWHERE:
        assert (rules[verb].undertaking, rules[verb].second_factor, rules[verb].signed_in) == (True, True, False), verb


def test_the_verbs_it_tells_are_its_own() -> None:
    own = {handler.__name__: rule for handler, rule in DIRECTORY.items()}
    assert set(OWN_VERBS) <= set(own)
    assert all(Role.HOST in own[verb].roles for verb in HOST_VERBS)


def test_a_case_that_may_be_planned_is_what_the_meeting_service_plans() -> None:
    planning = {handler.__name__: rule for handler, rule in MEETING.items()}["plan_session"]
    inviting = {handler.__name__: rule for handler, rule in CASE.items()}["invite_to_circle"]
    assert set(PLANNABLE) == meeting.PLANNABLE
    assert planning.roles == inviting.roles == {Role.COORDINATOR}


def test_pages_have_a_word_for_each_stage_of_a_session() -> None:
    assert set(LISTS["session_stage"]) == set(meeting.Stage)
