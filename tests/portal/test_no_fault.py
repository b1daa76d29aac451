"""Whatever is sent, nothing here breaks: no answer is of the 500s, over the API and the forms, signed in or not."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.portal.web.routes import ROUTERS
from tests.portal.backends import Backends
from tests.portal.conftest import Front, csrf_of
from tests.portal.dossier import before_draft
from tests.portal.keycloak import body_of
from tests.portal.operations import COMMANDS, OPERATIONS
from tests.portal.session.test_planning import to_plan
from tests.portal.signal.test_proposals import coordinator, mayor
from tests.portal.sittings import open_item
from tests.portal.tables import ME, sit

SIGNAL = OPERATIONS["enter_signal"]
ODD = ["%00", "x" * 300, "%C3%28", "9" * 5_000, "%ED%A0%80"]
FORMS = sorted(
    {(route.path, "POST") for router in ROUTERS for route in router.routes if "POST" in route.methods}  # type: ignore[attr-defined]
)
READS = sorted({route.path for router in ROUTERS for route in router.routes if "GET" in route.methods})  # type: ignore[attr-defined]
NUMBERS = ["0" * 5_000, "9" * 5_000, "9" * 30, "-1", "+1", "\u00b2", "\u0663", "1e9", "NaN", "0x10", " 1"]
ODD_VALUES = [
    "9" * 5_000, "9" * 30, "-1", "\u00b2", "0:99999999999", "\0", "a\0b", "\x1b[31m", "\U0001f4a9", "x" * 9_000,
    "2026-02-31",
]  # fmt: skip
ODD_TEXT = st.one_of(st.text(max_size=40), st.sampled_from([*NUMBERS, *ODD_VALUES]))


async def signed_in(front: Front, backends: Backends) -> dict[str, str]:
    """What a bent form of ours must hold to come through."""
    await sit(front, backends, "coordinator", "mayor")
    return {"csrf_token": await csrf_of(front)}


def whole(answer: httpx.Response) -> bool:
    """Whether the portal meant to say this."""
    return answer.status_code < 500


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_address_is_no_fault(front: Front, backends: Backends, odd: str) -> None:
    await signed_in(front, backends)
    for path in READS:
        for address in (
            re.sub(r"\{\w+\}", odd, path),
            re.sub(r"\{(?!cell)\w+\}", odd, path.replace("{cell}", str(front.cell))),
        ):
            answer = await front.client.get(address)
            assert whole(answer), address
    for operation in OPERATIONS.values():
        address = operation.address(front.cell).rpartition("/")[0] + f"/{odd}"
        assert whole(await front.client.get(address, headers=front.bearer()))


@pytest.mark.parametrize("odd", ODD)
async def test_a_bent_form_at_an_odd_address_is_no_fault(front: Front, backends: Backends, odd: str) -> None:
    token = await signed_in(front, backends)
    for path, _ in FORMS:
        if path in ("/signout", "/signin"):
            continue
        address = re.sub(r"\{\w+\}", odd, path)
        shown = front.web.proofs.of(UUID(ME), address)
        kept = {"later": "1", "text": "x", "shown": shown, "key": str(uuid4())}
        answer = await front.client.post(address, data=token | kept)
        assert whole(answer), address


@pytest.mark.parametrize("key", ["k" * 101, "k" * 5_000, "\u00e9", "a b", "a\nb", "\0", "\U0001f4a9"])
async def test_a_form_key_that_is_none_of_ours_is_refused(front: Front, backends: Backends, key: str) -> None:
    at = await sit(front, backends, "participant")
    form = {"csrf_token": await csrf_of(front), "observed": "x", "language": "nl"}
    assert (await front.client.post(f"{at}/signals/new", data=form | {"key": "k" * 100})).status_code == 422
    answer = await front.client.post(f"{at}/signals/new", data=form | {"key": key})
    assert answer.status_code == 400


@pytest.mark.parametrize("length", NUMBERS)
async def test_a_length_that_is_no_number_is_refused(front: Front, length: str) -> None:
    """Python refuses to read more than 4,300 digits, and reads digits of any script."""
    headers = {**front.bearer(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    good = {"Content-Length": "2"}
    path = f"/api/v1/cells/{front.cell}/signals"
    assert (await front.client.post(path, content=b"{}", headers=headers | good)).status_code == 400
    bad = [*headers.items(), ("Content-Length", length.encode("latin-1", "replace"))]
    answer = await front.client.post(path, content=b"{}", headers=bad)  # type: ignore[arg-type]
    assert (answer.status_code, body_of(answer)["code"]) == (413, "BodyTooLarge")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ODD_TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@QUICK
@given(verb=st.sampled_from(COMMANDS), name=st.integers(min_value=0, max_value=9), value=JSON)
async def test_a_bent_body_is_no_fault(front: Front, backends: Backends, verb: str, name: int, value: Any) -> None:
    operation = OPERATIONS[verb]
    body = dict(operation.body or {})
    names = sorted(body) or ["x"]
    body[names[name % len(names)]] = value
    headers = {**front.bearer(), "Idempotency-Key": "k", "If-Match": '"3"', "Content-Type": "application/json"}
    sent = json.dumps(body).encode()
    assert whole(await front.client.post(operation.address(front.cell), content=sent, headers=headers))


@QUICK
@given(name=st.sampled_from(["authorization", "cookie", "accept-language", "if-match", "idempotency-key", "traceparent",
                             "content-type", "x-csrf-token", "x-forwarded-for", "last-event-id", "accept"]),
       value=ODD_TEXT)  # fmt: skip
async def test_a_bent_header_is_no_fault(front: Front, backends: Backends, name: str, value: str) -> None:
    raw = value.encode("utf-8", "replace")
    for path in ("/", "/me", "/signin", f"/api/v1/cells/{front.cell}/cases", "/api/v1/me"):
        headers = [(key.encode(), item.encode()) for key, item in front.bearer().items() if key.lower() != name]
        assert whole(await front.client.get(path, headers=[*headers, (name.encode(), raw)]))


async def to_signal(front: Front, backends: Backends) -> str:
    """Before a new signal."""
    return f"{await sit(front, backends, 'participant')}/signals/new"


async def to_preferences(front: Front, backends: Backends) -> str:
    """Language and light."""
    await sit(front, backends, "participant")
    return "/preferences"


async def to_draft(front: Front, backends: Backends) -> str:
    """What was written and not shared."""
    return f"{await before_draft(front, backends)}/text"


SCENES = {
    "a signal": to_signal,
    "a proposal": coordinator,
    "the list": mayor,
    "a session": to_plan,
    "a decision": lambda front, backends: open_item(front, backends, "mayor"),
    "a draft": to_draft,
    "preferences": to_preferences,
}


@pytest.mark.parametrize("scene", SCENES)
async def test_a_bent_field_of_a_form_is_no_fault(front: Front, backends: Backends, scene: str) -> None:
    """Each field the page has, with each odd value; first the form as it is."""
    path = await SCENES[scene](front, backends)
    page = await front.client.get("/me" if path == "/preferences" else path)
    names = sorted(
        set(re.findall(r'name="([a-z_0-9-]+)"', page.text)) - {"viewport", "csrf_token", "robots", "color-scheme"}
    )
    form = {"csrf_token": await csrf_of(front)}
    assert whole(await front.client.post(path, data=form))
    assert names
    for name in names:
        for value in ODD_VALUES:
            answer = await front.client.post(path, data=form | {name: value})
            assert whole(answer), (name, value[:20])
