"""What the circle of a case tells each other."""

from rondetafel.case.v1 import case_pb2 as pb
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.decline_contribution import DeclineContribution, decline_contribution
from services.case.commands.revise_contribution import ReviseContribution, revise_contribution
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import WriteContribution, write_contribution
from services.case.queries.read_case import ContributionView
from services.kit.methods import Served, command
from services.kit.shapes import Differences
from services.kit.writing import writer

WEIGHED = Differences(flat=("assessment",))
CONTRIBUTION = writer(pb.Contribution, ContributionView, WEIGHED)

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["ContributionService"],
    command(write_contribution, WriteContribution),
    command(revise_contribution, ReviseContribution),
    command(decline_contribution, DeclineContribution),
    command(assess_contribution, AssessContribution, WEIGHED),
    command(share_contribution, ShareContribution),
)
