"""A right request for each method of the case service, by its name."""

from __future__ import annotations

from typing import Any

from services.kit.ids import new_id
from tests.case.story import LEGAL_BASIS

ID = str(new_id())
PERSON: dict[str, Any] = {
    "given_name": "Milan", "family_name": "Claes", "birth_date": "2010-04-02", "address": "Kerkstraat 1",
}  # fmt: skip
ESTIMATED = {"years": 16, "as_of": "2026-11-20"}
AGED = {"given_name": "Milan", "estimated_age": ESTIMATED}
CRITERION = {
    "code": "isolation", "evidence_kind": "observation", "evidence_date": "2026-11-20", "argument": "Hij is alleen.",
}  # fmt: skip
RIGHT: dict[str, dict[str, Any]] = {
    "EnterSignal": {
        "nis_code": "24001", "person": PERSON, "observed": "a", "tried": "b", "reason": "c", "minor": True,
        "language": "nl",
    },
    "ReadSignal": {"signal_id": ID},
    "ListSignals": {"page_size": 5},
    "ProposeCase": {"signal_id": ID, "expected_version": 1, "criteria": [CRITERION], "best_interest": "Rust.",
                    "unchecked": "urgent"},
    "StartCheck": {"signal_id": ID, "expected_version": 1},
    "AnswerCheck": {"signal_id": ID, "expected_version": 1, "answer": "hold", "hold_until": "2026-12-24"},
    "ReadCheck": {"signal_id": ID},
    "ListPossibleMatches": {"signal_id": ID},
    "DismissSignal": {"signal_id": ID, "expected_version": 1, "reason": "too_little", "noted": "a", "told": "b"},
    "RedirectSignal": {"signal_id": ID, "expected_version": 1, "help": "welfare", "told": "a"},
    "WithdrawSignal": {"signal_id": ID, "expected_version": 1},
    "ReconsiderSignal": {"signal_id": ID, "expected_version": 1},
    "AskReporter": {"signal_id": ID, "expected_version": 1, "text": "Sinds wanneer?", "language": "nl"},
    "AddToSignal": {
        "signal_id": ID, "expected_version": 1, "text": "Sinds de herfst.", "language": "nl", "answers": ID,
    },
    "PlaceOnList": {"case_id": ID, "expected_version": 1, "reasons": "Aangetoond."},
    "RefuseCase": {"case_id": ID, "expected_version": 1, "reasons": "Niet aangetoond."},
    "ReconsiderCase": {"case_id": ID, "expected_version": 1},
    "InviteToCircle": {
        "case_id": ID, "expected_version": 1, "person_id": ID, "parts": ["content"], "from": "2026-11-24",
        "to": "2026-12-24", "why": "Kent hem.", "life_domains": ["leisure"],
    },
    "NoteInformation": {
        "case_id": ID, "expected_version": 1, "answer": "postponed", "day": "2026-12-24", "why": "safety",
    },
    "DeclareConflict": {"case_id": ID},
    "KeepOut": {"case_id": ID, "expected_version": 1, "person_id": ID},
    "LiftConflict": {"case_id": ID, "expected_version": 1, "person_id": ID},
    "EndInvitation": {"case_id": ID, "expected_version": 1, "entry_id": ID, "reason": "taken_back"},
    "WriteContribution": {"case_id": ID, "text": "a", "life_domain": "leisure", "language": "nl"},
    "ReviseContribution": {
        "contribution_id": ID, "expected_version": 1, "text": "a", "life_domain": "leisure", "language": "nl",
    },
    "DeclineContribution": {"case_id": ID},
    "AssessContribution": {
        "contribution_id": ID, "expected_version": 1, "need": "a", "less_is_enough": "b", "proportionality": "c",
        "person_informed": "informed", "legal_basis": LEGAL_BASIS,
    },
    "ShareContribution": {"contribution_id": ID, "expected_version": 1},
    "ReadCase": {"case_id": ID},
    "ListCases": {"page_size": 5, "state": "LISTED"},
    "ListWaiting": {},
    "AskQuestion": {"text": "Hoe begin ik dat gesprek?", "language": "nl"},
    "AnswerQuestion": {
        "question_id": ID, "expected_version": 1, "prepared": "talk_first", "text": "Bel mij.", "language": "nl",
    },
    "CloseQuestion": {"question_id": ID, "expected_version": 1},
    "ReadQuestion": {"question_id": ID},
    "ListQuestions": {"page_size": 5},
    "PublishAnswer": {"question_id": ID, "question": "Hoe?", "answer": "Zo.", "language": "nl"},
    "WithdrawAnswer": {"answer_id": ID, "expected_version": 1},
    "ListAnswers": {"page_size": 5},
}  # fmt: skip
