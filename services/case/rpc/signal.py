"""Concerns people tell of."""

from rondetafel.case.v1 import case_pb2 as pb
from services.case.commands.add_to_signal import AddToSignal, add_to_signal
from services.case.commands.answer_check import AnswerCheck, answer_check
from services.case.commands.ask_reporter import AskReporter, ask_reporter
from services.case.commands.dismiss_signal import DismissSignal, dismiss_signal
from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.commands.reconsider_signal import ReconsiderSignal, reconsider_signal
from services.case.commands.redirect_signal import RedirectSignal, redirect_signal
from services.case.commands.start_check import StartCheck, start_check
from services.case.commands.withdraw_signal import WithdrawSignal, withdraw_signal
from services.case.queries.list_possible_matches import ListPossibleMatches, list_possible_matches
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.read_check import ReadCheck, read_check
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["SignalService"],
    command(enter_signal, EnterSignal),
    query(read_signal, ReadSignal, pb.Signal, Differences(flat=("frame",))),
    command(start_check, StartCheck),
    command(answer_check, AnswerCheck),
    query(read_check, ReadCheck, pb.Check, Differences(flat=("known",))),
    command(dismiss_signal, DismissSignal),
    command(redirect_signal, RedirectSignal),
    command(withdraw_signal, WithdrawSignal),
    command(reconsider_signal, ReconsiderSignal),
    command(ask_reporter, AskReporter),
    command(add_to_signal, AddToSignal),
    query(list_signals, ListSignals, pb.ListSignalsResponse),
    query(list_possible_matches, ListPossibleMatches, pb.ListPossibleMatchesResponse),
)
