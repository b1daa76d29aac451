"""A form that carries a file, as browsers send it (RFC 7578).

Its body is bounded before it is read (decision 29), and is looked through once for its boundary: no parser of a
framework, whose cost nobody here knows.
"""

from __future__ import annotations

import re

from services.portal.errors import FormMalformed

MOST_PARTS = 50
"""Fields and files of one form; forms of ours have ten."""
_BOUNDARY = re.compile(rb"--([!-~]{1,70})\r\n")
_NAMED = re.compile(
    rb'content-disposition: *form-data; *name="([A-Za-z0-9_.\[\]-]{1,100})"(; *filename[*]?=)?', re.IGNORECASE
)


def parts_of(body: bytes) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    """Fields in their order, and files by their field; what a file is called where it comes from is not read.

    Raises FormMalformed. The boundary is the first line: no other form of ours begins with hyphens.
    """
    begun = _BOUNDARY.match(body)
    if begun is None:
        raise _malformed()
    *parts, end = (b"\r\n" + body).split(b"\r\n--" + begun[1], MOST_PARTS + 2)[1:] or [b""]
    if not end.startswith(b"--"):
        raise _malformed()
    fields: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for part in parts:
        head, parted, content = part.partition(b"\r\n\r\n")
        named = _NAMED.search(head[:1000])
        if not parted or named is None:
            raise _malformed()
        if named[2]:
            files[named[1].decode()] = content
        else:
            fields.append((named[1].decode(), content.decode("utf-8")))
    return fields, files


def _malformed() -> FormMalformed:
    return FormMalformed(field="body", expected="a form of our own pages")
