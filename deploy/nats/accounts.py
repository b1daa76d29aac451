"""The accounts of NATS, as text of its configuration: one for the streams and their operator, one for each service."""

from collections.abc import Callable, Iterable

from deploy.nats.permissions import OPERATOR, STREAMS, lives, may_hear, may_publish, passages
from services.kit.catalogue import SERVICES


def accounts(public_key: Callable[[str], str]) -> str:
    """All of them; `public_key` tells the public nkey of a user, a service's name or OPERATOR."""
    exports = [
        f'{{ service: "{passage.subject}", accounts: [{account(passage.service)}]'
        f"{', response_type: Stream' if passage.answers_many else ''} }}"
        for passage in passages()
    ]
    streams = (
        f"{STREAMS} {{ jetstream: enabled, users: [ {{ nkey: {public_key(OPERATOR)} }} ], exports: {_list(exports)} }}"
    )
    return "\n".join([streams, *(_service(service, public_key(service)) for service in SERVICES)])


def account(service: str) -> str:
    """The name of a service's account."""
    return service.upper()


def _service(service: str, key: str) -> str:
    imports = [
        f'{{ service: {{ account: {STREAMS}, subject: "{passage.subject}" }}, to: "{passage.seen_as}" }}'
        for passage in passages()
        if passage.service == service
    ]
    imports += [
        f'{{ stream: {{ account: {account(life.producer)}, subject: "{life.subject}" }} }}'
        for life in lives()
        if life.hearer == service
    ]
    exports = [
        f'{{ stream: "{life.subject}", accounts: [{account(life.hearer)}] }}'
        for life in lives()
        if life.producer == service
    ]
    publish, hear = (
        ", ".join(f'"{object_id}"' for object_id in some) for some in (may_publish(service), may_hear(service))
    )
    user = f"{{ nkey: {key}, permissions: {{ publish: [{publish}], subscribe: [{hear}] }} }}"
    return f"{account(service)} {{ users: [ {user} ], imports: {_list(imports)}, exports: {_list(exports)} }}"


def _list(entries: Iterable[str]) -> str:
    return "[\n  " + "\n  ".join(entries) + "\n]"
