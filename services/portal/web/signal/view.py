"""Signals as their pages show them: where each stands, and a line for each in a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One signal in a list: nothing of what was told, nor of whom."""

    address: str
    title: str
    text: str
    minor: bool
    tag: str
    sign: str
    kind: str


class SignalLines:
    """Turns signals into lines; `everyones` when others' are among them, so that each says who told it."""

    def __init__(self, table: TableView, language: Language, today: date, *, everyones: bool) -> None:
        self._table = table
        self._language = language
        self._labels = Labels(language)
        self._today = today
        self._everyones = everyones

    def waiting(self, signals: Iterable[pb.Signal]) -> list[SignalLine]:
        """Those that nobody answered yet: urgent ones first, then as long as they wait."""
        first = sorted(signals, key=lambda signal: (not signal.urgent, from_timestamp(signal.received_at)))
        return [self._line(signal) for signal in first]

    def answered(self, signals: Iterable[pb.Signal]) -> list[SignalLine]:
        """The others, newest first."""
        return [self._line(signal) for signal in signals]

    def _line(self, signal: pb.Signal) -> SignalLine:
        moment = self._language.moment(from_timestamp(signal.received_at), today=self._today)
        urgent = signal.urgent and signal.open
        sentence = _("Urgent signal of %(moment)s") if urgent else _("Signal of %(moment)s")
        tag, sign, kind = self._tag(signal, urgent)
        return SignalLine(
            f"{self._table.address}/signals/{signal.signal_id}", self._language.text(sentence, moment=moment),
            self._said(signal), signal.minor, tag, sign, kind,
        )  # fmt: skip

    def _said(self, signal: pb.Signal) -> str:
        town = [self._table.town(signal.nis_code) + "."] if len(self._table.found.cell.towns) > 1 else []
        by = [self._by(signal)] if self._everyones else []
        return " ".join([*town, *by])

    def _by(self, signal: pb.Signal) -> str:
        if signal.reporter_id == self._table.me:
            return self._language.text(_("Told by yourself."))
        reporter = self._table.person(signal.reporter_id)
        if not reporter.organisation:
            return self._language.text(_("Told by %(name)s."), name=reporter.name)
        return self._language.text(
            _("Told by %(name)s, %(organisation)s."), name=reporter.name_within, organisation=reporter.organisation
        )

    def _tag(self, signal: pb.Signal, urgent: bool) -> tuple[str, str, str]:
        word = self._labels.of("signal_state", signal.state)
        if urgent:
            return word, "triangle-alert", "heed"
        return word, "circle-dot" if signal.open else "circle-check", ""


def stages_of(signal: pb.Signal, language: Language) -> tuple[list[str], int]:
    """The stages a signal goes through, in words, and which one is now. It does not always need a check."""
    labels = Labels(language)
    passed = [capital(labels.of("signal_state", state)) for state in signal.way]
    to_come = [language.text(_("Answer of the coordinator"))] if signal.open else []
    return passed + to_come, len(passed) - 1


def capital(word: str) -> str:
    """The word as a line begins with it."""
    return word[:1].upper() + word[1:]
