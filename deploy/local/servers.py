"""PostgreSQL and NATS, set up: what tests of single parts need."""

from deploy.local.authority import Authority
from deploy.local.instance import Instance
from deploy.local.nats import Nats
from deploy.local.ports import SERVICES
from deploy.local.postgres import Postgres
from deploy.local.together import together

CERTIFICATES = (*SERVICES, "cli")


class Servers:
    """PostgreSQL with all roles and databases, NATS with its streams, and the certificates."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.postgres = Postgres(instance)
        self.nats = Nats(instance)

    async def start(self) -> None:
        """Start both side by side and set up what they lack."""
        self.instance.lay_out()
        issue_certificates(self.instance)
        await together(self.postgres.start(), self.nats.start())
        await together(self.postgres.provision(), self.nats.provision())

    async def stop(self) -> None:
        """Stop both."""
        await self.nats.stop()
        await self.postgres.stop()


def issue_certificates(instance: Instance) -> None:
    """A certificate for each service and for the command line; new ones for those near their end."""
    Authority(instance.secrets, instance.root / "tls").issue(CERTIFICATES)
