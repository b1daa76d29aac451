"""People as others see them, and what tells two of them apart who are called alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import count

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.order import Key, name_key


@dataclass(frozen=True)
class Somebody:
    """A person as others see them. `seats` of those who sit; `since` the first day, as ISO 8601 has it; `ended` when
    there is no mandate any more. `telephone`: of who coordinates, as E.164 has it, where it is told.

    `name` tells the person from everybody at the table; `name_within`, for beside the organisation, from everybody of
    that organisation.
    """

    person_id: str
    name: str
    name_within: str
    given_name: str
    family_name: str
    organisation: str
    kind: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    since: str
    ended: bool
    telephone: str = ""
    acts_for: str = ""
    """For whom, of a person who is here as a deputy alone: "for Joris Maes"; empty for everybody else."""

    @property
    def acting(self) -> str:
        """The name, and for whom: what stands where somebody is named as acting now."""
        return ", ".join(filter(None, (self.name, self.acts_for)))

    @property
    def acting_within(self) -> str:
        """The same beside the organisation."""
        return ", ".join(filter(None, (self.name_within, self.acts_for)))

    @cached_property
    def in_order(self) -> Key:
        """What people are sorted by: family name, then given name; of one name, whoever came first."""
        return name_key(self.family_name, self.given_name, self.since, self.name)

    @cached_property
    def in_order_of_organisations(self) -> Key:
        """The same where the organisation stands first."""
        return name_key(self.organisation, self.family_name, self.given_name, self.since, self.name)


def people_of(mandates: Sequence[pb.MandateView], language: Language, towns: Mapping[str, str]) -> dict[str, Somebody]:
    """Everybody with a mandate among these, by id; `towns` are the names of the towns by NIS code."""
    grouped: dict[str, list[pb.MandateView]] = defaultdict(list)
    for mandate in mandates:
        grouped[mandate.person_id].append(mandate)
    people = {person_id: _somebody(person_id, held) for person_id, held in grouped.items()}
    holders = {mandate.mandate_id: people[mandate.person_id].name for mandate in mandates}

    def details(person_id: str) -> Sequence[str]:
        return _details(people[person_id], grouped[person_id], language, towns)

    alone = told_apart({person_id: who.name for person_id, who in people.items()}, details, language)
    lines = {person_id: f"{who.name}\n{who.organisation}" for person_id, who in people.items()}
    within = told_apart(lines, details, language)
    return {
        person_id: replace(
            who, name=who.name + alone[person_id], name_within=who.name + within[person_id],
            acts_for=_alone_for(grouped[person_id], holders, language),
        )
        for person_id, who in people.items()
    }  # fmt: skip


def acting_for(mandate: pb.MandateView, holder: str, language: Language) -> str:
    """For whom somebody acts by a deputy's mandate; empty for one that is none."""
    return language.text(_("for %(name)s"), name=holder) if mandate.deputy_of and holder else ""


def _alone_for(mandates: Sequence[pb.MandateView], holders: Mapping[str, str], language: Language) -> str:
    valid = [mandate for mandate in mandates if not mandate.ended]
    if not valid or not all(mandate.deputy_of for mandate in valid):
        return ""
    return acting_for(valid[0], holders.get(valid[0].deputy_of, ""), language)


def told_apart(lines: Mapping[str, str], details: Callable[[str], Sequence[str]], language: Language) -> dict[str, str]:
    """What to put behind each line so that no two read the same: nothing, or the first of its details that differ.

    By the ids of the lines; the details of all are of the same kinds in the same order. When none differs, a number.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for line_id in sorted(lines):
        alike[_as_read(lines[line_id])].append(line_id)
    added = {ids[0]: "" for ids in alike.values() if len(ids) == 1}
    for ids in alike.values():
        if len(ids) > 1:
            added |= _differences({line_id: details(line_id) for line_id in ids}, language)
    return added


def _as_read(text: str) -> str:
    """Neither capitals nor spaces make a difference to somebody who chooses."""
    return " ".join(text.lower().split())


def _differences(details: Mapping[str, Sequence[str]], language: Language) -> dict[str, str]:
    """For lines that are all alike; as many details as it takes."""
    said = dict.fromkeys(details, "")
    for kind in zip(*details.values(), strict=True):
        if len(set(map(_as_read, said.values()))) < len(said) and len(set(map(_as_read, kind))) > 1:
            said = {line_id: _joined(text, detail) for (line_id, text), detail in zip(said.items(), kind, strict=True)}
    times = Counter(map(_as_read, said.values()))
    numbers = {text: count(1) for text in times}
    for line_id, text in said.items():
        if times[_as_read(text)] > 1:
            number = next(numbers[_as_read(text)])
            said[line_id] = _joined(text, language.text(_("number %(number)s"), number=number))
    return {line_id: f" ({text})" if text else "" for line_id, text in said.items()}


def _joined(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def _somebody(person_id: str, mandates: Sequence[pb.MandateView]) -> Somebody:
    valid = [mandate for mandate in mandates if not mandate.ended]
    shown = (valid or mandates)[0]
    name = f"{shown.given_name} {shown.family_name}".strip()
    roles = tuple(dict.fromkeys(mandate.role for mandate in valid or mandates))
    seats = tuple(dict.fromkeys(mandate.seat for mandate in valid or mandates if mandate.seat))
    return Somebody(
        person_id, name, name, shown.given_name, shown.family_name, shown.organisation_name, shown.organisation_kind,
        roles, seats, _first_day(valid or mandates), ended=not valid,
        telephone=next((mandate.telephone for mandate in valid if mandate.telephone), ""),
    )  # fmt: skip


def _first_day(mandates: Sequence[pb.MandateView]) -> str:
    # `from` is a word of Python.
    days: list[str] = [getattr(mandate, "from") for mandate in mandates]
    return min(days)


def _details(
    somebody: Somebody, mandates: Sequence[pb.MandateView], language: Language, towns: Mapping[str, str]
) -> tuple[str, ...]:
    """What else is known of a person, the most telling first; no e-mail address, for the directory keeps none."""
    shown = [mandate for mandate in mandates if not mandate.ended] or mandates
    labels = Labels(language)
    where = dict.fromkeys(towns.get(code, code) for mandate in shown for code in mandate.nis_codes)
    given = min((from_timestamp(mandate.given_at) for mandate in shown if mandate.HasField("given_at")), default=None)
    return (
        somebody.organisation,
        ", ".join(labels.of("role", role) for role in somebody.roles),
        ", ".join(sorted(where, key=name_key)),
        language.text(_("mandate from %(day)s"), day=language.day(date.fromisoformat(somebody.since), weekday=False)),
        language.text(_("mandate given on %(moment)s"), moment=language.moment(given)) if given else "",
    )
