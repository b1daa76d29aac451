"""What the audit service is told by its environment."""

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing beyond what every service is told."""
