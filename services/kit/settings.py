"""What every service is told by its environment. Only a service's `__main__` reads it (rule 5)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit.policy import DatabaseRole


class ServiceSettings(BaseSettings):
    """Prefix RONDETAFEL_; see docs/operations for each. Addresses are host:port, loopback unless deployed otherwise."""

    model_config = SettingsConfigDict(env_prefix="RONDETAFEL_", frozen=True, extra="ignore")

    database_url: str
    hearing_database_url: str
    erasing_database_url: str
    clock_database_url: str
    relay_database_url: str
    nats_url: str
    nats_seed_file: Path
    grpc_listen: str = "127.0.0.1:0"
    metrics_listen: str
    tls_directory: Path
    root_key_file: Path
    issuer: str
    partner_directory_target: str = ""
    otlp_endpoint: str | None = None
    database_connections: int = 12

    @property
    def database_urls(self) -> Mapping[DatabaseRole, str]:
        """The service's database by each role its handlers work as."""
        return {
            DatabaseRole.APP: self.database_url,
            DatabaseRole.HEARING: self.hearing_database_url,
            DatabaseRole.ERASING: self.erasing_database_url,
            DatabaseRole.CLOCK: self.clock_database_url,
        }
