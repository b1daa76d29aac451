"""It is told that somebody's undertaking ends in 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.partner_directory.noticing import notice
from services.partner_directory.reminding import is_near, mandate_in_force


@dataclass(frozen=True, slots=True)
class NoticeUndertakingEnd:
    """Of which mandate."""

    mandate_id: UUID


async def notice_undertaking_end(work: Work, command: NoticeUndertakingEnd) -> bool:
    """Have its person written to, unless it was ended or lasts longer by now. Whether they are."""
    mandate = await mandate_in_force(work, command.mandate_id)
    if mandate is None or not is_near(work, mandate.undertaken_until):
        return False
    work.trail.count = 1
    work.trail.detail["mandate"] = str(mandate.mandate_id)
    await work.scope_to(mandate.person_id)
    return await notice(
        work, mandate.person_id, NoticeKind.UNDERTAKING_ENDS, mandate.mandate_id, until=mandate.undertaken_until
    )
