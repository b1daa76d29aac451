"""Questions and rules, privacy, accessibility: the same for everybody, signed in or not."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.portal.web.help.examples import examples
from services.portal.web.request.viewer import Anyone

router = APIRouter(include_in_schema=False)


@router.get("/help")
async def questions(visitor: Anyone) -> Response:
    """What people ask, in plain words; and how to read the pictures, with an invented case."""
    return visitor.page("help/questions.html", tab="help", shown=examples(visitor.language))


@router.get("/help/privacy")
async def privacy(visitor: Anyone) -> Response:
    """What is kept of you, why, and how long."""
    return visitor.page("help/privacy.html", tab="help")


@router.get("/help/accessibility")
async def accessibility(visitor: Anyone) -> Response:
    """What these pages keep to, and whom to tell when something stands in your way."""
    return visitor.page("help/accessibility.html", tab="help")
