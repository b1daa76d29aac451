"""HEAD: what GET would answer, without the body (RFC 9110, 9.3.2)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Lets the app behind it know HEAD as GET alone, so that both have the same answer by construction.

    Everything is done that GET does, the record of a read too: whoever learns from the headers that something is there
    has read that much of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but HEAD; of its answer the head. What would go on without end ends there."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        told = False

        async def tell_head(message: Message) -> None:
            nonlocal told
            if not told and message["type"] == "http.response.start":
                told = True
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        async def hear() -> Message:
            return {"type": "http.disconnect"} if told else await receive()

        await self._app({**scope, "method": "GET"}, hear, tell_head)
