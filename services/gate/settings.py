"""What the gate is told by its environment."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from services.kit.desk import DeskSettings


class Settings(DeskSettings):
    """Prefix RONDETAFEL_; see docs/operations for each. It has no database and no key of any client."""

    model_config = SettingsConfigDict(env_prefix="RONDETAFEL_", frozen=True, extra="ignore")

    http_listen: str
    metrics_listen: str
    issuer: str
    keycloak_url: str
    root_key_file: Path
    look_directory: Path
    trusted_proxies: str = ""
    otlp_endpoint: str | None = None
