"""What the portal is told by its environment."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import model_validator

from services.kit.desk import DeskSettings
from services.kit.settings import ServiceSettings

OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(ServiceSettings, DeskSettings):
    """The common ones, where it listens, its public address, and where the services are."""

    http_listen: str
    http_shared: bool = False
    public_url: str
    client_key_file: Path
    case_target: str
    meeting_target: str
    audit_target: str
    trusted_proxies: str = ""
    address_per_second: float = 200
    account_per_second: float = 20
    tenant_per_second: float = 30
    connections: int = 4_096
    connections_per_address: int = 512
    builders: bool = False

    @model_validator(mode="after")
    def _builders_work_here(self) -> Self:
        """What is for builders stays on their own machine: such a portal has no address elsewhere."""
        if self.builders and urlsplit(self.public_url).hostname not in OWN_MACHINE:
            raise ValueError("RONDETAFEL_BUILDERS is for a portal whose public address is this machine's own")
        return self
