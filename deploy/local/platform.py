"""The whole platform: the servers, the migrations, the services."""

from collections.abc import Callable, Mapping, Sequence

from deploy.local import open_place
from deploy.local.description import describe, forget
from deploy.local.gate import Gate
from deploy.local.instance import Instance
from deploy.local.keeper import LONGEST_PAUSE_SECONDS, Keeper, Part
from deploy.local.keycloak import Keycloak
from deploy.local.mail import Mail
from deploy.local.nats import Nats
from deploy.local.ports import SERVICES
from deploy.local.postgres import Postgres
from deploy.local.servers import issue_certificates
from deploy.local.service import Service
from deploy.local.sweep import end_leftovers
from deploy.local.together import together

Say = Callable[[str], None]


class Platform:
    """Everything `make run` runs. Hold the instance's lock while using it.

    Parts are called postgres, nats, keycloak, gate, mail, and as the services; second processes of those `case-2` and
    the like. What ends by itself is started again.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        services: Sequence[str] = SERVICES,
        extra: Mapping[str, str] | None = None,
        keycloak: type[Keycloak] = Keycloak,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
        say: Say = print,
    ) -> None:
        """`extra` are further environment variables for the services; `longest_pause` is a keeper's."""
        self.instance = instance
        self.postgres = Postgres(instance)
        self.nats = Nats(instance)
        self.keycloak = keycloak(instance, self.postgres.keycloak_jdbc, say=say)
        self.gate = Gate(instance)
        self.mail = Mail(instance)
        self.services = [
            Service(name, instance, self.postgres, self.nats, extra or {}, number + 1)
            for number in range(instance.ports.workers)
            for name in services
        ]
        self._say = say
        servers: list[Part] = [self.postgres, self.nats, self.keycloak, self.gate, self.mail]
        self._keepers = {
            part.name: Keeper(part, self._describe, say, longest_pause=longest_pause)
            for part in [*servers, *self.services]
        }

    async def start(self) -> None:
        """Bring everything up; returns when every part is ready."""
        self.instance.check_space()
        open_place.sweep()
        for name in await end_leftovers(self.instance.root):
            self._say(f"Ended {name}, left over from a run that was killed")
        self.instance.ports.check_free()
        self.instance.lay_out()
        issue_certificates(self.instance)
        self._say("Starting PostgreSQL and NATS")
        await together(self.start_server("postgres"), self.start_server("nats"))
        await together(self.postgres.provision(), self.nats.provision())
        self._say("Starting Keycloak, and bringing the databases up to date")
        await together(self._start_sign_in(), self._start_services())

    async def stop(self) -> None:
        """Stop everything, those that depend on others first; nothing of ours runs afterwards."""
        forget(self.instance)
        await together(*(self.stop_server(service.name) for service in self.services))
        for server in ("gate", "keycloak", "mail", "nats", "postgres"):
            await self.stop_server(server)
        await end_leftovers(self.instance.root)
        forget(self.instance)

    async def start_server(self, name: str) -> None:
        """Start one part; returns when it is ready."""
        await self._keepers[name].start()

    async def stop_server(self, name: str) -> None:
        """Stop one part and leave it stopped, until `start_server`."""
        await self._keepers[name].stop()

    async def restart(self, name: str) -> None:
        """Stop one part and start it; returns when it is ready."""
        await self.stop_server(name)
        await self.start_server(name)

    def kill(self, name: str) -> None:
        """Let one part crash (-9); it is started again, which `is_up` waits for."""
        self._keepers[name].kill()

    async def is_up(self, name: str) -> None:
        """Wait until one part is ready."""
        await self._keepers[name].is_up()

    async def _start_sign_in(self) -> None:
        await together(self.start_server("gate"), self.start_server("mail"))
        await self.start_server("keycloak")

    async def _start_services(self) -> None:
        first = {service.service: service for service in reversed(self.services)}
        await together(*(service.migrate() for service in first.values()))
        self._say(f"Starting {', '.join(service.name for service in self.services)}")
        await together(*(self.start_server(service.name) for service in self.services))

    def _describe(self) -> None:
        describe(self.instance, self.postgres, self.gate, self.mail, self.services)
