"""Getting Keycloak: checked before use, made once, and what goes wrong is told in one sentence."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jgo.maven import _core

from deploy.local import fetch
from deploy.local.instance import REPOSITORY
from deploy.local.process import StartFailed

Serve = Callable[[int, bytes, int], str]
FILL_UP = """
import sys
from pathlib import Path
from jgo.maven import _core
from deploy.local import fetch
fetch.MEGABYTES_NEEDED = int(sys.argv[3])
_core.DEFAULT_REMOTE_REPOS["central"] = sys.argv[2]
try:
    fetch.keycloak(Path(sys.argv[1]), lambda text: None)
except fetch.StartFailed as failed:
    print(failed, list(Path(sys.argv[1]).glob("keycloak*26*")))
"""


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEYCLOAK_HOME", raising=False)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A package index that answers everything with this status, this content and this promised length."""
    answer = (404, b"", 0)

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content, promised = answer
            self.send_response(status)
            self.send_header("content-length", str(promised))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def serving(status: int, content: bytes, promised: int) -> str:
        nonlocal answer
        answer = (status, content, promised)
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setitem(_core.DEFAULT_REMOTE_REPOS, "central", address)
        return address

    yield serving
    server.shutdown()
    thread.join()
    server.server_close()


def quiet(_: str) -> None:
    """Where progress goes in these tests."""


def left_in(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.name != "keycloak.lock")


def refused(cache: Path) -> str:
    """The one sentence; nothing of the attempt is left."""
    with pytest.raises(StartFailed) as failed:
        fetch.keycloak(cache, quiet)
    assert left_in(cache) == []
    assert "\n" not in str(failed.value)
    return str(failed.value)


def test_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        monkeypatch.setitem(_core.DEFAULT_REMOTE_REPOS, "central", address)
        assert "could not be downloaded (ConnectionError): check the network and start again" in refused(tmp_path)


@pytest.mark.parametrize(("status", "content", "promised"), [(404, b"", 0), (503, b"", 0), (200, b"half", 2_000_000)])
def test_an_index_without_it(tmp_path: Path, serve: Serve, status: int, content: bytes, promised: int) -> None:
    serve(status, content, promised)
    assert "could not be downloaded" in refused(tmp_path)


def test_a_wrong_checksum(tmp_path: Path, serve: Serve) -> None:
    serve(200, b"not what we know", 16)
    assert "is broken or not the right one" in refused(tmp_path)


def test_a_disk_too_small_to_begin(tmp_path: Path, serve: Serve) -> None:
    serve(200, b"never asked for", 15)
    sentence = on_a_small_disk(tmp_path, serve(404, b"", 0), needed=fetch.MEGABYTES_NEEDED)
    assert "MB free and Keycloak needs 700 MB: free some space and start again. []" in sentence


def test_a_disk_that_fills_up_on_the_way(tmp_path: Path, serve: Serve) -> None:
    content = bytes(20_000_000)
    sentence = on_a_small_disk(tmp_path, serve(200, content, len(content)), needed=0)
    assert f"Nothing more can be written to {tmp_path}: make room" in sentence
    assert sentence.endswith("[]")


def on_a_small_disk(cache: Path, index: str, *, needed: int) -> str:
    """Fetch where `cache` is a disk of 8 MB: a mount nobody else sees."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    unshare = ["unshare", "--mount", *users]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets us mount nothing, not even in a namespace of our own")
    script = f'mount -t tmpfs -o size=8m tmpfs "{cache}" && exec "$@"'
    arguments = [sys.executable, "-c", FILL_UP, str(cache), index, str(needed)]
    done = subprocess.run(
        [*unshare, "sh", "-c", script, "sh", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Keycloak somebody installed, whose build notes that it ran."""
    home = tmp_path / "installed"
    (home / "bin").mkdir(parents=True)
    (home / "version.txt").write_text("Keycloak - Version 26.9.9\n")
    (home / "bin" / "kc.sh").write_text('echo "$@" >> "$(dirname "$0")/../built"\n')
    monkeypatch.setenv("KEYCLOAK_HOME", str(home))
    return home


def test_an_installed_one_is_copied_and_built_once_however_many_ask(tmp_path: Path, installed: Path) -> None:
    cache = tmp_path / "cache"
    with ThreadPoolExecutor(4) as callers:
        places = set(callers.map(lambda _: fetch.keycloak(cache, quiet), range(8)))
    (place,) = places
    assert place.name.startswith("keycloak-26.9.9-")
    assert (place / "built").read_text() == f"build {' '.join(fetch.BUILD_OPTIONS)}\n"
    assert not (installed / "built").exists()
    assert left_in(cache) == [place.name]


def test_a_new_version_of_an_installed_one_is_built_anew(tmp_path: Path, installed: Path) -> None:
    cache = tmp_path / "cache"
    before = fetch.keycloak(cache, quiet)
    (installed / "version.txt").write_text("Keycloak - Version 26.9.10\n")
    assert fetch.keycloak(cache, quiet) != before


def test_a_build_that_fails(tmp_path: Path, installed: Path) -> None:
    cache = tmp_path / "cache"
    (installed / "bin" / "kc.sh").write_text("echo first\necho no such java\nexit 2\n")
    assert "Keycloak could not be prepared (no such java)" in refused(cache)


def test_what_a_killed_attempt_left_is_removed(tmp_path: Path, installed: Path) -> None:
    (tmp_path / "cache" / "keycloak.new.dead" / "keycloak").mkdir(parents=True)
    place = fetch.keycloak(tmp_path / "cache", quiet)
    assert left_in(tmp_path / "cache") == [place.name]


def test_keycloak_home_without_keycloak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYCLOAK_HOME", str(tmp_path / "nowhere"))
    assert "KEYCLOAK_HOME" in refused(tmp_path)


def test_java_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert (fetch.java_home() / "bin" / "java").exists()
    monkeypatch.setenv("JAVA_HOME", "/opt/java")
    assert fetch.java_home() == Path("/opt/java")
