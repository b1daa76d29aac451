"""What the command line is told by its environment, or beside a local platform by its `cli.env`."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Prefix RONDETAFEL_. Where the directory listens, and by what the host proves who it is."""

    model_config = SettingsConfigDict(env_prefix="RONDETAFEL_", frozen=True, extra="ignore")

    issuer: str
    partner_directory_target: str
    tls_directory: Path
    client_key_file: Path
