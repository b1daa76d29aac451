"""An application whose routes were worked out before answers as the first one does, from its own state."""

from __future__ import annotations

import httpx
from fastapi import APIRouter, FastAPI, Request

from tests.portal.routes_once import routes_worked_out_once

router = APIRouter()


@router.get("/{number}")
async def told(number: int, request: Request) -> dict[str, object]:
    return {"number": number, "of": request.app.state.name}


def application(name: str, prefix: str) -> httpx.AsyncClient:
    """A client before an application of its own."""
    app = FastAPI()
    app.state.name = name
    app.include_router(router, prefix=prefix)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://sample.test")


async def test_each_application_keeps_its_own_state_and_prefix() -> None:
    with routes_worked_out_once() as worked_out:
        for name in ("first", "second"):
            async with application(name, "/here") as client:
                assert (await client.get("/here/1")).json() == {"number": 1, "of": name}
                assert (await client.get("/here/x")).status_code == 422
        assert worked_out() == 1
        async with application("third", "/there") as client:
            assert (await client.get("/there/1")).json() == {"number": 1, "of": "third"}
        assert worked_out() == 2
