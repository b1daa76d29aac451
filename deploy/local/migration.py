"""`python -m deploy.local.migration SERVICE NAME`: a new, empty migration with the next number."""

import re
import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from deploy.local.ports import SERVICES
from services.kit.migrate import config_of


def main(arguments: list[str]) -> int:
    """Write services/SERVICE/migrations/versions/NNNN_NAME.py."""
    if len(arguments) != 2 or arguments[0] not in SERVICES or not re.fullmatch(r"[a-z0-9_]+", arguments[1]):
        print(f"Say make migration service=ONE_OF name=what_it_does; services: {', '.join(SERVICES)}.", file=sys.stderr)
        return 1
    service, name = arguments
    config = config_of(service)
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    newest = ScriptDirectory.from_config(config).get_current_head() or "0"
    written = command.revision(config, message=name, rev_id=f"{int(newest) + 1:04d}")
    print(Path(str(getattr(written, "path", written))).relative_to(Path.cwd()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
