"""The coordinator puts a text of the cell before the mayor."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.fields import FieldMissing
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.texts import has_letter
from services.partner_directory.errors import RulesWithoutWords
from services.partner_directory.model import Rules, RulesFormat, RulesState
from services.partner_directory.ruling import TEXTS, replace_waiting, sealed_text


@dataclass(frozen=True, slots=True)
class DraftRules:
    """Of which kind, the newest version of it that the author saw, and what it says by language."""

    kind: str
    follows: UUID | None
    text_nl: str
    text_fr: str
    text_de: str


async def draft_rules(work: Work, command: DraftRules) -> Receipt:
    """Put it forward; what waits of the same kind is replaced. Raises RulesWithoutWords, RulesFollowAnother."""
    texts = {column: getattr(command, column) for column in TEXTS}
    if not any(texts.values()):
        raise FieldMissing(field="text_nl", expected="a text in at least one language")
    for column, text in texts.items():
        if text and not has_letter(text):
            raise RulesWithoutWords(field=column, expected="a text with words, or nothing")
    await replace_waiting(work, command.kind, command.follows)
    rules_id = new_id()
    sealed = {column: await sealed_text(work, rules_id, column, text) for column, text in texts.items()}
    rules = Rules(
        tenant_id=work.cell_id, rules_id=rules_id, kind=command.kind, state=RulesState.PROPOSED,
        format=RulesFormat.TEXT, drafted_by=work.actor_id, drafted_at=work.now, version=1, **sealed,
    )  # fmt: skip
    work.session.add(rules)
    work.trail.detail |= {"kind": command.kind, "rules": str(rules_id)}
    return Receipt(rules_id, rules.state, rules.version)
