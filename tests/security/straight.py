"""Requests of the isolation matrix straight at the services, past the portal."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor

from deploy.local.platform import Platform
from services.kit.calling import call_metadata
from services.kit.channel import Channel
from tests.exchanging import for_services
from tests.patience import ANSWERED_WITHIN
from tests.security.asks import Ask

PACKAGES = ("partner_directory", "case", "meeting", "audit")


def methods() -> dict[str, MethodDescriptor]:
    found = {}
    for package in PACKAGES:
        descriptor = importlib.import_module(f"rondetafel.{package}.v1.{package}_pb2").DESCRIPTOR
        for service in descriptor.services_by_name.values():
            found.update({method.name: method for method in service.methods})
    return found


METHODS = methods()


def rpc_of(verb: str) -> MethodDescriptor:
    """The RPC behind an operation of the API."""
    return METHODS[verb.title().replace("_", "")]


class Straight:
    """Keeps a connection per service and certificate, and what each token was exchanged for: a service is shown the
    whole of both at every call, whoever was shown them before."""

    def __init__(self, platform: Platform) -> None:
        self._instance = platform.instance
        self._channels: dict[tuple[str, str], Channel] = {}
        self._exchanged: dict[str, str] = {}

    async def __call__(
        self, verb: str, ask: Ask, cell: str, token: str | None, *, certificate: str = "portal"
    ) -> tuple[grpc.StatusCode, str]:
        """The request of a row; status and code."""
        rpc = rpc_of(verb)
        package = rpc.containing_service.file.package.split(".")[1]
        stub = importlib.import_module(f"rondetafel.{package}.v1.{package}_pb2_grpc")
        service = getattr(stub, f"{rpc.containing_service.name}Stub")(self._channel(package, certificate).get())
        module = importlib.import_module(f"rondetafel.{package}.v1.{package}_pb2")
        fields: dict[str, Any] = {f"{name}_id": value for name, value in ask.ids.items()} | dict(ask.body or {})
        if ask.etag:
            fields["expected_version"] = ask.etag.strip('"')
        request = json_format.ParseDict(fields, getattr(module, rpc.input_type.name)())
        given = await self._for_services(token) if token else None
        metadata = call_metadata(UUID(cell), token=given, idempotency_key=str(uuid4()))
        try:
            await getattr(service, rpc.name)(request, metadata=metadata, timeout=ANSWERED_WITHIN)
        except grpc.aio.AioRpcError as error:
            trailers: Mapping[str, Any] = dict(error.trailing_metadata() or ())
            return error.code(), trailers.get("error-code", "")
        return grpc.StatusCode.OK, ""

    async def close(self) -> None:
        """Close all connections."""
        for channel in self._channels.values():
            await channel.close()

    def _channel(self, package: str, certificate: str) -> Channel:
        named = package, certificate
        if named not in self._channels:
            target = f"127.0.0.1:{self._instance.ports.grpc[package]}"
            self._channels[named] = Channel(target, package, self._instance.tls(certificate))
        return self._channels[named]

    async def _for_services(self, token: str) -> str:
        if token not in self._exchanged:
            self._exchanged[token] = await for_services(self._instance, token)
        return self._exchanged[token]


@asynccontextmanager
async def straight_at(platform: Platform) -> AsyncIterator[Straight]:
    """The services of a platform."""
    straight = Straight(platform)
    try:
        yield straight
    finally:
        await straight.close()
