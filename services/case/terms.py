"""What falls due in the case service: kind of term to command."""

from services.case.commands.erase_question import EraseQuestion, erase_question
from services.case.commands.erase_signal import EraseSignal, erase_signal
from services.case.commands.expire_circle_invitation import ExpireCircleInvitation, expire_circle_invitation
from services.case.commands.remind_of_check import RemindOfCheck, remind_of_check
from services.case.commands.remind_of_information import RemindOfInformation, remind_of_information
from services.kit.scheduler import falls_due

TERMS = {
    "check": falls_due(RemindOfCheck, remind_of_check),
    "information": falls_due(RemindOfInformation, remind_of_information),
    "question": falls_due(EraseQuestion, erase_question),
    "signal": falls_due(EraseSignal, erase_signal),
    "invitation": falls_due(ExpireCircleInvitation, expire_circle_invitation),
}
