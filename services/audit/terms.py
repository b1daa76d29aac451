"""What falls due in the audit service: nothing yet. Its clock takes away what has had its time (kit/agenda.py)."""

from collections.abc import Mapping

from services.kit.scheduler import OnTerm

TERMS: Mapping[str, OnTerm] = {}
