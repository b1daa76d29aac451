"""What acts set to fall due is run by the service's clock and by nobody else (decision 60)."""

from __future__ import annotations

import ast

import pytest

from services.kit.policy import DatabaseRole
from tests.rules.sources import ROOT, SERVICES, module_of, python_files


def kinds_set(source: str) -> set[str]:
    """The kinds of terms an act sets or cancels: `work.at(moment, "mandate", mandate_id)`. Else `?`."""
    return {
        str(call.args[1].value) if isinstance(call.args[1], ast.Constant) else "?"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "at"
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "work"
    }  # fmt: skip


def with_terms() -> list[str]:
    """The services that have any."""
    return [service for service in SERVICES if (ROOT / "services" / service / "terms.py").exists()]


@pytest.mark.parametrize("service", SERVICES)
def test_every_kind_that_is_set_leads_somewhere(service: str) -> None:
    files = [path for path in python_files("services") if path.relative_to(ROOT).parts[1] == service]
    found = set().union(*(kinds_set(path.read_text()) for path in files))
    assert found == (set(module_of(service, "terms").TERMS) if service in with_terms() else set())


@pytest.mark.parametrize("service", with_terms())
def test_what_falls_due_is_run_by_the_clock_alone_and_recorded(service: str) -> None:
    policy = module_of(service, "policy").POLICY
    for on_term in module_of(service, "terms").TERMS.values():
        rule = policy[on_term.handler]
        assert rule.systems == {f"{service}.clock"}, on_term.handler.__name__
        assert not any((rule.roles, rule.host, rule.signed_in)), on_term.handler.__name__
        assert rule.recorded, on_term.handler.__name__
    assert "run_terms(" in (ROOT / "services" / service / "__main__.py").read_text()


@pytest.mark.parametrize("service", SERVICES)
def test_the_clock_s_role_is_for_looking_alone(service: str) -> None:
    policy = module_of(service, "policy").POLICY
    looking = {handler.__name__ for handler, rule in policy.items() if rule.database_role is DatabaseRole.CLOCK}
    assert looking == ({"find_due", "postpone_term", "tidy_kept", "tidy_terms"} if service in with_terms() else set())


def test_the_search_reports() -> None:
    source = 'def f(work):\n    work.at(None, "a", id)\n    work.at(now, KIND, id)\n    clock.at(now, "b", id)\n'
    assert kinds_set(source) == {"a", "?"}
