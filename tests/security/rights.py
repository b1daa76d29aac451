"""What each role may do in each service's database: every table, every role. All that is not here is refused.

S, I, U, D: SELECT, INSERT, UPDATE, DELETE on all columns; with brackets, on these alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Rights = Mapping[str, Mapping[str, str]]
"""By table, by role: such as "S I U(state version) D"."""

ROLES = ("app", "hearing", "erasing", "keys", "clock", "relay", "migrator")

_COUNT = "S I U(seq)"
_TELL = "I(tenant_id message_id stream type subject payload traceparent producer_epoch producer_seq created_at seal)"
_SPINE: Rights = {
    "alembic_version": {},
    "outbox": {
        **dict.fromkeys(("app", "hearing", "erasing", "keys"), _TELL), "relay": "S U(published_at refused_at) D",
    },
    "inbox": {"hearing": "I", "clock": "S(handled_at) D"},
    "idempotency": {
        "app": "S I U(handler request_hash result_id result_state result_version created_at)",
        "clock": "S(created_at) D",
    },
    "producer_epoch": {"app": "S", "hearing": "S", "erasing": "S", "keys": "S"},
    "producer_height": {"app": _COUNT, "hearing": _COUNT, "erasing": _COUNT, "keys": _COUNT},
    "cell_key": {"app": "S I", "keys": "S I U(wrapped)"},
    "object_key": {"app": "S I", "erasing": "S(tenant_id object_id) D", "keys": "S U(wrapped)"},
    "known_cell": {"app": "S", "hearing": "S I", "erasing": "S", "keys": "S", "clock": "S"},
    "fact_seen": {"hearing": "S I D"},
    "revoked": {
        "app": "S", "hearing": "S I U(revoked_at refuses_all fact_version) D", "erasing": "S",
        "clock": "S(kind revoked_at) D",
    },
    "mandate": {
        "app": "S", "erasing": "S", "keys": "S", "clock": "S",
        "hearing": "S I U(role nis_codes starts_at ends_at legal_basis clearance_ends_at undertaken_until"
        " fact_version deputy_for)",
    },
    "my_mandate": {"app": "S", "hearing": "S", "erasing": "S", "keys": "S", "clock": "S"},
    "term": {
        **dict.fromkeys(("app", "hearing", "erasing"), "S I U(due_at next_at tries state)"),
        "clock": "S U(next_at tries state) D",
    },
}  # fmt: skip
_CIRCLE: Rights = {"my_place": {"app": "S"}, "my_circle": {"app": "S"}}

RIGHTS: Mapping[str, Rights] = {
    "case": {
        **_SPINE, **_CIRCLE,
        "cell_state": {"app": "S", "hearing": "S I U(state version)"},
        "signal": {
            "app": "S I U(state case_id ended_at worked_at version)",
            "erasing": "S(tenant_id signal_id ended_at minor) D",
        },
        "signal_identity": {"app": "S I", "erasing": "S(tenant_id signal_id) D"},
        "signal_mark": {"app": "S I", "erasing": "S(tenant_id signal_id) D"},
        "signal_content": {"app": "S I", "erasing": "S(tenant_id signal_id) D"},
        "signal_entry": {"app": "S I", "erasing": "S(tenant_id signal_id) D"},
        "signal_seen": {"app": "S I U(seen_to)", "erasing": "S(tenant_id signal_id) D"},
        "term": {**_SPINE["term"],
            "app": "S(tenant_id kind object_id due_at next_at tries state) I U(due_at next_at tries state)",
        },
        "question": {
            "app": "S(tenant_id question_id asker state asked_on answered_on closed_on erased_on version) I"
            " U(state answered_on closed_on erased_on version)",
            "erasing": "S(tenant_id question_id erased_on) D",
        },
        "taught_answer": {"app": "S I U(withdrawn_on entry version)"},
        "question_text": {
            "app": "S(tenant_id question_id question asked_by answer became) I U(answer became)",
            "erasing": "S(tenant_id question_id) D",
        },
        "preliminary_check": {"app": "S I U(ended_at)", "hearing": "S", "erasing": "S(tenant_id signal_id) D"},
        "check_answer": {"app": "S I", "hearing": "S", "erasing": "S(tenant_id signal_id) D"},
        "signal_outcome": {
            "app": "S I U(decided_at decided_by help told)", "erasing": "S(tenant_id signal_id) D",
        },
        "signal_reason": {"app": "S I U(decided_by reason noted)", "erasing": "S(tenant_id signal_id) D"},
        "circle_entry": {
            "app": "S I U(parts starts_at ends_at opened_at ended_by end_reason)",
            "erasing": "S(tenant_id object_id) D",
        },
        "information": {"app": "S I", "hearing": "S"},
        "my_conflict": {"app": "S"},
        "conflict_of_interest": {"app": "S I U(lifted_at lifted_by)"},
        "case_frame": {
            "app": "S I U(state paused_from listed_at listed_by refused_at refused_by invited_at relied_at inform_by"
            " version)",
            "hearing": "S U(state paused_from decision_id decided_at case_lead_id review_on relied_at version)",
        },
        "case_identity": {"app": "S I", "erasing": "S(tenant_id case_id) D"},
        "case_proposal": {"app": "S I U(list_reasons)", "erasing": "S(tenant_id case_id) D"},
        "case_action": {"app": "S", "hearing": "I"},
        "case_counter": {"app": "S I U(last)"},
        "planned_session": {"hearing": "S I U(starts_at version)"},
        "planned_case": {"app": "S", "hearing": "S(tenant_id session_id case_id starts_at) I D"},
        "contribution": {
            "app": "S I U(state text life_domain language assessment legal_basis shared_at version)",
            "erasing": "S(tenant_id contribution_id case_id) D",
        },
        "kept_decision": {"app": "S", "hearing": "I", "erasing": "S(tenant_id decision_id case_id) D"},
        "contribution_declined": {"app": "S I U(declined_at)"},
        "read_receipt": {"app": "S I", "erasing": "S(tenant_id contribution_id reader_id case_id) D"},
    },
    "meeting": {
        **_SPINE, **_CIRCLE,
        "session": {"app": "S I U(state opened_by opened_at cancelled_by cancelled_at opening decisions version)"},
        "agenda_item": {"app": "S I"},
        "agenda_case": {"app": "S I"},
        "attendance": {"app": "S I"},
        "decision": {"app": "S I", "erasing": "S(tenant_id decision_id case_id) D"},
        "dissent": {"app": "S I", "erasing": "S(tenant_id dissent_id decision_id case_id) D"},
        "agreed_action": {"app": "S I", "erasing": "S(tenant_id action_id decision_id case_id) D"},
        "prepared_decision": {
            "app": "S I U(text prepared_by prepared_at version)", "erasing": "S(tenant_id agenda_item_id case_id) D",
        },
        "known_case": {"app": "S", "hearing": "S I U(code nis_code state minor version)"},
        "circle_version": {"hearing": "S I U(version)"},
        "circle_entry": {"app": "S", "hearing": "S(tenant_id object_id) I D"},
    },
    "partner_directory": {
        **_SPINE,
        "known_cell": {"app": "S I", "hearing": "S", "erasing": "S", "keys": "S", "clock": "S"},
        "mandate": {
            "app": "S I U(ends_at undertaken_until undertaken_at undertaking_version fact_version ended_by end_reason"
            " version nis_codes clearance_ends_at counts_from counts_until suspended_at suspended_by suspension_reason"
            " suspended_with deputy_of deputy_for deputy_when cell_suspended_at)",
            "hearing": "S", "erasing": "S", "keys": "S", "clock": "S",
        },
        "municipality": {"app": "S"},
        "legal_basis": {"app": "S I U(in_force_to version)"},
        "basis_confirmation": {"app": "S I"},
        "rules": {"app": "S I U(state decided_by decided_at in_force_from reason reminded_at version)"},
        "rules_part": {"app": "S I U(content)"},
        "rules_acceptance": {"app": "S I"},
        "cell_undertaking": {"app": "S I"},
        "basis_use": {"app": "S I U(mandates)"},
        "organisation": {"app": "S I"},
        "cell": {
            "app": "S I U(brand_colour state version opened_at dpia_reference dpia_on dpia_at danger_contact"
            " danger_contact_at contact contact_at given_at suspended_at suspension_reason)",
        },
        "cell_municipality": {"app": "S I U(until)"},
        "provider": {"app": "S I U(state enabled_at version mirrored_version mirrored_at mended_at)"},
        "provider_metadata": {
            "app": "S I U(address sign_in_address sign_in_by_post sign_out_address sign_out_by_post certificates"
            " certificates_end signer valid_until read_at wrong wrong_since over warned)"
        },
        "provider_domain": {"app": "S I"},
        "provider_organisation": {"app": "S I"},
        "fact_counter": {"app": "S U(newest)", "hearing": "S U(newest)"},
        "revoked": {
            "app": "S I U(revoked_at refuses_all fact_version)", "erasing": "S", "clock": "S(kind revoked_at) D",
            "hearing": "S I U(revoked_at refuses_all fact_version) D",
        },
        "fact_key": {"app": "S I"},
        "cell_person": {"app": "S I U(given_name family_name)"},
        "absence": {"app": "S I U(ends_at ended_by version)"},
        "person_cell": {"app": "S I U(ends_at undertaken_until undertaken_at counts_from counts_until)"},
        "sign_in": {
            "app": "S(tenant_id sign_in_id person_id browser provider started_at used_at ends_at)",
            "hearing": "S I U(used_at ends_at) D",
        },
        "theft": {
            "app": "S(tenant_id theft_id reported_at followed_at) I",
            "hearing": "S U(person_id cell_ids followed_at)",
        },
        "person_profile": {"app": "S I U(language telephone reachable version)"},
        "proposal": {
            "app": "S I U(state email given_name family_name decided_by decided_at mandate_id version)",
        },
        "recovery": {
            "app": "S I U(state email given_name family_name seconded_by seconded_at confirmed_by confirmed_at"
            " mandate_id version)",
        },
        "announcement": {"app": "S I U(recorded_at sent_at)"},
        "invitation": {
            "app": "S I U(state email given_name family_name note expires_at code_hash tries claimed_until sent_at"
            " decided_by decided_at version address_index)",
        },
        "sign_in_letter": {"app": "S I U(email person_id claimed_until sent_at)"},
        "letter": {"app": "S I U(claimed_until doubtful settled_at sent_at version)", "hearing": "S I U(version)"},
        "notice": {"app": "S I U(over_at)", "hearing": "S I U(over_at)", "erasing": "S(tenant_id object_id) D"},
        "letters_of_day": {"app": "S I U(day taken)"},
        "seen_event": {"app": "S I D"},
    },
    "audit": {
        **_SPINE,
        "cell_key": {"app": "S I", "hearing": "S I", "keys": "S I U(wrapped)"},
        "object_key": {
            "app": "S", "hearing": "S I", "erasing": "S(tenant_id object_id) D", "keys": "S U(wrapped)",
        },
        "log": {"app": "S", "hearing": "S I U(size)"},
        "entry": {"app": "S", "hearing": "S(tenant_id record_id) I"},
        "entry_detail": {"app": "S", "hearing": "I"},
        "object_name": {"app": "S", "hearing": "I", "erasing": "S(tenant_id pseudonym) D"},
        "producer_position": {"hearing": "S I U(highest height height_at)"},
        "producer_gap": {"hearing": "S I D"},
        "finding": {"app": "S", "hearing": "S I U(resolved_at)"},
    },
    "portal": {
        **_SPINE,
        # It is told no mandates, and whose deputy somebody is neither.
        "mandate": {**_SPINE["mandate"], "hearing": _SPINE["mandate"]["hearing"].replace(" deputy_for", "")},
        "session": {
            "app": "S I U(tokens last_used_at refreshing_until sitting)",
            "hearing": "S(tenant_id session_id sign_in person_id) D",
            "erasing": "S(tenant_id session_id started_at last_used_at) D",
        },
        "preference": {"app": "S I U(language scheme)"},
        "draft": {
            "app": "S I U(device fields saved_at version)",
            "erasing": "S(tenant_id person_id form draft_id saved_at version days) D",
        },
    },
}  # fmt: skip

KEY_MATERIAL = frozenset({"wrapped"})
"""Columns that hold a key, wrapped: of those erasing must read none."""

# What the columns of a role come to, in the words of the table above; `*` where the whole table is granted.
CATALOGUE = """
SELECT c.relname::text AS name, role, verb,
       has_table_privilege($1 || '_' || role, c.oid, verb) AS whole,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
              AND CASE WHEN verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                       THEN has_column_privilege($1 || '_' || role, c.oid, attnum, verb) END
             ORDER BY attname) AS columns
  FROM pg_class AS c, unnest($2::text[]) AS role,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS verb
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"""


def declared(service: str) -> set[tuple[str, str, str, str]]:
    """Table, role, verb, columns (`*` for all)."""
    words = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
    return {
        (table, role, words[letter], " ".join(sorted(columns.split())) if columns else "*")
        for table, roles in RIGHTS[service].items()
        for role, rights in roles.items()
        for letter, columns in re.findall(r"([SIUD])(?:\(([a-z_ ]+)\))?", rights)
    }


def held(rows: list[dict[str, object]]) -> set[tuple[str, str, str, str]]:
    """The same, of the rows of CATALOGUE."""
    found = set()
    for row in rows:
        columns = row["columns"]
        assert isinstance(columns, list)
        if row["whole"] or columns:
            found.add(
                (str(row["name"]), str(row["role"]), str(row["verb"]), "*" if row["whole"] else " ".join(columns))
            )
    return found
