"""Invented rules of a cell, as the directory tells them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.fields import to_timestamp
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import OTHER, sit

RULES = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c88"
TEXT = "# Doel\n\nWij helpen <b>mensen</b>.\n\n- samen\n- op tijd"


def version(standing: str = "in_force", *may: str, **more: Any) -> pb.RulesVersion:
    """One version of internal rules, since 2 March 2026."""
    undecided = standing in ("waiting", "sent_back")
    said: dict[str, Any] = {
        "rules_id": RULES, "kind": "internal_rules", "standing": standing, "format": "text", "version": 2,
        "state": "PROPOSED" if undecided else "DECIDED", "from": "" if undecided else "2026-03-02",
        "drafted_at": to_timestamp(datetime(2026, 2, 1, 9, tzinfo=UTC)), "may": may,
    }  # fmt: skip
    return pb.RulesVersion(**said | more)


def text(found: pb.RulesVersion, **more: Any) -> pb.RulesText:
    """The same with its text."""
    said: dict[str, Any] = {"rules": found, "text_nl": TEXT, "drafted_by": OTHER, "version": found.version}
    return pb.RulesText(**said | more)


async def before(front: Front, backends: Backends, role: str, found: pb.RulesText | None = None) -> str:
    """Somebody before one version of the rules; its address."""
    at = await sit(front, backends, role)
    told = found or text(version())
    backends.answers["ReadRules"] = told
    backends.answers["ListRules"] = pb.ListRulesResponse(rules=[told.rules])
    return f"{at}/rules/{RULES}"
