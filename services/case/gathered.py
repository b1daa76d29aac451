"""Rows of another table that come with a row, in its statement: as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by


def gathered(columns: Sequence[Any], order: Sequence[Any], *where: Any) -> Any:
    """These columns of the rows that fit, in that order, as an expression of the statement around it."""
    rows = aggregate_order_by(func.json_build_array(*columns), *order)
    return select(func.json_agg(rows).cast(Text)).where(*where).scalar_subquery()


def listed(told: str | None) -> list[list[Any]]:
    """The rows that came as one text; none where there are none."""
    return json.loads(told) if told else []
