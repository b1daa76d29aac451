"""PDFs of tests: of pages alone, and with what none may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from random import Random
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def pdf(change: Callable[[pikepdf.Pdf], object] = lambda _: None, **saving: Any) -> bytes:
    """One empty page, changed so."""
    made = pikepdf.new()
    made.add_blank_page()
    change(made)
    out = BytesIO()
    made.save(out, **saving)
    return out.getvalue()


def padded(size: int) -> bytes:
    """A good one of at least so many bytes, which cannot be packed."""
    noise = Random(7).randbytes(size)
    return pdf(lambda file: file.Root.__setitem__("/Note", file.make_stream(noise)))


def _at_root(name: str, value: object) -> Callable[[pikepdf.Pdf], object]:
    return lambda file: file.Root.__setitem__(name, value)


def _annotation(**entries: object) -> Callable[[pikepdf.Pdf], object]:
    made = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)  # type: ignore[arg-type]
    return lambda file: file.pages[0].obj.__setitem__("/Annots", Array([file.make_indirect(made)]))


def _attached(file: pikepdf.Pdf) -> None:
    file.attachments["list.txt"] = b"names"


ACTIVE: Mapping[str, bytes] = {
    "script at opening": pdf(_at_root("/OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))),
    "script by name": pdf(_at_root("/Names", Dictionary(JavaScript=Dictionary(Names=Array([]))))),
    "action of the document": pdf(_at_root("/AA", Dictionary(WC=Dictionary(S=Name.Named, N=Name.Print)))),
    "program started by a link": pdf(
        _annotation(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe")))
    ),
    "form that is sent": pdf(_annotation(Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("x")))),
    "another document": pdf(_annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("x.pdf")))),
    "attached file": pdf(_attached),
    "attached to a page": pdf(_annotation(Subtype=Name.FileAttachment)),
    "film": pdf(_annotation(Subtype=Name.Screen)),
}  # fmt: skip
"""Each holds one thing that none may hold."""
LINK = pdf(_annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://town.example/"))))
ENCRYPTED = pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
OWNED = pdf(encryption=pikepdf.Encryption(owner="a", user=""))
"""Opened by anybody, and yet encrypted."""
NO_PDF: Mapping[str, bytes] = {
    "text": b"Wij helpen mensen tijdig.",
    "web page": b"<html><script>alert(1)</script>",
    "web page that says it is one": b"%PDF-1.7\n<html><script>alert(1)</script>",
    "program": b"MZ" + bytes(200),
    "web page before it": b"<html>" + pdf(),
    "half": pdf()[:200],
    "name alone": b"%PDF-1.7",
}
