"""What a municipality is written when the host does something in its cell without the cell; no person, no case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from services.kit.clock import BRUSSELS
from services.kit.execute import Work
from services.partner_directory.find import find_towns
from services.partner_directory.model import Announcement, Cell, Letter
from services.partner_directory.posting import Written

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "flanders": ("nl",), "wallonia": ("fr", "de"), "brussels": ("fr", "nl"),
}  # fmt: skip
"""By the region of the first town; a letter says it in each."""

SUBJECT: Mapping[str, str] = {
    "nl": "Rondetafel: de host deed iets in de cel {cell}",
    "fr": "Rondetafel : l'hébergeur a agi dans la cellule {cell}",
    "de": "Rondetafel: Der Host hat in der Zelle {cell} gehandelt",
}
ROLES: Mapping[str, Mapping[str, str]] = {
    "mayor": {"nl": "burgemeester", "fr": "bourgmestre", "de": "Bürgermeister"},
    "coordinator": {"nl": "coördinator", "fr": "coordinateur", "de": "Koordinator"},
}
SOME_ROLE: Mapping[str, str] = {"nl": "lid", "fr": "membre", "de": "Mitglied"}
WHAT: Mapping[str, Mapping[str, str]] = {
    "APPOINTED": {
        "nl": "De host stelde op {at} iemand aan als {role} van de cel {cell}. De inhoud gaat open op {opens_at}.",
        "fr": "L'hébergeur a désigné le {at} un {role} de la cellule {cell}. Le contenu s'ouvre le {opens_at}.",
        "de": "Der Host hat am {at} einen {role} der Zelle {cell} bestellt. Der Inhalt öffnet am {opens_at}.",
    },
    "ENDED": {
        "nl": "De host beëindigde op {at} het mandaat van een {role} van de cel {cell}.",
        "fr": "L'hébergeur a mis fin le {at} au mandat d'un {role} de la cellule {cell}.",
        "de": "Der Host hat am {at} das Mandat eines {role} der Zelle {cell} beendet.",
    },
    "RECOVERY_PROPOSED": {
        "nl": "De cel {cell} heeft niemand meer. Iemand van de host stelde op {at} een {role} voor; nog niets is "
        "gegeven. Daarvoor moeten een tweede persoon van de host en het toezicht van de cel ja zeggen.",
        "fr": "La cellule {cell} n'a plus personne. Quelqu'un de l'hébergeur a proposé le {at} un {role} ; rien n'est "
        "encore donné. Il faut pour cela le oui d'une deuxième personne de l'hébergeur et du contrôle de la cellule.",
        "de": "Die Zelle {cell} hat niemanden mehr. Jemand vom Host hat am {at} einen {role} vorgeschlagen; noch ist "
        "nichts gegeben. Dazu müssen eine zweite Person vom Host und die Aufsicht der Zelle Ja sagen.",
    },
    "RECOVERY_SECONDED": {
        "nl": "Een tweede persoon van de host zei op {at} ja tegen een {role} voor de cel {cell}, die niemand meer "
        "heeft. Zegt nu het toezicht van de cel ja, dan wordt het mandaat gegeven.",
        "fr": "Une deuxième personne de l'hébergeur a dit oui le {at} à un {role} pour la cellule {cell}, qui n'a plus "
        "personne. Si le contrôle de la cellule dit oui, le mandat est donné.",
        "de": "Eine zweite Person vom Host hat am {at} Ja zu einem {role} für die Zelle {cell} gesagt, die niemanden "
        "mehr hat. Sagt nun die Aufsicht der Zelle Ja, wird das Mandat gegeben.",
    },
    "RECOVERED": {
        "nl": "Twee personen van de host en het toezicht gaven op {at} aan de cel {cell}, die niemand meer had, een "
        "{role}. De inhoud gaat open op {opens_at}.",
        "fr": "Deux personnes de l'hébergeur et le contrôle ont donné le {at} à la cellule {cell}, qui n'avait plus "
        "personne, un {role}. Le contenu s'ouvre le {opens_at}.",
        "de": "Zwei Personen vom Host und die Aufsicht haben am {at} der Zelle {cell}, die niemanden mehr hatte, einen "
        "{role} gegeben. Der Inhalt öffnet am {opens_at}.",
    },
}
WRONG: Mapping[str, str] = {
    "nl": "Klopt dit niet, of weet uw gemeente hier niets van? Antwoord meteen op deze brief en verwittig het "
    "toezicht. U krijgt deze brief als contactpunt van de gemeente.",
    "fr": "Ceci n'est pas correct, ou votre commune l'ignore ? Répondez aussitôt à cette lettre et prévenez le "
    "contrôle. Vous la recevez comme point de contact de la commune.",
    "de": "Stimmt das nicht, oder weiß Ihre Gemeinde nichts davon? Antworten Sie sofort auf diesen Brief und "
    "verständigen Sie die Aufsicht. Sie erhalten ihn als Kontaktstelle der Gemeinde.",
}


async def announced_in(work: Work, letter: Letter) -> tuple[str, Written] | None:
    """To whom and what a letter to a town says; None for a cell without contact."""
    announcement = await find_announcement(work, letter)
    cell = await work.session.scalar(select(Cell).where(Cell.cell_id == announcement.cell_id))
    if cell is None or not cell.contact:
        return None
    towns = await find_towns(work, {cell.cell_id})
    return cell.contact, written(announcement, cell, LANGUAGES[towns[cell.cell_id][0].region])


async def find_announcement(work: Work, letter: Letter) -> Announcement:
    """What a letter to a town is about."""
    found = await work.session.scalar(
        select(Announcement).where(Announcement.announcement_id == letter.letter_id).with_for_update()
    )
    assert found is not None
    return found


def written(announcement: Announcement, cell: Cell, languages: tuple[str, ...]) -> Written:
    """The letter of one announcement, in each of these languages."""
    said = [(_what(announcement, cell, language), WRONG[language]) for language in languages]
    paragraphs = tuple((text, "") for pair in said for text in pair)
    return Written(SUBJECT[languages[0]].format(cell=cell.name), paragraphs, languages[0])


def _what(done: Announcement, cell: Cell, language: str) -> str:
    return WHAT[done.what][language].format(
        cell=cell.name,
        role=ROLES.get(done.role, SOME_ROLE)[language],
        at=_moment(done.at),
        opens_at=_moment(done.opens_at) if done.opens_at else "",
    )


def _moment(at: datetime) -> str:
    """Such as 24.11.2026, 10.00, as Brussels counts."""
    return f"{at.astimezone(BRUSSELS):%d.%m.%Y, %H.%M}"
