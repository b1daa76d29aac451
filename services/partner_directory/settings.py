"""What the partner directory is told by its environment."""

from pathlib import Path

from pydantic import field_validator

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`client_key_file`: the key (PEM) by which this service proves to Keycloak that it is `partner-directory`.

    `keycloak_url`: Keycloak's own address, behind the gate, where it is administered. `smtp_url`: the mail server for
    letters to the municipalities, `smtps://user:password@host:port`, `smtp+starttls://...` or, without encryption and
    only on loopback, `smtp://host:port`; empty: letters wait. `letters_from`: their sender's address, where answers go;
    `letters_bounce_to`: where mail servers tell what they could not deliver, else there too. `public_url`: the address
    of the pages, to which letters lead. `issuers_on_own_machine`: whether providers of this very machine may be added,
    as where partners are tried; elsewhere they are refused.
    """

    client_key_file: Path
    keycloak_url: str
    public_url: str
    smtp_url: str = ""
    letters_from: str = ""
    letters_bounce_to: str = ""
    issuers_on_own_machine: bool = False

    @field_validator("partner_directory_target", mode="before")
    @classmethod
    def _never_asks_itself(cls, value: str) -> str:
        """Everybody is told where the directory is; the directory's own facts are the record."""
        return ""
