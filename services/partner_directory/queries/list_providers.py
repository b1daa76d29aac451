"""The providers by which people of partners sign in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.paging import page_of
from services.partner_directory.model import Provider, on_platform
from services.partner_directory.queries.read_provider import ProviderView, views_of


@dataclass(frozen=True, slots=True)
class ListProviders:
    """One page, newest first, after the provider `cursor`."""

    page_size: int
    cursor: UUID | None


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """A page; `next_cursor` is None on the last."""

    providers: tuple[ProviderView, ...]
    next_cursor: UUID | None


async def list_providers(work: Work, query: ListProviders) -> ProviderPage:
    """Each with its organisations, its domains, and how far the sign-in service is."""
    on_platform(work.cell_id)
    asked = select(Provider).order_by(Provider.provider_id.desc()).limit(query.page_size + 1)
    if query.cursor is not None:
        asked = asked.where(Provider.provider_id < query.cursor)
    providers, more = page_of((await work.session.scalars(asked)).all(), query.page_size)
    work.trail.count = len(providers)
    return ProviderPage(await views_of(work, providers), providers[-1].provider_id if more else None)
