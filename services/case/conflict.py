"""A conflict of interest keeps somebody out of a case (invariant 21): how that comes about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from services.case.circle import entries_of, tell_circle
from services.case.errors import PersonWithoutMandate
from services.case.events import notice_asked
from services.case.model import Case, ConflictOfInterest
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.policy import TABLE

END_REASON = "conflict_of_interest"
"""Of the invitations that end by it."""
_SITS = text(
    "SELECT EXISTS (SELECT FROM mandate WHERE tenant_id = :tenant AND person_id = :person_id AND role = ANY(:roles)"
    " AND :nis_code = ANY(nis_codes) AND ends_at > :now)"
)


async def require_at_table(work: Work, case: Case, person_id: UUID) -> None:
    """Raises PersonWithoutMandate unless the person sits at the table of this town, or will."""
    values = {"tenant": work.cell_id, "person_id": person_id, "nis_code": case.nis_code, "now": work.now}
    if not (await work.session.execute(_SITS, values | {"roles": [role.value for role in TABLE]})).scalar():
        raise PersonWithoutMandate(field="person_id", expected="a person with a mandate for this municipality")


async def shut_out(work: Work, case: Case, person_id: UUID) -> None:
    """Invitations of the person end, and neither case nor signal are there for that person from now on.

    The rows come last: to who declares it of themselves the case is gone with them, in this very transaction too.
    """
    of_case, of_signal = (_conflict(work, case, person_id, object_id) for object_id in (case.case_id, case.signal_id))
    for entry in await entries_of(work, case.case_id):
        if entry.person_id == person_id:
            entry.end(END_REASON, at=work.now, by=work.actor_id)
            work.at(None, "invitation", entry.entry_id)
    case.changed()
    await tell_circle(work, case, of_case)
    who = (person_id,)
    work.publish(notice_asked(NoticeAsked(NoticeKind.CIRCLE_INVITATION, case.case_id, over=True, person_ids=who)))
    await work.session.flush()
    work.session.add_all([of_case, of_signal])


def _conflict(work: Work, case: Case, person_id: UUID, object_id: UUID) -> ConflictOfInterest:
    return ConflictOfInterest(
        tenant_id=work.cell_id, conflict_id=new_id(), object_id=object_id, nis_code=case.nis_code,
        person_id=person_id, since=work.now, said_by=work.actor_id,
    )  # fmt: skip
