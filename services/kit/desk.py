"""The host's desk: whom somebody calls who cannot sign in, and so sees no table's coordinator."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit.addresses import NotAnAddress, read_address
from services.kit.telephone import dialled

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What it is called, its number as ITU-T E.164 has it, its e-mail address; each may be empty."""

    name: str = ""
    telephone: str = ""
    email: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a way to reach it."""
        return bool(self.telephone or self.email)

    @property
    def dialled(self) -> str:
        """Its number as people dial it."""
        return dialled(self.telephone)


class DeskSettings(BaseSettings):
    """The settings DESK_NAME, DESK_TELEPHONE and DESK_EMAIL of whoever shows it. Prefix RONDETAFEL_."""

    model_config = SettingsConfigDict(env_prefix="RONDETAFEL_", frozen=True, extra="ignore")

    desk_name: str = ""
    desk_telephone: str = ""
    desk_email: str = ""

    @field_validator("desk_telephone")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        if value and not E164.fullmatch(value):
            raise ValueError("RONDETAFEL_DESK_TELEPHONE is a number with its country, such as +3212345678")
        return value

    @field_validator("desk_email")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        try:
            return read_address(value).readable if value else ""
        except NotAnAddress:
            raise ValueError("RONDETAFEL_DESK_EMAIL is one e-mail address") from None

    @property
    def desk(self) -> Desk:
        """All of it; without a name it is called by what it is."""
        return Desk(self.desk_name, self.desk_telephone, self.desk_email)
