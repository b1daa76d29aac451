"""`rotate-keys` of every service of a running platform, one after the other."""

import subprocess
import sys

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.ports import SERVICES
from deploy.local.postgres import Postgres
from deploy.local.process import StartFailed
from deploy.local.service import prefixed


def rotate(instance: Instance, what: str, *arguments: str) -> None:
    """`what` is root or cells. Raises StartFailed at the first service that does not come to its end."""
    postgres = Postgres(instance)
    for name in SERVICES:
        settings = {
            "KEYS_DATABASE_URL": postgres.database_url(name, "keys"),
            "ROOT_KEY_FILE": str(instance.secrets.root_key(name)),
        }
        command = [sys.executable, "-m", f"services.{name}", "rotate-keys", what, *arguments]
        if subprocess.run(command, cwd=REPOSITORY, env=prefixed(settings), check=False).returncode != 0:
            raise StartFailed(f"The keys of {name} were not all rotated: give the command again to go on.")
