"""The API as an application: routes, refusals, document. Pages and guards are put around it by web/app.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from services.kit.problems import Problem
from services.portal.api import by_hand
from services.portal.api.answers import ROOT
from services.portal.api.document import document_of
from services.portal.api.generated.routes import ROUTERS
from services.portal.api.refusals import Render, answer_refusals

DOCUMENT = f"{ROOT}/openapi.json"


async def as_document(request: Request, problem: Problem) -> Response:
    """Refuse with a problem document."""
    return problem.response()


def take_routes(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """All routes of these, as they are: they have no other prefixes and dependencies here.

    What is included is asked twice for each request, in copies of its routes behind locks.
    """
    for router in routers:
        app.router.routes.extend(router.routes)


def api_app(render: Render = as_document) -> FastAPI:
    """All operations, without guards. FastAPI's own telemetry stays off: kit decides what leaves."""
    app = FastAPI(
        openapi_url=DOCUMENT,
        redirect_slashes=False, docs_url=None, redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )  # fmt: skip
    take_routes(app, (*ROUTERS, by_hand.router))
    answer_refusals(app, render)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document_of(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app
