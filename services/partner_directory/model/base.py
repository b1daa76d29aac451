"""What all entities of the directory share."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Column types of this service: aware UTC moments, numbers of 64 bits, text arrays."""

    type_annotation_map = {datetime: TIMESTAMP(timezone=True), int: BigInteger, list[str]: ARRAY(Text)}


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
