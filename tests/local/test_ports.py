"""Ports for tests stay ours until a server has bound them, however long that takes."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.platform import Platform
from deploy.local.ports import DEFAULT_BASE, EPHEMERAL, LOOPBACK, SERVICES, Ports, _claimed, _is_free
from deploy.local.process import StartFailed
from deploy.local.service import door_settings, process_settings

CLAIMS = "import sys; from deploy.local.ports import _claimed; print(_claimed(int(sys.argv[1])))"


def numbers(ports: Ports) -> set[int]:
    """All ports of an instance."""
    values = asdict(ports).values()
    return {port for value in values for port in (value.values() if isinstance(value, dict) else [value])}


def claimed_elsewhere(number: int) -> bool:
    """Whether another process, which then ends, gets this claim."""
    command = [sys.executable, "-c", CLAIMS, str(number)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return ran.stdout.strip() == "True"


def test_no_connection_going_out_and_no_installation_takes_them() -> None:
    first, last = map(int, EPHEMERAL.read_text().split())
    instances = [numbers(Ports.free()) for _ in range(5)]
    taken = set().union(*instances)
    assert len(taken) == sum(map(len, instances)), "no port is given twice"
    assert not taken.intersection(range(first, last + 1))
    assert not taken.intersection(range(DEFAULT_BASE, DEFAULT_BASE + 25))


def test_browsers_open_every_port_that_a_test_gets() -> None:
    bad_ports_end_at = 10_080
    assert bad_ports_end_at < ports.LOWEST
    assert min(numbers(Ports.free())) > bad_ports_end_at


def test_what_one_process_claims_no_other_gets_until_it_ends() -> None:
    number = random.getrandbits(60)
    assert claimed_elsewhere(number)
    assert _claimed(number)
    assert not claimed_elsewhere(number)
    assert not _claimed(number)


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port = listener.getsockname()[1]
        listener.listen()
        assert not _is_free(port)
    assert all(_is_free(port) for port in numbers(Ports.free()))


def test_each_process_of_a_service_listens_elsewhere_and_is_named_to_who_asks(tmp_path: Path) -> None:
    instance = Instance(tmp_path, Ports.free(workers=2))
    ports = instance.ports
    assert [service.name for service in Platform(instance).services] == [*SERVICES, *(f"{name}-2" for name in SERVICES)]
    assert len(numbers(ports)) == len(numbers(Ports.free())) + 2 * len(SERVICES)
    first, second = ports.grpc["case"], ports.grpc["case-2"]
    assert door_settings("portal", instance)["CASE_TARGET"] == f"{LOOPBACK}:{first},{LOOPBACK}:{second}"
    listening = [process_settings("portal", name, instance) for name in ("portal", "portal-2")]
    assert [settings["HTTP_SHARED"] for settings in listening] == ["True", "True"]
    assert len({settings["HTTP_LISTEN"] for settings in listening}) == 1
    assert len({settings["METRICS_LISTEN"] for settings in listening}) == 2


def test_how_many_processes_there_are_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Ports.fixed()
    monkeypatch.setenv("RONDETAFEL_WORKERS", "3")
    three = Ports.fixed()
    assert (alone.workers, three.workers) == (1, 3)
    assert numbers(alone) < numbers(three), "those of the first stay where they were"
    assert len(numbers(three)) == len(numbers(alone)) + 4 * len(SERVICES)
    for wrong in ("0", "17", "two", ""):
        monkeypatch.setenv("RONDETAFEL_WORKERS", wrong)
        with pytest.raises(StartFailed, match="RONDETAFEL_WORKERS"):
            Ports.fixed()
