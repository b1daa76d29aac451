"""The door of one's own sign-ins: what is malformed names its field."""

from __future__ import annotations

from typing import Any

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import Invalid
from tests.doors import NOBODY
from tests.partner_directory.signing_in import PEOPLE
from tests.partner_directory.test_rpc import adapter
from tests.partner_directory.town import Host


@pytest.mark.parametrize(
    ("method", "asked", "field"),
    [
        ("NoteSignIn", pb.NoteSignInRequest(person_id=str(PEOPLE)), "session_id"),
        ("NoteSignIn", pb.NoteSignInRequest(session_id="s", person_id="x"), "person_id"),
        ("NoteSignIn", pb.NoteSignInRequest(session_id="s", person_id=str(PEOPLE), browser="lynx"), "browser"),
        ("NoteSignIn", pb.NoteSignInRequest(session_id="s", person_id=str(PEOPLE), browser="edge"), "until"),
        ("EndMySignIn", pb.EndMySignInRequest(sign_in_id="x"), "sign_in_id"),
        ("ListThefts", pb.ListTheftsRequest(page_size=51), "page_size"),
        ("ListThefts", pb.ListTheftsRequest(cursor="x"), "cursor"),
    ],
)
async def test_a_malformed_request_names_its_field(host: Host, method: str, asked: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await getattr(adapter(host), method)(asked, NOBODY)
    assert (refused.value.field, bool(refused.value.expected)) == (field, True)
