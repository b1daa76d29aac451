"""The sign-in service and the mail server of a test, by what they are asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID, uuid5

from aiosmtplib import SMTPResponseException

from services.kit.clock import utc_now
from services.kit.errors import RondetafelError
from services.kit.identities import Revoked, identity_id
from services.partner_directory.errors import IssuerUnreachable, NeverSignedIn
from services.partner_directory.invitation_letters import InvitationLetter
from services.partner_directory.metadata import read_metadata
from services.partner_directory.posting import Reached
from services.partner_directory.providing import IssuerSays, LookAgain, Mirror, ReadMetadata, SamlSays

FindPerson = Callable[[str, str, str], Awaitable[UUID]]
Write = Callable[[str, str], Awaitable[bool]]
PEOPLE = UUID("5a0c0f5e-7d0f-4f7c-9d53-0b6b4c1f5c21")


class SignInService:
    """Who has an account, by e-mail; notes each question, and fails when told so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failure: Exception | None = None
        self.switched: list[tuple[Revoked, str, bool]] = []
        self.set_up: set[str] = set()
        self.written_to: list[tuple[str, str]] = []
        self.letters: Exception | None = None
        self.languages: dict[str, str] = {}
        self.shut_out: set[str] = set()
        self.invited: list[InvitationLetter] = []
        self.inviting: Callable[[InvitationLetter], Awaitable[None]] = self.invite
        self.writing: Write = self.write
        self.finding: FindPerson = self.find_person
        self.issuers: dict[str, IssuerSays | Exception] = {}
        self.metadata: dict[str, bytes] = {}
        self.now: Callable[[], datetime] = utc_now
        self.mirrored: list[Mirror] = []
        self.drifted = False
        self.ended: list[str] = []
        self.signed_out: list[UUID] = []

    def identity(self, kind: Revoked, value: str) -> UUID:
        return identity_id("http://localhost:1/realms/rondetafel", kind, value)

    async def set_enabled(self, kind: Revoked, value: str, *, enabled: bool) -> None:
        self.switched.append((kind, value, enabled))
        if self.failure is not None:
            raise self.failure

    async def ask_to_set_up(self, email: str, language: str) -> bool:
        return await self.writing(email, language)

    async def write(self, email: str, language: str) -> bool:
        """To everybody but who `set_up`; `letters` is what the mail server does instead."""
        if self.letters is not None:
            raise self.letters
        if email in self.set_up:
            return False
        self.written_to.append((email, language))
        return True

    async def reach(self, person_id: UUID) -> Reached | None:
        """Whoever was asked for by address, in the language of the account if it has one."""
        if self.failure is not None:
            raise self.failure
        email = next((email for email in self.asked if uuid5(PEOPLE, email) == person_id), None)
        return Reached(email, self.languages.get(email, "")) if email and email not in self.shut_out else None

    async def invite(self, letter: InvitationLetter) -> None:
        """The mail server that takes invitations; `letters` is what it does instead."""
        if self.letters is not None:
            raise SMTPResponseException(451, letter.email)
        self.invited.append(letter)

    def code_of(self, invitation_id: UUID) -> str:
        """The code of the newest letter."""
        return next(letter.code for letter in reversed(self.invited) if letter.invitation_id == invitation_id)

    async def find_or_create(self, email: str, given_name: str, family_name: str) -> UUID:
        return await self.finding(email, given_name, family_name)

    async def find(self, email: str) -> UUID:
        """Of who never came by their own organisation there is no account."""
        if email not in self.set_up:
            raise NeverSignedIn(field="email", expected="somebody who signed in here once")
        return uuid5(PEOPLE, email)

    async def read_issuer(self, issuer: str) -> IssuerSays:
        """What was said it says; anything that is not named is an issuer without fault."""
        says = self.issuers.get(issuer)
        if isinstance(says, Exception):
            raise says
        return says or IssuerSays(issuer, f"{issuer}/auth", f"{issuer}/token", f"{issuer}/keys", "")

    async def read(self, question: ReadMetadata) -> SamlSays:
        """Of an address what was put there; nothing answers at others."""
        if question.text:
            return read_metadata(question.text.encode(), self.now())
        if question.address not in self.metadata:
            raise IssuerUnreachable(field="metadata_url", expected="an address where a provider answers")
        return read_metadata(self.metadata[question.address], self.now())

    async def look_again(self, question: LookAgain) -> SamlSays | str:
        try:
            return await self.read(ReadMetadata(question.address, ""))
        except RondetafelError as wrong:
            return wrong.code

    async def mirror(self, wanted: Mirror) -> bool:
        if self.failure is not None:
            raise self.failure
        self.mirrored.append(wanted)
        return self.drifted and not wanted.fresh

    async def end_session(self, session_id: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.ended.append(session_id)

    async def sign_out(self, person_id: UUID) -> None:
        if self.failure is not None:
            raise self.failure
        self.signed_out.append(person_id)

    async def find_person(self, email: str, given_name: str, family_name: str) -> UUID:
        self.asked.append(email)
        if self.failure is not None:
            raise self.failure
        return uuid5(PEOPLE, email)
