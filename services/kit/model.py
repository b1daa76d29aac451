"""What the entities of all services have in common: column types, and the version a change is asked of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column


class Columns:
    """Column types: aware UTC moments, numbers of 64 bits, text arrays.

    Each service makes its own base of it, `class Base(Columns, DeclarativeBase)`, with tables of its own.
    """

    type_annotation_map = {datetime: TIMESTAMP(timezone=True), int: BigInteger, list[str]: ARRAY(Text)}


class Versioned:
    """An aggregate that changes only from the version its reader saw (`kit.allowed.expect_version`)."""

    version: Mapped[int] = mapped_column(default=1)
