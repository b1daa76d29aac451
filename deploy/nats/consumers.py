"""The durable consumers, and the one who makes them: the operator. Services only take from them."""

from dataclasses import replace

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from services.kit.catalogue import Durable, durables

ACK_WAIT_SECONDS = 30
MOST_UNACKNOWLEDGED = 2048
_FIXED = (
    "filter_subject", "filter_subjects", "ack_policy", "ack_wait", "max_ack_pending", "deliver_subject",
    "deliver_group", "max_deliver", "backoff", "headers_only", "rate_limit_bps", "inactive_threshold", "sample_freq",
)  # fmt: skip


async def create_consumers(jetstream: JetStreamContext) -> None:
    """Make what is missing and bring the others up to date, each at the place it has reached."""
    for durable in durables():
        try:
            present = await jetstream.consumer_info(durable.stream, durable.name)
        except NotFoundError:
            await jetstream.add_consumer(durable.stream, wanted(durable))
        else:
            await _mend(jetstream, durable, present)


def wanted(durable: Durable) -> ConsumerConfig:
    """As it must be: pulled, each message acknowledged, exactly the subjects of the catalogue."""
    return ConsumerConfig(
        name=durable.name,
        durable_name=durable.name,
        filter_subjects=list(durable.subjects),
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=ACK_WAIT_SECONDS,
        max_ack_pending=MOST_UNACKNOWLEDGED,
        max_deliver=-1,
    )


def _differs(present: ConsumerConfig, right: ConsumerConfig) -> bool:
    return any((getattr(present, name) or None) != (getattr(right, name) or None) for name in _FIXED) or bool(
        present.pause_until
    )


async def _mend(jetstream: JetStreamContext, durable: Durable, present: ConsumerInfo) -> None:
    """Change it in place; where the server cannot (it pushes, say), make it anew behind what was acknowledged last."""
    right = wanted(durable)
    assert present.config is not None
    if not _differs(present.config, right):
        return
    begun = present.config.deliver_policy, present.config.opt_start_seq, present.config.opt_start_time
    try:
        policy, sequence, moment = begun
        kept = replace(right, deliver_policy=policy, opt_start_seq=sequence, opt_start_time=moment)
        mended = await jetstream.add_consumer(durable.stream, kept)
    except APIError:
        mended = present
    assert mended.config is not None
    if not _differs(mended.config, right):
        return
    floor = present.ack_floor.stream_seq if present.ack_floor is not None else 0
    await jetstream.delete_consumer(durable.stream, durable.name)
    again = replace(right, deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=floor + 1)
    await jetstream.add_consumer(durable.stream, again)
