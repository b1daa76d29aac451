"""Sign-ins that ended here end at the sign-in service (Keycloak) too, and with them at a partner's provider."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from keycloak.exceptions import KeycloakDeleteError, KeycloakPostError, raise_error_from_response

from services.partner_directory.subjects import Subjects
from services.partner_directory.users import Users


class SigningOut:
    """Ends what could still give tokens. What is over there is no error."""

    def __init__(self, users: Users, subjects: Subjects) -> None:
        self._users = users
        self._subjects = subjects

    async def end_session(self, session_id: str) -> None:
        """End one sign-in. Raises Unavailable."""
        async with self._users.asking() as admin:
            realm = admin.connection.realm_name
            answer = await admin.connection.a_raw_delete(f"admin/realms/{realm}/sessions/{quote(session_id, safe='')}")
            gone = [int(HTTPStatus.NO_CONTENT), int(HTTPStatus.NOT_FOUND)]
            raise_error_from_response(answer, KeycloakDeleteError, expected_codes=gone)

    async def sign_out(self, person_id: UUID) -> None:
        """End every sign-in of this person. Raises Unavailable."""
        async with self._users.asking() as admin:
            subject = await self._subjects.find(admin, person_id)
            if subject is None:
                return
            try:
                await admin.a_user_logout(subject)
            except KeycloakPostError as error:
                if error.response_code != HTTPStatus.NOT_FOUND:
                    raise
