"""How we ask over HTTP: Keycloak, and the health of our own parts."""

from __future__ import annotations

import httpx

from services.kit.patience import Lines, Requests


def http_client(patience: Requests | None = None, *, connections: int = 100) -> httpx.AsyncClient:
    """A client for any number of tasks; whoever made it closes it. No proxy of the environment stands between.

    Nothing is tried twice: what a connection lost may have been done. That connection is closed, the next question
    goes over another.
    """
    patience = patience or Requests()
    return httpx.AsyncClient(
        transport=transport(patience, connections), timeout=timeout(patience), trust_env=False, follow_redirects=False
    )


def transport(patience: Requests, connections: int) -> httpx.AsyncHTTPTransport:
    """The connections alone, which keep no cookies."""
    limits = httpx.Limits(
        max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=patience.idle_seconds
    )
    return httpx.AsyncHTTPTransport(limits=limits, trust_env=False, socket_options=Lines().options)


def timeout(patience: Requests) -> httpx.Timeout:
    """Of one question."""
    return httpx.Timeout(
        patience.answer_seconds, connect=patience.connect_seconds, pool=patience.free_seconds
    )  # fmt: skip


def within(seconds: float) -> httpx.Timeout:
    """For a question that has less time than others."""
    return timeout(Requests(answer_seconds=seconds))
