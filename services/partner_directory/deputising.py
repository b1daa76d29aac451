"""A mandate that is a deputy's from its first moment: somebody is invited to stand in for a holder (decision 74)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from services.kit.errors import Conflict, Invalid
from services.kit.execute import Work
from services.kit.fields import FieldMissing
from services.partner_directory.changing import lock_mandates
from services.partner_directory.errors import DeputyRoleWrong, HolderNotFound
from services.partner_directory.model import Mandate, MandateState
from services.partner_directory.standing_in import STANDS_IN, check_deputy

FIELDS = {"holder_id": "deputy_of", "mandate_id": "deputy_of"}
"""What is wrong with naming a deputy, by the fields of an invitation."""


def deputy_asked(deputy_of: UUID | None, deputy_when: str | None) -> bool:
    """Whether a deputy is invited. Raises FieldMissing for one of the two alone."""
    if (deputy_of is None) != (deputy_when is None):
        field = "deputy_of" if deputy_of is None else "deputy_when"
        raise FieldMissing(field=field, expected="both or neither of deputy_of and deputy_when")
    return deputy_of is not None


async def stand_in(work: Work, mandate: Mandate, holder_id: UUID, when: str) -> None:
    """Have a mandate that is not given yet count as that of this holder's deputy, by the rules of `name_deputy`.

    The cell's row MUST be locked: of two deputies of one holder the second is refused. Raises HolderNotFound and what
    `check_deputy` raises.
    """
    if mandate.role not in STANDS_IN:
        raise DeputyRoleWrong(field="role", expected="one of " + ", ".join(sorted(STANDS_IN)))
    mandates = await lock_mandates(work, Mandate.mandate_id == holder_id)
    holder = next((found for found in mandates if found.mandate_id == holder_id), None)
    if holder is None or holder.state_at(work.now) is MandateState.ENDED:
        raise HolderNotFound(field="deputy_of", expected="a mandate of this cell that is not over")
    try:
        check_deputy(mandate, holder, [other for other in mandates if other.deputy_of is not None])
    except (Invalid, Conflict) as refused:
        field = FIELDS.get(refused.field or "", refused.field)
        raise type(refused)(field=field, expected=refused.expected) from None
    mandate.stand_in_for(holder, when)


async def in_reserve(work: Work) -> Sequence[Mandate]:
    """Mandates of deputies whose turn it is not: nothing but that keeps them from counting now."""
    waiting = select(Mandate).where(
        Mandate.tenant_id == work.cell_id, Mandate.deputy_of.is_not(None), Mandate.starts_at <= work.now,
        Mandate.ends_at > work.now, Mandate.end_reason.is_(None), Mandate.suspended_at.is_(None),
        Mandate.cell_suspended_at.is_(None), or_(Mandate.counts_from > work.now, Mandate.counts_until <= work.now),
    )  # fmt: skip
    return (await work.session.scalars(waiting.order_by(Mandate.mandate_id))).all()
