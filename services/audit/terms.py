"""What falls due in the audit service: kind of term to command."""

from services.audit.commands.erase_object_key import EraseObjectKey, erase_object_key
from services.audit.commands.erase_object_name import EraseObjectName, erase_object_name
from services.audit.commands.forget_late_records import ForgetLateRecords, forget_late_records
from services.kit.scheduler import falls_due

TERMS = {
    "object_key": falls_due(EraseObjectKey, erase_object_key),
    "object_name": falls_due(EraseObjectName, erase_object_name),
    "late_records": falls_due(ForgetLateRecords, forget_late_records),
}
