"""Letters that ask new people to set up how they sign in: written with a mandate or an invitation to one, sent when
their term is due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.vault import AssociatedData
from services.partner_directory.model import Municipality, SignInLetter

NO_TOWN = "nl"
"""The language of who acts for the host, as of the realm."""


@dataclass(frozen=True, slots=True)
class MakeKnown(Question[UUID | None]):
    """The person with exactly this e-mail address, made known to the sign-in service if need be; None where it will
    never take such an account.

    Asked when the letter is sent, of who was invited by a list: then nobody waits for three hundred accounts.
    """

    email: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetUpSignIn(Question[bool]):
    """Whether the sign-in service sent its letter to this person; not to who has nothing to set up.

    What is asked is done. So it is asked under a claim: by one process at a time, and after everything that can refuse.
    """

    cell_id: UUID
    mandate_id: UUID
    email: str
    language: str


async def write_letter(
    work: Work, mandate_id: UUID, person_id: UUID | None, email: str, language: str, due: datetime | None = None
) -> None:
    """Have a letter asked for as soon as this act is committed, whoever the person is: nobody learns who is known.

    `mandate_id`: of the mandate, or of the invitation that becomes it. `person_id`: None for who is made known only
    when the letter is sent. `due`: when, if not at once.
    """
    work.session.add(
        SignInLetter(
            tenant_id=work.cell_id,
            mandate_id=mandate_id,
            person_id=person_id,
            email=await work.seal(email, _place(work, mandate_id)),
            language=language,
        )
    )
    work.at(due or work.now, "sign_in_letter", mandate_id)


async def write_again(work: Work, mandate_id: UUID, email: str) -> None:
    """Have it asked for once more: the link ran out, or the letter was lost."""
    letter = await work.session.get(SignInLetter, (work.cell_id, mandate_id), with_for_update=True)
    if letter is not None:
        letter.again(await work.seal(email, _place(work, mandate_id)))
        work.at(work.now, "sign_in_letter", mandate_id)


async def locked_letter(work: Work, mandate_id: UUID) -> SignInLetter | None:
    """The letter of this mandate while it waits, locked."""
    return await work.session.scalar(
        select(SignInLetter)
        .where(
            SignInLetter.tenant_id == work.cell_id,
            SignInLetter.mandate_id == mandate_id,
            SignInLetter.email.is_not(None),
        )
        .with_for_update()
    )


async def question_of(work: Work, letter: SignInLetter) -> SetUpSignIn:
    """What is asked of the sign-in service."""
    return SetUpSignIn(work.cell_id, letter.mandate_id, await address_of(work, letter), letter.language)


async def address_of(work: Work, letter: SignInLetter) -> str:
    """Where a letter that waits is to go."""
    return await work.open(letter.email or b"", _place(work, letter.mandate_id))


def _place(work: Work, mandate_id: UUID) -> AssociatedData:
    return AssociatedData(work.cell_id, "sign_in_letter", "email", mandate_id)


async def language_of(work: Work, nis_codes: Collection[str]) -> str:
    """That of the first town, for letters; the sign-in service prefers the person's own, if it knows it."""
    if not nis_codes:
        return NO_TOWN
    found = select(Municipality.own_language).where(Municipality.nis_code == min(nis_codes))
    return await work.session.scalar(found) or NO_TOWN
