"""Metadata of a provider of SAML is read again where it stands; before it ends the host is warned."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.keeping_metadata import drop_ended, ends_of, locked_metadata, objection, take
from services.partner_directory.model import on_platform
from services.partner_directory.providing import LookAgain, locked_provider


@dataclass(frozen=True, slots=True)
class LookAtMetadata:
    """Of which provider."""

    provider_id: UUID


async def look_at_metadata(work: Work, command: LookAtMetadata) -> int | None:
    """The days before its end, when the host is warned of them now. Asked again after a day, or when something ends.

    What is wrong with it, or with who signed it, is noted, and what was read before counts on until it ends.
    """
    on_platform(work.cell_id)
    provider = await locked_provider(work, command.provider_id)
    metadata = await locked_metadata(work, provider)
    changed = False
    if metadata.address:
        says = work.ask(LookAgain(metadata.address))
        wrong = says if isinstance(says, str) else objection(provider, metadata, says)
        if wrong:
            metadata.note_wrong(wrong, work.now)
        elif not isinstance(says, str):
            changed = take(metadata, says, work.now)
    changed |= drop_ended(metadata, work.now)
    if metadata.note_over(work.now) or changed:
        provider.change()
        work.at(work.now, "provider", provider.provider_id)
    warned = metadata.warn(work.now)
    work.at(metadata.looked_at_next(work.now, ends_of(metadata)), "provider_metadata", provider.provider_id)
    work.trail.detail |= {"provider": str(provider.provider_id), "alias": provider.alias}
    if metadata.wrong:
        work.trail.detail["wrong"] = metadata.wrong
    if warned is not None:
        work.trail.detail["ends_within_days"] = str(warned)
    return warned
