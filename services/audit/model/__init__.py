"""The log: records as producers send them, leaves, erasable details, and how far each producer's numbers reach."""

TENANT_TABLES = frozenset(
    {"log", "entry", "entry_detail", "object_name", "producer_position", "producer_gap", "finding"}
)
PERSON_TABLES: frozenset[str] = frozenset()
PLATFORM_TABLES: frozenset[str] = frozenset()
