"""What the entities of all services have in common: column types, and a change only of what was seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.errors import VersionChanged


class Columns:
    """Column types: aware UTC moments, numbers of 64 bits, text arrays.

    Each service makes its own base of it, `class Base(Columns, DeclarativeBase)`, with tables of its own.
    """

    type_annotation_map = {datetime: TIMESTAMP(timezone=True), int: BigInteger, list[str]: ARRAY(Text)}


class Versioned:
    """An aggregate that changes only from the version its reader saw (If-Match)."""

    version: Mapped[int] = mapped_column(default=1)

    def expect(self, version: int) -> None:
        """Raises VersionChanged unless the caller saw the present version."""
        if version != self.version:
            raise VersionChanged(field="expected_version", expected="the version last read")
