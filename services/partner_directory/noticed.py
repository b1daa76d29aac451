"""What a letter says that tells somebody what waits: a sentence of its kind, a code, a way to the page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from services.kit.clock import last_day_of
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.principal import PLATFORM
from services.partner_directory.deputising import in_reserve
from services.partner_directory.lacking import lacking
from services.partner_directory.model import Letter, Mandate, Municipality, Notice, Rules
from services.partner_directory.notice_words import ENDING, NO_TOWN, OF_MANDATES, PATHS, SENTENCES, SUBJECT, URGENT
from services.partner_directory.posting import Reach, Written
from services.partner_directory.suspending import people_of_suspended
from services.partner_directory.unaccepted import to_remind


async def noticed_in(work: Work, letter: Letter) -> tuple[str, Written] | None:
    """To whom and what such a letter says; None when nothing of it waits any more, or nobody is to be reached.

    In the language of the person's account, else of the first town of their mandate.
    """
    assert letter.person_id is not None
    await work.scope_to(letter.person_id)
    suspended = await people_of_suspended(work, letter.person_id)
    mandates = suspended or await _mandates(work, letter)
    waiting = [row for row in await _notices(work, letter) if _still(row, mandates, work)]
    waiting = [row for row in waiting if row.kind != NoticeKind.RULES_WAIT or await _unaccepted(work, row)]
    if any(row.kind == NoticeKind.TABLE_LACKS for row in waiting) and not await lacking(work):
        waiting = [row for row in waiting if row.kind != NoticeKind.TABLE_LACKS]
    if suspended:
        waiting = [row for row in waiting if row.kind == NoticeKind.TABLE_SUSPENDED]
    if not mandates:
        # A deputy whose turn it is not reads nothing here, and is told nothing else.
        mandates = [deputy for deputy in await in_reserve(work) if deputy.person_id == letter.person_id]
        waiting = [row for row in waiting if row.kind == NoticeKind.URGENT_AT_DEPUTY]
    if not mandates or not waiting:
        return None
    reached = work.ask(Reach(letter.person_id))
    if reached is None:
        return None
    language = reached.language if reached.language in SUBJECT else await _language(work, mandates)
    return reached.email, written(work, waiting, language, urgent=letter.urgent)


def written(work: Work, waiting: Sequence[Notice], language: str, *, urgent: bool) -> Written:
    """The letter in that language, the oldest first."""
    # Secrecy is promised for all mandates of a table at once: what reads the same is said once.
    said = dict.fromkeys((_sentence(row, language), _path(work, row)) for row in waiting)
    return Written((URGENT if urgent else SUBJECT)[language], (*said, (ENDING[language], "/help")), language)


def _sentence(row: Notice, language: str) -> str:
    day = f"{last_day_of(row.until):%d.%m.%Y}" if row.until else ""
    return SENTENCES[NoticeKind(row.kind)][language].format(code=row.code, day=day)


def _path(work: Work, row: Notice) -> str:
    if work.cell_id == PLATFORM:
        return "/"
    return PATHS[NoticeKind(row.kind)].format(cell=work.cell_id, object=row.object_id)


async def _unaccepted(work: Work, row: Notice) -> bool:
    return row.person_id in await to_remind(work, await work.session.get(Rules, (work.cell_id, row.object_id)))


async def _mandates(work: Work, letter: Letter) -> Sequence[Mandate]:
    """Those that are valid now; who has none is told nothing any more."""
    valid = select(Mandate).where(
        Mandate.tenant_id == work.cell_id, Mandate.person_id == letter.person_id,
        Mandate.counts_from <= work.now, Mandate.counts_until > work.now, Mandate.end_reason.is_(None),
    )  # fmt: skip
    return (await work.session.scalars(valid.order_by(Mandate.mandate_id))).all()


async def _notices(work: Work, letter: Letter) -> Sequence[Notice]:
    found = select(Notice).where(Notice.tenant_id == work.cell_id, Notice.letter_id == letter.letter_id)
    return (await work.session.scalars(found.order_by(Notice.asked_at, Notice.notice_id))).all()


def _still(row: Notice, mandates: Sequence[Mandate], work: Work) -> bool:
    if row.over_at is not None or (row.until is not None and row.until <= work.now):
        return False
    column = OF_MANDATES.get(NoticeKind(row.kind))
    ends = {mandate.mandate_id: getattr(mandate, column) for mandate in mandates} if column else {}
    return column is None or ends.get(row.object_id) == row.until


async def _language(work: Work, mandates: Sequence[Mandate]) -> str:
    towns = [town for mandate in mandates for town in mandate.nis_codes]
    if not towns:
        return NO_TOWN
    found = select(Municipality.own_language).where(Municipality.nis_code == min(towns))
    return await work.session.scalar(found) or NO_TOWN
