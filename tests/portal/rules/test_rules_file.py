"""A PDF of rules, handed in by a form with a file and saved under a name of ours."""

from __future__ import annotations

import base64

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.partner_directory.errors import FileNotPdf, PdfActive, PdfEncrypted
from services.portal.web.rules.file_routes import MOST_BYTES, PART_BYTES
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.rules_of_cell import RULES, before, text, version
from tests.portal.tables import become, calls_of, filled, sit

FILE = b"%PDF-1.7 \r\n--x\r\n" + bytes(range(256)) * 4096


async def at_the_form(front: Front, backends: Backends) -> str:
    """Where the coordinator hands one in."""
    at = await sit(front, backends, "coordinator")
    backends.answers["ListRules"] = pb.ListRulesResponse(rules=[version()])
    return f"{at}/rules/upload/internal_rules"


async def test_it_is_handed_in_in_parts_after_the_newest(front: Front, backends: Backends) -> None:
    form = await at_the_form(front, backends)
    page = await front.client.get(form)
    assert 'enctype="multipart/form-data"' in page.text
    fields = await filled(front, form, {"follows": RULES})
    done = await front.client.post(form, data=fields, files={"piece": ("Jan Claes.pdf", FILE, "application/pdf")})
    assert (done.status_code, done.headers["location"].partition("?")[2]) == (303, "done=1")
    calls = [call for call in backends.calls if call.method == "UploadRules"]
    assert [call.request.part for call in calls] == ["1/3", "2/3", "3/3"]
    assert b"".join(base64.b64decode(call.request.piece) for call in calls) == FILE
    assert {call.request.follows for call in calls} == {RULES}
    assert len({call.request.upload_id for call in calls}) == 1
    assert len({call.metadata["idempotency-key"] for call in calls}) == 3
    assert not any("Claes" in str(call.request) for call in calls)


async def test_the_same_sending_twice_is_one_upload(front: Front, backends: Backends) -> None:
    form = await at_the_form(front, backends)
    fields = await filled(front, form, {"follows": RULES})
    for _ in range(2):
        await front.client.post(form, data=fields, files={"piece": ("a.pdf", FILE[:100], "application/pdf")})
    calls = [call for call in backends.calls if call.method == "UploadRules"]
    assert len({(call.request.upload_id, call.metadata["idempotency-key"]) for call in calls}) == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotPdf, "Dit is geen PDF die geopend kan worden."),
        (PdfEncrypted, "Deze PDF is beveiligd met een wachtwoord."),
        (PdfActive, "In deze PDF zitten scripts, acties of andere bestanden."),
    ],
)
async def test_what_is_refused_is_said_at_the_field_and_the_next_file_is_another_upload(
    front: Front, backends: Backends, error: type[FileNotPdf], said: str
) -> None:
    form = await at_the_form(front, backends)
    backends.answers["UploadRules"] = error(field="piece", expected="a PDF")
    fields = await filled(front, form)
    refused = await front.client.post(form, data=fields, files={"piece": ("a.pdf", FILE[:9], "application/pdf")})
    assert refused.status_code == 422
    assert said in words(refused.text)
    assert 'href="#piece"' in refused.text
    assert fields["key"] not in refused.text


async def test_no_file_and_too_large_a_file_are_said_at_the_field(front: Front, backends: Backends) -> None:
    form = await at_the_form(front, backends)
    none = await front.client.post(form, data=await filled(front, form), files={"piece": ("", b"", "x/y")})
    assert "Kies een PDF." in words(none.text)
    large = {"piece": ("a.pdf", bytes(MOST_BYTES + 1), "application/pdf")}
    refused = await front.client.post(form, data=await filled(front, form), files=large)
    assert refused.status_code == 422
    assert "Dit bestand is te groot. Kies er een van hoogstens 10 MB." in words(refused.text)
    assert "UploadRules" not in calls_of(backends)
    most = {"piece": ("a.pdf", bytes(MOST_BYTES), "application/pdf")}
    assert (await front.client.post(form, data=await filled(front, form), files=most)).status_code == 303
    assert calls_of(backends).count("UploadRules") == MOST_BYTES // PART_BYTES


async def test_far_too_much_is_not_read_and_nowhere_else_is_more_than_a_mebibyte(
    front: Front, backends: Backends
) -> None:
    form = await at_the_form(front, backends)
    much = {"piece": ("a.pdf", bytes(16 * 1024 * 1024), "application/pdf")}
    assert (await front.client.post(form, data=await filled(front, form), files=much)).status_code == 413
    other = form.replace("upload", "new")
    less = {"piece": ("a.pdf", bytes(2 * 1024 * 1024), "application/pdf")}
    assert (await front.client.post(other, data=await filled(front, other), files=less)).status_code == 413
    assert not {"UploadRules", "DraftRules"} & set(calls_of(backends))


async def test_without_the_token_of_our_form_nothing_is_done(front: Front, backends: Backends) -> None:
    form = await at_the_form(front, backends)
    fields = await filled(front, form)
    chosen = {"piece": ("a.pdf", FILE[:100], "application/pdf")}
    del fields["csrf_token"]
    refused = await front.client.post(form, data=fields, files=chosen)
    assert refused.status_code in (400, 403, 422)
    assert "UploadRules" not in calls_of(backends)


@pytest.mark.parametrize(
    "body", [b"--", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"]
)
async def test_a_bent_body_is_no_fault(front: Front, backends: Backends, body: bytes) -> None:
    form = await at_the_form(front, backends)
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert 400 <= (await front.client.post(form, content=body, headers=headers)).status_code < 500


async def test_it_is_saved_whole_under_a_name_of_ours(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "participant", text(version(format="pdf", file_size=len(FILE)), text_nl=""))
    page = await front.client.get(address)
    assert f'href="{address}/file"' in page.text
    content = base64.b64encode(FILE).decode()
    backends.answers["ReadRulesFile"] = pb.RulesFile(content=content, parts=1, size=len(FILE))
    saved = await front.client.get(f"{address}/file")
    assert (saved.content, saved.headers["content-type"]) == (FILE, "application/pdf")
    assert saved.headers["content-disposition"] == 'attachment; filename="internal-rules-2026-03-02.pdf"'
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in saved.headers["cache-control"]


async def test_who_may_not_finds_no_form(front: Front, backends: Backends) -> None:
    form = await at_the_form(front, backends)
    assert (await front.client.get(form)).status_code == 200
    assert (await front.client.get(form.replace("internal_rules", "undertaking"))).status_code == 404
    become(front, backends, "participant")
    assert (await front.client.get(form)).status_code == 404
