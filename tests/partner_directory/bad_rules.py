"""Bad input of the doors of rules: method, request, the field that is named."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from tests.partner_directory.signing_in import PEOPLE

A_PART: dict[str, Any] = {"kind": "internal_rules", "upload_id": str(PEOPLE), "part": "1/2", "piece": "JVBERi0="}
NOT_A_DAY: dict[str, Any] = {"rules_id": str(PEOPLE), "from": "soon"}
BAD_RULES: tuple[tuple[str, Message, str], ...] = (
    ("DraftRules", pb.DraftRulesRequest(kind="law"), "kind"),
    ("DraftRules", pb.DraftRulesRequest(kind="undertaking", follows="1"), "follows"),
    ("DraftRules", pb.DraftRulesRequest(kind="undertaking", text_nl="x" * 30_001), "text_nl"),
    ("DraftRules", pb.DraftRulesRequest(kind="undertaking", text_fr="x" * 30_001), "text_fr"),
    ("DraftRules", pb.DraftRulesRequest(kind="undertaking", text_de="x" * 30_001), "text_de"),
    ("UploadRules", pb.UploadRulesRequest(kind="law"), "kind"),
    ("UploadRules", pb.UploadRulesRequest(**A_PART | {"follows": "1"}), "follows"),
    ("UploadRules", pb.UploadRulesRequest(**A_PART | {"upload_id": ""}), "upload_id"),
    ("UploadRules", pb.UploadRulesRequest(**A_PART | {"part": "10/200"}), "part"),
    ("UploadRules", pb.UploadRulesRequest(**A_PART | {"piece": ""}), "piece"),
    ("UploadRules", pb.UploadRulesRequest(**A_PART | {"piece": "x" * 700_001}), "piece"),
    ("ReadRulesFile", pb.ReadRulesFileRequest(rules_id="1"), "rules_id"),
    ("ReadRulesFile", pb.ReadRulesFileRequest(rules_id=str(PEOPLE), part="100"), "part"),
    ("DecideRules", pb.DecideRulesRequest(rules_id="1"), "rules_id"),
    ("DecideRules", pb.DecideRulesRequest(rules_id=str(PEOPLE), reason="x" * 2001), "reason"),
    ("DecideRules", pb.DecideRulesRequest(**NOT_A_DAY), "from"),
    ("AcceptRules", pb.AcceptRulesRequest(rules_id="1"), "rules_id"),
    ("ListRules", pb.ListRulesRequest(page_size=51), "page_size"),
    ("ListRules", pb.ListRulesRequest(cursor="x"), "cursor"),
    ("ListRules", pb.ListRulesRequest(kind="law"), "kind"),
    ("ReadRules", pb.ReadRulesRequest(rules_id="1"), "rules_id"),
)
