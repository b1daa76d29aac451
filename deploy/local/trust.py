"""By what servers are trusted over TLS."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Read once in a process: that takes longer than most of what a client is made for, and all of ours is asked over
    plain HTTP on this machine."""
    return httpx.create_ssl_context(trust_env=False)
