"""What all entities of the directory share."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import DeclarativeBase

from services.kit.model import Columns


class Base(Columns, DeclarativeBase):
    """The tables of this service."""


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
