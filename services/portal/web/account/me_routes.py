"""The page of the person who looks: what is known of me, how I am reached, where I sit."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.portal.web.account.profile_routes import read_profile
from services.portal.web.request.viewer import SignedIn

router = APIRouter(include_in_schema=False)


@router.get("/me")
async def my_page(viewer: SignedIn) -> Response:
    """What is known of me here, how I am reached and sign in, language and light."""
    profile = await read_profile(viewer)
    return viewer.page("account/me.html", profile=profile, told="told" in viewer.request.query_params)
