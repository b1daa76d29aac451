"""Right requests about signals and their preliminary check (tests/kit/spoiled.py)."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from rondetafel.case.v1 import case_pb2

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"
SIGNALS: dict[type[Message], dict[str, Any]] = {
    case_pb2.EnterSignalRequest: {
        "nis_code": "24001", "observed": "a", "tried": "b", "reason": "c", "minor": True, "language": "nl",
        "question_id": ID,
        "person": {"given_name": "Milan", "family_name": "Claes", "birth_date": "2010-04-02", "address": "Kerk 1"},
    },
    case_pb2.ReadSignalRequest: {"signal_id": ID},
    case_pb2.ListSignalsRequest: {"page_size": 5, "cursor": ID, "time": "past"},
    case_pb2.StartCheckRequest: {"signal_id": ID, "expected_version": 1},
    case_pb2.AnswerCheckRequest: {
        "signal_id": ID, "expected_version": 1, "answer": "hold", "hold_until": "2026-12-24",
    },
    case_pb2.ReadCheckRequest: {"signal_id": ID},
    case_pb2.AskQuestionRequest: {"text": "Hoe begin ik dat gesprek?", "language": "nl"},
    case_pb2.AnswerQuestionRequest: {
        "question_id": ID, "expected_version": 1, "prepared": "talk_first", "text": "Bel mij.", "language": "nl",
    },
    case_pb2.CloseQuestionRequest: {"question_id": ID, "expected_version": 1},
    case_pb2.ReadQuestionRequest: {"question_id": ID},
    case_pb2.PublishAnswerRequest: {"question_id": ID, "question": "Hoe?", "answer": "Zo.", "language": "nl"},
    case_pb2.WithdrawAnswerRequest: {"answer_id": ID, "expected_version": 1},
    case_pb2.ListAnswersRequest: {
        "page_size": 5, "cursor": "0.1800000000000000.01932f6e5f0a7c3e9b1d2f6d3a1e4c55",
    },
    case_pb2.ListQuestionsRequest: {
        "page_size": 5, "cursor": "0.1800000000000000.01932f6e5f0a7c3e9b1d2f6d3a1e4c55", "time": "past",
    },
    case_pb2.DismissSignalRequest: {
        "signal_id": ID, "expected_version": 1, "reason": "other_purpose", "noted": "a", "told": "b",
    },
    case_pb2.RedirectSignalRequest: {
        "signal_id": ID, "expected_version": 1, "help": "school_support", "told": "a",
    },
    case_pb2.WithdrawSignalRequest: {"signal_id": ID, "expected_version": 1},
    case_pb2.ListPossibleMatchesRequest: {"signal_id": ID},
    case_pb2.ReconsiderSignalRequest: {"signal_id": ID, "expected_version": 1},
    case_pb2.AskReporterRequest: {"signal_id": ID, "expected_version": 1, "text": "Sinds wanneer?", "language": "nl"},
    case_pb2.AddToSignalRequest: {
        "signal_id": ID, "expected_version": 1, "text": "Sinds de herfst.", "language": "nl", "answers": ID,
    },
}  # fmt: skip
