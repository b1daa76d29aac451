"""What the portal is told by its environment."""

from pathlib import Path

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
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
