"""The list of what goes through, and the ways round it."""

from __future__ import annotations

import pytest

from services.gate.routes import _ROUTES, Kind, Routes, names_a_session

ROUTES = Routes("rondetafel")
OWN = "/realms/rondetafel"


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", f"{OWN}/protocol/openid-connect/auth", Kind.PAGE),
        ("POST", f"{OWN}/login-actions/authenticate", Kind.STEP),
        ("POST", f"{OWN}/protocol/openid-connect/token", Kind.STREAM),
        ("GET", f"{OWN}/broker/stad-gent/endpoint", Kind.PAGE),
        ("POST", f"{OWN}/broker/stad.gent/endpoint", Kind.PAGE),
        ("GET", "/resources/sqodh/login/rondetafel/js/page.js", Kind.STREAM),
    ],
)
def test_what_people_and_clients_need_goes_through(method: str, path: str, kind: Kind) -> None:
    route = ROUTES.find(method, path)
    assert route is not None
    assert route.kind is kind


@pytest.mark.parametrize(
    "path",
    [
        "/", "", "/admin", "/admin/", "/admin/realms/rondetafel/users", "/admin/master/console/", "/metrics", "/health",
        "/realms/master", "/realms/master/protocol/openid-connect/token", "/realms/master/login-actions/authenticate",
        OWN, f"{OWN}/", f"{OWN}/account", f"{OWN}/account/", f"{OWN}/clients-registrations/openid-connect",
        f"{OWN}/login-actions/reset-credentials", f"{OWN}/login-actions/registration",
        f"{OWN}/protocol/openid-connect/registrations", f"{OWN}/protocol/saml", f"{OWN}/broker/x/link",
        f"{OWN}/broker/x/token", f"{OWN}/authz/protection/resource_set",
        # Other spellings of what is allowed or refused.
        f"{OWN}//protocol/openid-connect/token", f"/{OWN}/protocol/openid-connect/token",
        f"{OWN}/protocol/openid-connect/token/", f"{OWN}/protocol/openid-connect/token;x=y",
        f"{OWN};x/protocol/openid-connect/token", f"{OWN}/protocol/openid-connect/../../../master",
        f"{OWN}/broker/../../master/endpoint", f"{OWN}/broker/x/../endpoint", f"{OWN}/broker/%2e%2e/endpoint",
        "/realms/%72ondetafel/protocol/openid-connect/token", f"{OWN}/login-actions%2fauthenticate",
        f"{OWN}/login-actions/authenticate\n", f"{OWN}/login-actions/Authenticate", "/REALMS/rondetafel/account",
        "/resources/../admin", "/resources/x/login/../../../admin/", "/resources/x/admin/y/z.js",
        "/resources/x/account/y/z.js", "/resources/x/login/", "/resources/x/welcome/y.css",
    ],
)  # fmt: skip
def test_everything_else_is_not_there(path: str) -> None:
    assert [ROUTES.find(method, path) for method in ("GET", "POST", "HEAD", "PUT", "OPTIONS")] == [None] * 5


EFFECTS = {
    "/protocol/openid-connect/auth": "begins a sign-in",
    "/login-actions/authenticate": "goes on with it",
    "/login-actions/post-broker-login": "the same",
    "/login-actions/first-broker-login": "the same",
    "/login-actions/required-action": "the same",
    "/login-actions/restart": "begins it anew",
    "/login-actions/action-token": "uses up the link of an e-mail",
    "/protocol/openid-connect/logout": "signs out",
    "/protocol/openid-connect/logout/logout-confirm": "the same",
    "/broker/{name}/login": "begins a sign-in at a partner's provider",
    "/broker/{name}/endpoint": "takes its answer",
    "/broker/{name}/endpoint/logout_response": "signs out",
    "/broker/after-first-broker-login": "goes on with a sign-in",
    "/broker/after-post-broker-login": "the same",
}
"""What asking for a page does, by GET and, at Keycloak, by HEAD as well."""


@pytest.mark.parametrize("path", [path for path, methods, _ in _ROUTES if "GET" in methods])
def test_head_goes_where_get_changes_nothing_and_nowhere_else(path: str) -> None:
    asked = OWN + path.replace("{name}", "stad-gent")
    got = ROUTES.find("GET", asked)
    assert got is not None
    assert ROUTES.find("HEAD", asked) == (None if path in EFFECTS else got)


def test_every_effect_is_of_a_page() -> None:
    assert EFFECTS.keys() < {path for path, methods, _ in _ROUTES if "GET" in methods}
    assert ROUTES.find("HEAD", "/resources/sqodh/login/rondetafel/js/page.js") is not None


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "X"])
def test_only_the_methods_that_are_used(method: str) -> None:
    assert ROUTES.find("POST", f"{OWN}/login-actions/authenticate") is not None
    assert ROUTES.find(method, f"{OWN}/login-actions/authenticate") is None
    assert ROUTES.find("GET", f"{OWN}/protocol/openid-connect/token") is None


@pytest.mark.parametrize(
    "query", ["auth_session_id=x", "a=b&auth_session_id=x", "auth%5fsession_id=x", "a=b;auth_session_id=x", "a=b;c=d"]
)
def test_a_sign_in_is_named_by_its_cookie_alone(query: str) -> None:
    assert not names_a_session("client_id=portal&tab_id=x&session_code=y&client_data=z")
    assert names_a_session(query)
