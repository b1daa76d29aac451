"""A place that PostgreSQL's own user may reach, where root's is closed to it (/root, a folder of mktemp).

PostgreSQL refuses to run as root, so root starts it as nobody, who may not enter a closed folder. Capabilities do not
mend that: programs ask access(2), which goes by the user alone; and containers often forbid namespaces. So what
PostgreSQL needs goes to a folder of its own outside. `data/postgres.place` of the instance, a symbolic link, says
where, for as long as the instance lives; `of` in that folder says whose it is. Instances of tests, and those below a
temporary directory, have theirs in one too, and what deleted ones leave there is swept at the next start.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.process import StartFailed, end_at_once

# initdb wants a user that has a name: nobody.
UNPRIVILEGED = 65534
LASTING = Path("/var/lib/rondetafel")
PREFIX = "rondetafel-"
OWNER = "of"
NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pkgconfig", "__pycache__")


def as_user() -> list[str]:
    """What goes before a command of PostgreSQL when we are root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "--"]


def give(*paths: Path) -> None:
    """Make PostgreSQL's user the owner, when that is not us."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, UNPRIVILEGED, UNPRIVILEGED, follow_symlinks=False)


def reachable(path: Path) -> bool:
    """Whether PostgreSQL's user may enter a folder, or run a program: the kernel says it, asked as that user."""
    if os.geteuid() != 0:
        return True
    asked = [*as_user(), "test", "-x", str(path)]
    return subprocess.run(asked, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def make_own(folder: Path, *owners: int) -> None:
    """Make a folder that only we may enter; one that is there already must be ours, and no link to another."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
    except OSError as error:
        raise StartFailed(
            f"{folder} cannot be made ({error.strerror}): make it, or start as an ordinary user."
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), *owners}:
        raise StartFailed(f"{folder} is not ours: remove it and start again.")


def open_to_pass(folder: Path) -> None:
    """PostgreSQL's user may pass through this folder, and nobody list it; with no such user, we alone."""
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


class OpenPlace:
    """The place of one instance. Chosen once, and written down as a link; made by `make`."""

    def __init__(self, instance: Instance) -> None:
        self._root = instance.root.resolve()
        self._link = _link(self._root)

    @property
    def chosen(self) -> bool:
        """Whether this instance has one: then its data are there, even if its own folder was opened since."""
        return self._link.is_symlink()

    @property
    def path(self) -> Path:
        """Where it is; chosen now if it was not."""
        if not self.chosen:
            # /var/tmp is on disk, which the data of many tests need.
            base = temporary(Path("/var/tmp")) if _passing(self._root) else LASTING  # noqa: S108
            self._link.parent.mkdir(parents=True, exist_ok=True)
            # A name nobody can guess, so nobody else can have made it before us.
            self._link.symlink_to(base / f"{PREFIX}{secrets.token_hex(8)}")
        return self._link.readlink()

    def make(self) -> None:
        """Make the place where it is not there yet. Raises StartFailed when it is another's, or cannot be entered."""
        place = self.path
        for folder in (LASTING, place) if place.parent == LASTING else (place,):
            make_own(folder)
            open_to_pass(folder)
        owner = _owner(place)
        if owner is not None and owner != self._root and _leads(owner, place):
            raise StartFailed(
                f"This is a copy of {owner}, and the data of PostgreSQL are still those of the first: run `make reset` "
                "here to begin without data, or go on there."
            )
        _write(place / OWNER, os.fsencode(self._root))
        if not reachable(place):
            raise StartFailed(
                f"PostgreSQL does not run as root, and its user may neither enter {self._root} nor {place}: "
                "use a folder that others may enter, or start as an ordinary user."
            )

    def programs(self, installed: Path) -> Path:
        """Where the copy of the wheel's programs is, or shall be: one per version."""
        version = self.path / f"programs-{_digest(installed / 'postgres')}"
        return version / installed.relative_to(installed.parents[2])

    def copy_programs(self, installed: Path) -> None:
        """Copy them (about 26 MB), whole or not at all; those of another version go."""
        package = installed.parents[1]
        version = self.programs(installed).parents[2]
        if version.exists():
            return
        unfinished = version.with_name("programs.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        # They look for their libraries at a fixed way from themselves.
        for part in (installed.parent, package.with_name(f"{package.name}.libs")):
            into = unfinished / part.relative_to(package.parent)
            shutil.copytree(part, into, symlinks=True, ignore=NOT_NEEDED)
        open_to_read(unfinished)
        for earlier in self.path.glob("programs-*"):
            shutil.rmtree(earlier)
        unfinished.rename(version)

    def take_over(self, cluster: Path, into: Path) -> None:
        """Move the data of a stopped server here, from before there was this place. May be cut off and repeated."""
        if not cluster.exists():
            return
        if not into.exists():
            with contextlib.suppress(OSError):
                cluster.rename(into)
                return
            moving = into.with_name("cluster.moving")
            shutil.rmtree(moving, ignore_errors=True)
            shutil.copytree(cluster, moving, symlinks=True)
            for folder, _, files in os.walk(moving):
                give(Path(folder), *(Path(folder) / name for name in files))
            os.sync()
            moving.rename(into)
        shutil.rmtree(cluster)


def remove(root: Path) -> None:
    """Remove an instance, and its place if it has one of its own. Hold its lock, and end its processes first."""
    link = _link(root.resolve())
    if link.is_symlink() and _owner(link.readlink()) == root.resolve():
        _remove_place(link.readlink())
    shutil.rmtree(root)


def sweep() -> None:
    """Remove the places in the temporary directory whose instances were deleted, and end what still runs there.

    Those of lasting instances stay: nobody can tell a deleted folder from a disk that is not there today.
    """
    if os.geteuid() != 0:
        return
    for place in (file for base in _temporary() for file in base.glob(f"{PREFIX}*")):
        owner = _owner(place)
        if owner is None or _leads(owner, place):
            continue
        for pid in _running_in(place):
            end_at_once(pid)
        with contextlib.suppress(OSError):
            _remove_place(place)


def temporary(*preferred: Path) -> Path:
    """The temporary directory, or where PostgreSQL's user may not enter that, the machine's."""
    return next(
        (place for place in (*preferred, *_temporary()) if place.is_dir() and reachable(place)), _temporary()[0]
    )


def _temporary() -> list[Path]:
    named = dict.fromkeys(Path(place).resolve() for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"))  # noqa: S108
    return [place for place in named if place.is_dir()]


def _link(root: Path) -> Path:
    return root / "data" / "postgres.place"


def _leads(root: Path, place: Path) -> bool:
    """Whether an instance is there and has this place for its own."""
    return _link(root).is_symlink() and _link(root).readlink() == place


def _passing(root: Path) -> bool:
    return any(root.is_relative_to(place) for place in (REPOSITORY / ".test", *_temporary()))


def _remove_place(place: Path) -> None:
    """What says whose it is goes last, so that a removal that was cut off is taken up again."""
    for path in place.iterdir():
        if path.name != OWNER:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    shutil.rmtree(place)


def _owner(place: Path) -> Path | None:
    """Whose a place is; None where it is nobody's, or not root's word."""
    with contextlib.suppress(OSError):
        if place.lstat().st_uid == 0 and not place.is_symlink():
            return Path(os.fsdecode((place / OWNER).read_bytes()))
    return None


def open_to_read(folder: Path) -> None:
    """Programs are no secret: everybody may read and run them, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _write(file: Path, content: bytes) -> None:
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.write_bytes(content)
    unfinished.chmod(0o600)
    unfinished.rename(file)


def _digest(program: Path) -> str:
    with program.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _running_in(place: Path) -> Iterator[int]:
    """Servers at work in a place: PostgreSQL stands in its own data."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(place):
                yield int(process.name)
