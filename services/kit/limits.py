"""What a client may send and hold open before anything of ours reads it: sizes, numbers, times, connections."""

from __future__ import annotations

import ipaddress
import logging
import resource
from dataclasses import dataclass

from services.kit.errors import Invalid

logger = logging.getLogger(__name__)

OTHER_FILES = 256
"""File descriptors a process needs beside its connections."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TargetTooLong(Invalid):
    """The address in the request line is too long."""


class HeadTooLarge(Invalid):
    """Request line and headers are too large, or headers or cookies too many."""


class RequestTooSlow(Invalid):
    """The request did not arrive in time."""


class RequestMalformed(Invalid):
    """This is not a request in HTTP/1.1."""


class RequestTooLarge(Invalid):
    """A request is larger on its way than any body that is taken."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Per request in bytes and numbers, per connection in seconds, and how many connections there may be.

    A town behind one address has hundreds of browsers, each with one or two connections: `per_address` is no limit
    for people. Peers in `proxies` stand for many addresses; only `connections` binds them.
    """

    target_bytes: int = 8_000
    head_bytes: int = 16 * 1024
    headers: int = 100
    cookies: int = 50
    cookie_bytes: int = 4_096
    message_bytes: int = 16 * 1024 * 1024
    pipelined: int = 16
    head_seconds: float = 10
    message_seconds: float = 40
    idle_seconds: int = 65
    write_seconds: float = 30
    linger_seconds: float = 2
    connections: int = 4_096
    per_address: int = 512
    proxies: tuple[Network, ...] = ()


def network_of(host: str) -> str:
    """The network address of a host; of IPv6 the first 64 bits, which one customer has."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def networks_of(text: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas. Raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(word.strip()) for word in text.split(",") if word.strip())


def room_for(connections: int) -> int:
    """So many connections, or as many as the system lets this process open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < wanted:
            logger.warning("the system allows %d files, so fewer connections than %d", soft, connections)
            return max(1, soft - OTHER_FILES)
    return connections
