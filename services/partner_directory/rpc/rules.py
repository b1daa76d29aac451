"""The texts a cell gives itself."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.commands.rules.accept_rules import AcceptRules, accept_rules
from services.partner_directory.commands.rules.decide_rules import DecideRules, decide_rules
from services.partner_directory.commands.rules.draft_rules import DraftRules, draft_rules
from services.partner_directory.commands.rules.upload_rules import UploadRules, upload_rules
from services.partner_directory.queries.list_rules import ListRules, RulesView, list_rules
from services.partner_directory.queries.read_rules import EarlierRules, ReadRules, read_rules
from services.partner_directory.queries.read_rules_file import ReadRulesFile, read_rules_file

VERSION = writer(pb.RulesVersion, RulesView, Differences(names={"from": "rules.in_force_from"}, flat=("rules",)))
EARLIER = writer(pb.EarlierRules, EarlierRules, Differences(names={"from": "first_day"}, flat=("texts",)))
READ = Differences(
    names={
        "drafted_by": "rules.rules.drafted_by",
        "decided_by": "rules.rules.decided_by",
        "version": "rules.rules.version",
    },
    flat=("texts",),
    nested=(VERSION, EARLIER),
)

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["RulesService"],
    command(draft_rules, DraftRules),
    command(upload_rules, UploadRules),
    command(decide_rules, DecideRules, Differences(names={"first_day": "from"})),
    command(accept_rules, AcceptRules),
    query(list_rules, ListRules, pb.ListRulesResponse, Differences(nested=(VERSION,))),
    query(read_rules, ReadRules, pb.RulesText, READ),
    query(read_rules_file, ReadRulesFile, pb.RulesFile),
)
