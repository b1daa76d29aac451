"""The yardstick: the same three acts as bare as they get, in one process of FastAPI and SQLAlchemy's ORM.

On the same PostgreSQL. No walls, no record of who read, no encryption, no sign-in, no other service: what this costs,
anything costs that is made of these parts. A peer that could be installed from a package registry would stand here in
its place; Open Zaak and DFIR-IRIS are no packages. `python -m tests.bench.skeleton PORT DATABASE_URL` serves it.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

from deploy.local.ports import LOOPBACK

CONNECTIONS = 12


Person = Annotated[UUID, Header()]


class Base(DeclarativeBase):
    """All tables."""


class Signal(Base):
    """A concern somebody tells of."""

    __tablename__ = "signal"
    signal_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    cell_id: Mapped[UUID]
    reporter_id: Mapped[UUID]
    nis_code: Mapped[str]
    language: Mapped[str]
    person: Mapped[str]
    observed: Mapped[str]
    tried: Mapped[str]
    reason: Mapped[str]
    minor: Mapped[bool]
    entered_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC).replace(tzinfo=None))


class Case(Base):
    """A case; who may see it stands in its circle."""

    __tablename__ = "case"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    state: Mapped[str]
    person: Mapped[str]
    circle: Mapped[list[Entry]] = relationship()
    contributions: Mapped[list[Contribution]] = relationship()


class Entry(Base):
    """Somebody in the circle of a case."""

    __tablename__ = "circle_entry"
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.case_id), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


class Contribution(Base):
    """What somebody told the circle."""

    __tablename__ = "contribution"
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.case_id), index=True)
    author_id: Mapped[UUID]
    text: Mapped[str]


class Told(BaseModel):
    """A body of any shape; what is not asked for is left out."""

    model_config = ConfigDict(from_attributes=True)


class NewSignal(Told):
    """What is entered."""

    nis_code: str
    language: str
    person: dict[str, Any]
    observed: str
    tried: str
    reason: str
    minor: bool


class CaseInList(Told):
    """A line of the list."""

    case_id: UUID
    code: str
    state: str


class ToldContribution(Told):
    """One contribution."""

    contribution_id: UUID
    author_id: UUID
    text: str


class WholeCase(CaseInList):
    """A case that is read."""

    person: str
    contributions: list[ToldContribution]


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as opened, opened.begin():
        yield opened


Used = Annotated[AsyncSession, Depends(_session)]


def application(database_url: str) -> FastAPI:
    """The three acts; the header X-Person says who asks."""
    app = FastAPI()
    engine = create_async_engine(database_url, pool_size=CONNECTIONS)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)

    @app.post("/cells/{cell}/signals", status_code=201)
    async def create(cell: UUID, body: NewSignal, x_person: Person, session: Used) -> dict[str, UUID]:
        values = body.model_dump() | {"person": str(body.person)}
        signal = Signal(cell_id=cell, reporter_id=x_person, **values)
        session.add(signal)
        await session.flush()
        return {"id": signal.signal_id}

    @app.get("/cells/{cell}/cases", response_model=list[CaseInList])
    async def list_cases(cell: UUID, x_person: Person, session: Used) -> Any:
        mine = select(Case).join(Case.circle).where(Case.cell_id == cell, Entry.person_id == x_person)
        return (await session.scalars(mine.order_by(Case.case_id.desc()).limit(20))).all()

    @app.get("/cells/{cell}/cases/{case}", response_model=WholeCase)
    async def read(cell: UUID, case: UUID, x_person: Person, session: Used) -> Any:
        mine = select(Case).join(Case.circle).where(Case.case_id == case, Entry.person_id == x_person)
        found = await session.scalar(mine.options(selectinload(Case.contributions)))
        if found is None:
            raise HTTPException(404)
        return found

    return app


if __name__ == "__main__":
    served = application(sys.argv[2])
    uvicorn.run(
        served, host=LOOPBACK, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="error",
        access_log=False,
    )  # fmt: skip
