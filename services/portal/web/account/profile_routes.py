"""What somebody tells the own tables, to be reached. Only the person: there is no such form for anybody else."""

from __future__ import annotations

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.kit.telephone import dialled
from services.portal.commands.set_preference import SetPreference, set_preference
from services.portal.model import LANGUAGES
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import LANGUAGE_COOKIE, Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form

router = APIRouter(include_in_schema=False)


async def read_profile(viewer: Viewer) -> pb.Profile:
    """What the viewer tells now."""
    return await viewer.ask(viewer.services.profile.ReadMyProfile, pb.ReadMyProfileRequest(), PLATFORM)


@router.get("/me/profile")
async def my_profile(viewer: SignedIn) -> Response:
    """The form, as the viewer left it."""
    return await _asked(viewer, await viewer.form_with_draft())


@router.post("/me/profile")
async def change_my_profile(sender: Posted) -> Response:
    """Tell it to all the own tables; the pages go on in the language that was chosen, here and at the next sign-in."""
    form, asked = sender.sent, pb.ChangeMyProfileRequest
    profile = asked(
        expected_version=form.version,
        language=form.choice("language", LANGUAGES),
        telephone=form.text("telephone", asked),
        reachable=form.text("reachable", asked),
    )
    done = await submit(sender, sender.services.profile.ChangeMyProfile, profile, PLATFORM, lambda _: "/me?told=1")
    if done is None:
        return await _asked(sender, form, 422)
    if profile.language:
        await sender.own(set_preference, SetPreference(profile.language, sender.visit.sign_in.scheme))
        done.set_cookie(LANGUAGE_COOKIE, profile.language, secure=True, httponly=True, samesite="lax", path="/")
    return done


async def _asked(viewer: Viewer, form: Form, status: int = 200) -> Response:
    told = await read_profile(viewer)
    present = {
        "language": [told.language or viewer.language.code], "telephone": [dialled(told.telephone)],
        "reachable": [told.reachable],
    }  # fmt: skip
    form.faces(told.version, present)
    for name, values in present.items():
        form.fields.setdefault(name, values)
    return viewer.page("account/profile.html", status, form=form, draft_form="form")
