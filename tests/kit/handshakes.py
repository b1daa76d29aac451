"""A gRPC server in a process of its own, which may die: `python -m tests.kit.handshakes TLS_DIRECTORY ADDRESS`."""

import asyncio
import sys
from pathlib import Path

from rondetafel.audit.v1 import audit_pb2 as pb
from services.kit.rpc import RpcServer


async def main(tls: Path, listen: str) -> None:
    """Serve until standard input ends; a line says that it does."""
    server = RpcServer(listen, tls, {}, lambda code, whence: None)
    await server.start(pb.DESCRIPTOR)
    print("serving", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop(0)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
