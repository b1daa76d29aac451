"""A change of the register of the law in words, as it is read before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.answers import Answer, Answers, Doubt
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES, Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title

BACK = "/host/law"


def added_answers(
    asked: pb.AddLegalBasisRequest, versions: Sequence[pb.LegalBasisVersion], language: Language
) -> Answers:
    """What comes in, and what ends by it."""
    say, labels = language.text, Labels(language)
    of = {kind: ", ".join(labels.of(kind, code) for code in codes) for kind, codes in (
        ("legal_purpose", asked.allows), ("kind", asked.partner_kinds), ("region", asked.regions))}  # fmt: skip
    before = _in_force_before(asked, versions)
    ends = law_title(before, language) if before else say(_("nothing; it stands beside the others"))
    said = [
        Answer(say(_("Its code")), asked.code, "code"),
        Answer(say(_("First day")), _day(getattr(asked, "from"), language), "from"),
        Answer(say(_("Last day")), _day(asked.to, language) or say(_("none is known")), "to"),
        Answer(say(_("What ends the day before")), ends, "replaces"),
        Answer(say(_("What it is for")), of["legal_purpose"], "allows"),
        Answer(say(_("For whom")), of["kind"] or say(_("all partners")), "partner_kinds"),
        Answer(say(_("Where")), of["region"] or say(_("everywhere in Belgium")), "regions"),
        *_texts(asked, language),
        Answer(say(_("Source, in English")), asked.source, "source"),
    ]
    doubts = _resting(before, language) if before else []
    return Answers(say(_("Is this what comes into the register?")), said, say(_("Put it in")), _back(language), doubts)


def ended_answers(asked: pb.EndLegalBasisRequest, version: pb.LegalBasisVersion, language: Language) -> Answers:
    """Which one ends, and when."""
    say = language.text
    said = [
        Answer(say(_("Legal basis")), law_title(version, language)),
        Answer(say(_("Last day")), _day(asked.last_day, language), "last_day"),
    ]
    doubts = _resting(version, language)
    return Answers(say(_("Is this its last day?")), said, say(_("Give it this last day")), _back(language), doubts)


def _texts(asked: pb.AddLegalBasisRequest, language: Language) -> Iterable[Answer]:
    """In the order of the form; a language left out has the Dutch text."""
    kinds = (("title", _("Full title, %(language)s")), ("name", _("How a sentence calls it, %(language)s")))
    for code, called in NAMES.items():
        for kind, question in kinds:
            text = getattr(asked, f"{kind}_{code}") or getattr(asked, f"{kind}_nl")
            yield Answer(language.text(question, language=called), text, f"{kind}_{code}")


def _in_force_before(
    asked: pb.AddLegalBasisRequest, versions: Sequence[pb.LegalBasisVersion]
) -> pb.LegalBasisVersion | None:
    """The version that ends by it, as the directory finds it. Days in ISO form compare as texts."""
    code, first = asked.replaces or asked.code, getattr(asked, "from")
    there = (version for version in versions if version.code == code and getattr(version, "from") < first)
    return next((version for version in there if not version.to or version.to >= first), None)


def _resting(version: pb.LegalBasisVersion, language: Language) -> list[Doubt]:
    number = version.mandates_beyond
    if not number:
        return []
    told = language.plural(
        "%(num)d mandate rests on what ends and keeps it to its own end. None is given on it beyond its last day.",
        "%(num)d mandates rest on what ends and keep it to their own end. None is given on it beyond its last day.",
        number,
    )
    return [Doubt(told)]


def _day(iso: str, language: Language) -> str:
    return language.day(date.fromisoformat(iso), weekday=False) if iso else ""


def _back(language: Language) -> tuple[str, str]:
    return BACK, language.text(_("Back to the register"))
