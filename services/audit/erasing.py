"""What the log holds of one object, to be taken away: its key, and what tells which object a pseudonym stands for.

Who hears reads keys and may take nothing away; who takes away reads none. So hearing says what there is, as terms.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.kit.execute import Work

LATE = timedelta(days=1)
"""Records of an object may come after the word that it is gone, on another stream: it is looked for once more."""


async def have_erased(work: Work, object_id: UUID) -> bool:
    """Key and name fall due at once; whether the log knew of the object."""
    await work.keyring.hold([object_id])
    if not work.keyring.holds(object_id):
        return False
    pseudonym = await work.keyring.pseudonym(str(object_id), "object", object_id)
    work.at(work.now, "object_key", object_id)
    work.at(work.now, "object_name", UUID(bytes=pseudonym))
    work.trail.count = 1
    return True
