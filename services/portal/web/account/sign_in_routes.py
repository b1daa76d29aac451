"""Where the reader is signed in: to end one, all others, or, when somebody else was it, everything."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api.guards import COOKIE
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.browsers import name_of
from services.portal.web.ui.forms import Form, uuid_or_none
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp

router = APIRouter(include_in_schema=False)

MINE = "/me/sign-ins"
NOT_ME = f"{MINE}/not-me"


@router.get(MINE)
async def my_sign_ins(viewer: SignedIn) -> Response:
    """Each, which of them this is, and a button to end each of the others."""
    return await _shown(viewer, viewer.form())


@router.post(MINE)
async def end_sign_ins(sender: Posted) -> Response:
    """End one, or all others. One that is over meanwhile is not there any more, and that is all."""
    form, stub = sender.sent, sender.services.identity
    one, method, asked = uuid_or_none(form.value("sign_in")), stub.EndMySignIn, pb.EndMySignInRequest()
    told = f"{MINE}?ended=1"
    if form.value("others"):
        ended = pb.EndMyOtherSignInsRequest()
        done = await submit(sender, stub.EndMyOtherSignIns, ended, PLATFORM, lambda _: told, drafted=False)
    elif one is None:
        return sender.go(MINE)
    else:
        asked.sign_in_id = str(one)
        done = await submit(sender, method, asked, PLATFORM, lambda _: told, drafted=False)
    return done or await _shown(sender, form, 422)


@router.get(NOT_ME)
async def not_me(viewer: SignedIn) -> Response:
    """What happens then, before it does."""
    return viewer.page("account/not_me.html", form=viewer.form())


@router.post(NOT_ME)
async def report_theft(sender: Posted) -> Response:
    """Everything ends, here at once and everywhere within a second."""
    form, method = sender.sent, sender.services.identity.ReportTheft
    done = await submit(sender, method, pb.ReportTheftRequest(), PLATFORM, lambda _: "/?out=stolen", drafted=False)
    if done is None:
        return sender.page("account/not_me.html", 422, form=form)
    await sender.web.sign_ins.end(None, sender.person_id)
    done.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    return done


async def _shown(viewer: Viewer, form: Form, status: int = 200) -> Response:
    found = await viewer.ask(viewer.services.identity.ListMySignIns, pb.ListMySignInsRequest(), PLATFORM)
    mine = [_line(viewer, sign_in) for sign_in in found.sign_ins]
    return viewer.page(
        "account/sign_ins.html", status, form=form, mine=sorted(mine, key=lambda line: not line["asking"]),
        ended=viewer.request.query_params.get("ended") == "1", others=any(not line["asking"] for line in mine),
    )  # fmt: skip


def _line(viewer: Viewer, sign_in: pb.MySignIn) -> dict[str, Any]:
    say, language = viewer.language.text, viewer.language
    by = say(_("by %(organisation)s"), organisation=sign_in.provider_name)
    facts = [
        (say(_("Since")), language.moment(from_timestamp(sign_in.started_at), today=viewer.today)),
        (say(_("Last used")), language.moment(from_timestamp(sign_in.used_at), today=viewer.today)),
        (say(_("How")), by if sign_in.provider_name else say(_("with a password and a second step, here"))),
    ]
    name = name_of(language, sign_in.browser)
    return {"id": sign_in.sign_in_id, "asking": sign_in.asking, "name": name, "facts": facts}
