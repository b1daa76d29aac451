"""Whether a file is a PDF of pages and nothing else, by its own bytes; opened by pikepdf (qpdf), never run or drawn."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from typing import Any

import pikepdf

MOST_OBJECTS = 200_000
"""More than any text has; a file of more is not looked through."""
_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent", "/Collection"})
_ACTIONS = frozenset(
    {
        "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
        "/RichMediaExecute",
    }
)  # fmt: skip
"""What does something or leads into other files (ISO 32000-2, 12.6.4). Links to pages of the web (`/URI`) may stand."""
_KINDS = frozenset(
    {"/EmbeddedFile", "/Filespec", "/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
)


class Flaw(StrEnum):
    """What is wrong with it."""

    NOT_PDF = "not_pdf"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"


def flaw_in(file: bytes) -> Flaw | None:
    """The first flaw, None for pages alone. Takes up to a second of the processor: to be run in a thread."""
    if not file.startswith(b"%PDF-"):
        return Flaw.NOT_PDF
    try:
        with pikepdf.open(BytesIO(file), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                return Flaw.ENCRYPTED
            if not len(pdf.pages) or len(pdf.objects) > MOST_OBJECTS:
                return Flaw.NOT_PDF
            return Flaw.ACTIVE if any(_does(part) for part in _parts(pdf)) else None
    except pikepdf.PasswordError:
        return Flaw.ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return Flaw.NOT_PDF


def _parts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary: each object, and what stands in it directly. What it refers to is an object of its own."""
    waiting: list[Any] = [*pdf.objects, pdf.trailer]
    for count, part in enumerate(waiting):
        if count > MOST_OBJECTS:
            raise ValueError("too many parts")
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            waiting.extend(value for _, value in part.items() if _inside(value))
        elif isinstance(part, pikepdf.Array):
            waiting.extend(value for value in part if _inside(value))


def _inside(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _does(part: Any) -> bool:
    named = {str(part.get(key, "")) for key in ("/Type", "/Subtype")}
    return bool(set(part.keys()) & _KEYS or str(part.get("/S", "")) in _ACTIONS or named & _KINDS)
