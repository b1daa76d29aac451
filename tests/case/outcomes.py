"""What comes of a signal that becomes no case, for tests that need one."""

from __future__ import annotations

from services.case.commands.dismiss_signal import DismissSignal, dismiss_signal
from services.case.commands.reconsider_signal import ReconsiderSignal
from services.case.commands.redirect_signal import RedirectSignal, redirect_signal
from services.case.commands.withdraw_signal import WithdrawSignal
from services.case.queries.read_signal import ReadSignal, SignalView, read_signal
from tests.case.story import Story
from tests.harness import Person

NOTED, TOLD, ADVICE = "Puberruzie, geen geweld.", "Dank je. Dit hoort hier niet.", "Bel het CLB, vraag naar Lien."


def dismissal(our: Story) -> DismissSignal:
    """Not retained."""
    return DismissSignal(our.signal.id, our.signal.version, "other_purpose", NOTED, TOLD)


def redirection(our: Story) -> RedirectSignal:
    """To other help."""
    return RedirectSignal(our.signal.id, our.signal.version, "school_support", ADVICE)


def withdrawal(our: Story) -> WithdrawSignal:
    """Taken back by who told it."""
    return WithdrawSignal(our.signal.id, our.signal.version)


def second_thoughts(our: Story) -> ReconsiderSignal:
    """What was said is taken back."""
    return ReconsiderSignal(our.signal.id, our.signal.version)


async def dismissed(our: Story) -> Story:
    """A signal that is not retained."""
    our.signal = await our.coordinator.run(dismiss_signal, dismissal(our))
    return our


async def redirected(our: Story) -> Story:
    """A signal that is referred to other help."""
    our.signal = await our.coordinator.run(redirect_signal, redirection(our))
    return our


async def signal_of(our: Story, reader: Person) -> SignalView:
    """As somebody reads it."""
    return await reader.run(read_signal, ReadSignal(our.signal.id))
