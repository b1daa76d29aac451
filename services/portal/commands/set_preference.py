"""A person chooses the language of the pages, or light or dark."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.portal.model import Preference


@dataclass(frozen=True, slots=True)
class SetPreference:
    """Empty = as the browser says."""

    language: str
    scheme: str


async def set_preference(work: Work, command: SetPreference) -> None:
    """Keep the choice; it holds for every browser of the person."""
    values = {"language": command.language, "scheme": command.scheme}
    row = insert(Preference).values(tenant_id=work.cell_id, person_id=work.actor_id, **values)
    await work.session.execute(row.on_conflict_do_update(index_elements=["tenant_id", "person_id"], set_=values))
