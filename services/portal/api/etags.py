"""Versions as HTTP says them: an ETag on the way out, If-Match on the way in (RFC 9110, 8.8.3 and 13.1.1).

If-Match compares strongly, so a weak tag matches nothing, although ours, made weak by a proxy that packed the answer,
still names the version: some APIs take it, and give up the rule for it. Here such answers are kept from being packed
(answers.py), a tag with the coding behind it is known, and who sends a weak one is told what to send in its place.
"""

from __future__ import annotations

import re

from services.portal.errors import IfMatchMissing

_TAG = re.compile(r'(W/)?"([^"]*)"')
_OURS = re.compile(r"([1-9][0-9]{0,17})(?:(?:--?|;)(?:gzip|br|zstd|deflate))?")
"""A version; with a coding behind it as proxies name the same when they have packed it: Apache, Jetty."""

MATCHES_NONE = 0
"""No thing has this version: its service refuses it, after all else that it refuses (RFC 9110, 13.2.1)."""


STRONG = 'the ETag without W/, such as "3": the version of the thing in quotes'
"""What would be right in place of a weak one."""


def etag(version: int) -> str:
    """The ETag of a version: a strong one, since each change makes another."""
    return f'"{version}"'


def version_of(if_match: str) -> int:
    """The version an If-Match header names, of several the newest; its form was checked.

    Weak tags and those of others match none. Raises IfMatchMissing for "*", which would do it whatever the version is:
    who has not seen a change must not overwrite it.
    """
    if if_match == "*":
        raise IfMatchMissing(field="If-Match", expected="the ETag last read; * names no version")
    strong = [opaque for weak, opaque in _TAG.findall(if_match) if not weak]
    return max((int(ours[1]) for ours in map(_OURS.fullmatch, strong) if ours), default=MATCHES_NONE)


def only_weak(if_match: str) -> bool:
    """Whether all its tags are weak, so that it cannot match: a proxy weakens them when it packs an answer."""
    return all(weak for weak, _ in _TAG.findall(if_match))
