"""What a letter says that tells somebody what waits: a sentence of its kind, a code, a way to the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from services.kit.clock import last_day_of
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.principal import PLATFORM
from services.partner_directory.deputising import in_reserve
from services.partner_directory.lacking import lacking
from services.partner_directory.model import Letter, Mandate, Municipality, Notice, Rules
from services.partner_directory.posting import Reach, Written
from services.partner_directory.suspending import people_of_suspended
from services.partner_directory.unaccepted import to_remind

SUBJECT: Mapping[str, str] = {
    "nl": "Rondetafel: er wacht iets op je",
    "fr": "Rondetafel\u00a0: quelque chose vous attend",
    "de": "Rondetafel: Etwas wartet auf Sie",
    "en": "Rondetafel: something waits for you",
}
URGENT: Mapping[str, str] = {
    "nl": "Rondetafel: dringend, er wacht iets op je",
    "fr": "Rondetafel\u00a0: urgent, quelque chose vous attend",
    "de": "Rondetafel: dringend, etwas wartet auf Sie",
    "en": "Rondetafel: urgent, something waits for you",
}
SENTENCES: Mapping[NoticeKind, Mapping[str, str]] = {
    NoticeKind.URGENT_SIGNAL: {
        "nl": "Er is een dringend signaal binnengekomen.",
        "fr": "Un signal urgent est arrivé.",
        "de": "Ein dringendes Signal ist eingegangen.",
        "en": "An urgent signal has come in.",
    },
    NoticeKind.URGENT_AT_DEPUTY: {
        "nl": "Er is een dringend signaal voor de coördinator van wie je vervanger bent. Bel de coördinator of de "
        "burgemeester.",
        "fr": "Un signal urgent attend la personne qui coordonne et dont vous assurez la suppléance. Appelez-la, ou le "
        "bourgmestre.",
        "de": "Ein dringendes Signal wartet auf die Koordination, deren Vertretung Sie sind. Rufen Sie sie oder den "
        "Bürgermeister an.",
        "en": "An urgent signal waits for the coordinator whose deputy you are. Call the coordinator or the mayor.",
    },
    NoticeKind.CIRCLE_INVITATION: {
        "nl": "Je bent uitgenodigd in de kring van casus {code}.",
        "fr": "Une invitation vous attend\u00a0: le cercle du cas {code}.",
        "de": "Sie sind in den Kreis des Falls {code} eingeladen.",
        "en": "You are invited to the circle of case {code}.",
    },
    NoticeKind.CASE_PROPOSED: {
        "nl": "Casus {code} wacht op het antwoord van de burgemeester.",
        "fr": "Le cas {code} attend la réponse du bourgmestre.",
        "de": "Der Fall {code} wartet auf die Antwort des Bürgermeisters.",
        "en": "Case {code} waits for the mayor's answer.",
    },
    NoticeKind.SESSION_PLANNED: {
        "nl": "Er is een zitting gepland.",
        "fr": "Une séance est prévue.",
        "de": "Eine Sitzung ist geplant.",
        "en": "A session is planned.",
    },
    NoticeKind.SESSION_CANCELLED: {
        "nl": "Een zitting gaat niet door.",
        "fr": "Une séance n'aura pas lieu.",
        "de": "Eine Sitzung findet nicht statt.",
        "en": "A session will not be held.",
    },
    NoticeKind.MANDATE_ENDS: {
        "nl": "Je mandaat eindigt op {day}. Daarna kan je de tafel niet meer openen.",
        "fr": "Votre mandat prend fin le {day}. Ensuite, vous ne pourrez plus ouvrir la table.",
        "de": "Ihr Mandat endet am {day}. Danach können Sie den Tisch nicht mehr öffnen.",
        "en": "Your mandate ends on {day}. After that you cannot open the table any more.",
    },
    NoticeKind.UNDERTAKING_ENDS: {
        "nl": "Je belofte van geheimhouding eindigt op {day}. Beloof ze opnieuw om te blijven lezen.",
        "fr": "Votre promesse de confidentialité prend fin le {day}. Renouvelez-la pour continuer à lire.",
        "de": "Ihr Versprechen der Verschwiegenheit endet am {day}. Erneuern Sie es, um weiter zu lesen.",
        "en": "Your undertaking of secrecy ends on {day}. Accept it again to go on reading.",
    },
    NoticeKind.CLEARANCE_ENDS: {
        "nl": "De machtiging voor je zetel eindigt op {day}.",
        "fr": "L'habilitation pour votre siège prend fin le {day}.",
        "de": "Die Ermächtigung für Ihren Sitz endet am {day}.",
        "en": "The clearance for your seat ends on {day}.",
    },
    NoticeKind.SIGNAL_ANSWERED: {
        "nl": "Er is nieuws over een signaal.",
        "fr": "Il y a du nouveau sur un signal.",
        "de": "Es gibt Neues zu einem Signal.",
        "en": "There is news of a signal.",
    },
    NoticeKind.SIGNAL_ASKED: {
        "nl": "Er is een vraag over een signaal.",
        "fr": "Une question a été posée sur un signal.",
        "de": "Es gibt eine Frage zu einem Signal.",
        "en": "A question was asked about a signal.",
    },
    NoticeKind.SIGNAL_ADDED: {
        "nl": "Er is iets toegevoegd aan een signaal.",
        "fr": "Un signal a été complété.",
        "de": "Ein Signal wurde ergänzt.",
        "en": "Something was added to a signal.",
    },
    NoticeKind.CHECK_WANTED: {
        "nl": "Een vooronderzoek wacht op je antwoord.",
        "fr": "Un examen préalable attend votre réponse.",
        "de": "Eine Vorprüfung wartet auf Ihre Antwort.",
        "en": "A preliminary check waits for your answer.",
    },
    NoticeKind.CHECK_ANSWERED: {
        "nl": "Er is nieuws over een vooronderzoek.",
        "fr": "Il y a du nouveau sur un examen préalable.",
        "de": "Es gibt Neues zu einer Vorprüfung.",
        "en": "There is news of a preliminary check.",
    },
    NoticeKind.CHECK_LATE: {
        "nl": "Een vooronderzoek is over tijd.",
        "fr": "Un examen préalable a dépassé son délai.",
        "de": "Eine Vorprüfung ist überfällig.",
        "en": "A preliminary check is late.",
    },
    NoticeKind.HOLD_ENDS: {
        "nl": "Kijk opnieuw naar je antwoord op een vooronderzoek.",
        "fr": "Revoyez votre réponse à un examen préalable.",
        "de": "Sehen Sie Ihre Antwort auf eine Vorprüfung noch einmal an.",
        "en": "Look again at your answer to a preliminary check.",
    },
    NoticeKind.QUESTION_ASKED: {
        "nl": "Er is een vraag gesteld.",
        "fr": "Une question a été posée.",
        "de": "Es wurde eine Frage gestellt.",
        "en": "A question was asked.",
    },
    NoticeKind.ANSWER_WAITS: {
        "nl": "Er wacht een antwoord op je.",
        "fr": "Une réponse vous attend.",
        "de": "Eine Antwort wartet auf Sie.",
        "en": "An answer waits for you.",
    },
    NoticeKind.INFORMATION_DUE: {
        "nl": "Bij casus {code} moet nog gezegd worden of de betrokkene geïnformeerd is.",
        "fr": "Pour le cas {code}, il reste à dire si la personne concernée est informée.",
        "de": "Zum Fall {code} ist noch zu sagen, ob die betroffene Person informiert ist.",
        "en": "For case {code} it is still to be said whether the person concerned is informed.",
    },
    NoticeKind.RULES_WAIT: {
        "nl": "De afspraken van je tafel wachten op je akkoord.",
        "fr": "Les règles de votre table attendent votre accord.",
        "de": "Die Absprachen Ihres Tisches warten auf Ihre Zustimmung.",
        "en": "The rules of your table wait for you to accept them.",
    },
    NoticeKind.TABLE_LACKS: {
        "nl": "Er ontbreekt weer iets dat je tafel nodig heeft. Wat er loopt, gaat door.",
        "fr": "Il manque de nouveau quelque chose à votre table. Ce qui est en cours continue.",
        "de": "Ihrem Tisch fehlt wieder etwas, was er braucht. Was läuft, geht weiter.",
        "en": "Something your table needs is missing again. What runs goes on.",
    },
    NoticeKind.TABLE_SUSPENDED: {
        "nl": "De host heeft een van je tafels tijdelijk gesloten. Na het aanmelden lees je welke, en wie je belt.",
        "fr": "L'hébergeur a suspendu une de vos tables. Après la connexion, vous lirez laquelle et qui appeler.",
        "de": "Der Host hat einen Ihrer Tische ausgesetzt. Nach der Anmeldung lesen Sie, welchen und wen Sie anrufen.",
        "en": "The host has suspended one of your tables. After signing in you read which one, and whom to call.",
    },
    NoticeKind.TABLE_RESUMED: {
        "nl": "Een van je tafels is weer open.",
        "fr": "Une de vos tables est de nouveau accessible.",
        "de": "Einer Ihrer Tische ist wieder geöffnet.",
        "en": "One of your tables is open again.",
    },
    NoticeKind.SIGN_IN_STOLEN: {
        "nl": "Iemand van je tafel meldde dat een ander met zijn account was aangemeld. Alles daarvan is al "
        "afgemeld. Lees wat je nu doet.",
        "fr": "Quelqu'un de votre table a signalé qu'une autre personne s'était connectée avec son compte. Tout est "
        "déjà déconnecté. Lisez ce qu'il faut faire.",
        "de": "Jemand von Ihrem Tisch hat gemeldet, dass eine andere Person mit dem eigenen Konto angemeldet war. "
        "Alles davon ist schon abgemeldet. Lesen Sie, was jetzt zu tun ist.",
        "en": "Somebody of your table reported that another person was signed in with their account. All of it is "
        "signed out already. Read what to do now.",
    },
}
ENDING: Mapping[str, str] = {
    "nl": "Meer staat er niet in deze brief, en dat is de bedoeling: de inhoud lees je na het aanmelden. Wanneer we "
    "schrijven, staat in de hulp.",
    "fr": "Cette lettre n'en dit pas plus, et c'est voulu\u00a0: le contenu se lit après la connexion. L'aide dit "
    "quand nous écrivons.",
    "de": "Mehr steht nicht in diesem Brief, und das ist gewollt: Den Inhalt lesen Sie nach der Anmeldung. Wann wir "
    "schreiben, steht in der Hilfe.",
    "en": "This letter says no more, and that is meant: the content is read after signing in. When we write is told "
    "in the help.",
}
PATHS: Mapping[NoticeKind, str] = {
    NoticeKind.URGENT_SIGNAL: "/cells/{cell}/signals/{object}",
    NoticeKind.URGENT_AT_DEPUTY: "/",
    NoticeKind.CIRCLE_INVITATION: "/cells/{cell}/cases/{object}",
    NoticeKind.CASE_PROPOSED: "/cells/{cell}/cases/{object}",
    NoticeKind.SESSION_PLANNED: "/cells/{cell}/sessions/{object}",
    NoticeKind.SESSION_CANCELLED: "/cells/{cell}/sessions/{object}",
    NoticeKind.MANDATE_ENDS: "/cells/{cell}",
    NoticeKind.UNDERTAKING_ENDS: "/cells/{cell}/undertaking",
    NoticeKind.CLEARANCE_ENDS: "/cells/{cell}",
    NoticeKind.SIGNAL_ANSWERED: "/cells/{cell}/signals/{object}",
    NoticeKind.SIGNAL_ASKED: "/cells/{cell}/signals/{object}",
    NoticeKind.SIGNAL_ADDED: "/cells/{cell}/signals/{object}",
    NoticeKind.CHECK_WANTED: "/cells/{cell}/signals/{object}/check",
    NoticeKind.CHECK_ANSWERED: "/cells/{cell}/signals/{object}",
    NoticeKind.CHECK_LATE: "/cells/{cell}/signals/{object}/check",
    NoticeKind.HOLD_ENDS: "/cells/{cell}/signals/{object}/check",
    NoticeKind.QUESTION_ASKED: "/cells/{cell}/questions/{object}",
    NoticeKind.ANSWER_WAITS: "/",
    NoticeKind.INFORMATION_DUE: "/cells/{cell}/cases/{object}",
    NoticeKind.RULES_WAIT: "/cells/{cell}/rules",
    NoticeKind.TABLE_LACKS: "/cells/{cell}/set-up",
    NoticeKind.TABLE_SUSPENDED: "/",
    NoticeKind.TABLE_RESUMED: "/cells/{cell}",
    NoticeKind.SIGN_IN_STOLEN: "/help/stolen",
}
"""Where the thing is read; whoever acts for the host has no page of a cell, and begins where all begin."""
OF_MANDATES: Mapping[NoticeKind, str] = {
    NoticeKind.MANDATE_ENDS: "ends_at",
    NoticeKind.UNDERTAKING_ENDS: "undertaken_until",
    NoticeKind.CLEARANCE_ENDS: "clearance_ends_at",
}
"""Which end of a mandate is told: a letter of one that was moved meanwhile would be wrong."""
NO_TOWN = "nl"


async def noticed_in(work: Work, letter: Letter) -> tuple[str, Written] | None:
    """To whom and what such a letter says; None when nothing of it waits any more, or nobody is to be reached.

    In the language of the person's account, else of the first town of their mandate.
    """
    assert letter.person_id is not None
    await work.scope_to(letter.person_id)
    suspended = await people_of_suspended(work, letter.person_id)
    mandates = suspended or await _mandates(work, letter)
    waiting = [row for row in await _notices(work, letter) if _still(row, mandates, work)]
    waiting = [row for row in waiting if row.kind != NoticeKind.RULES_WAIT or await _unaccepted(work, row)]
    if any(row.kind == NoticeKind.TABLE_LACKS for row in waiting) and not await lacking(work):
        waiting = [row for row in waiting if row.kind != NoticeKind.TABLE_LACKS]
    if suspended:
        waiting = [row for row in waiting if row.kind == NoticeKind.TABLE_SUSPENDED]
    if not mandates:
        # A deputy whose turn it is not reads nothing here, and is told nothing else.
        mandates = [deputy for deputy in await in_reserve(work) if deputy.person_id == letter.person_id]
        waiting = [row for row in waiting if row.kind == NoticeKind.URGENT_AT_DEPUTY]
    if not mandates or not waiting:
        return None
    reached = work.ask(Reach(letter.person_id))
    if reached is None:
        return None
    language = reached.language if reached.language in SUBJECT else await _language(work, mandates)
    return reached.email, written(work, waiting, language, urgent=letter.urgent)


def written(work: Work, waiting: Sequence[Notice], language: str, *, urgent: bool) -> Written:
    """The letter in that language, the oldest first."""
    # Secrecy is promised for all mandates of a table at once: what reads the same is said once.
    said = dict.fromkeys((_sentence(row, language), _path(work, row)) for row in waiting)
    return Written((URGENT if urgent else SUBJECT)[language], (*said, (ENDING[language], "/help")), language)


def _sentence(row: Notice, language: str) -> str:
    day = f"{last_day_of(row.until):%d.%m.%Y}" if row.until else ""
    return SENTENCES[NoticeKind(row.kind)][language].format(code=row.code, day=day)


def _path(work: Work, row: Notice) -> str:
    if work.cell_id == PLATFORM:
        return "/"
    return PATHS[NoticeKind(row.kind)].format(cell=work.cell_id, object=row.object_id)


async def _unaccepted(work: Work, row: Notice) -> bool:
    return row.person_id in await to_remind(work, await work.session.get(Rules, (work.cell_id, row.object_id)))


async def _mandates(work: Work, letter: Letter) -> Sequence[Mandate]:
    """Those that are valid now; who has none is told nothing any more."""
    valid = select(Mandate).where(
        Mandate.tenant_id == work.cell_id, Mandate.person_id == letter.person_id,
        Mandate.counts_from <= work.now, Mandate.counts_until > work.now, Mandate.end_reason.is_(None),
    )  # fmt: skip
    return (await work.session.scalars(valid.order_by(Mandate.mandate_id))).all()


async def _notices(work: Work, letter: Letter) -> Sequence[Notice]:
    found = select(Notice).where(Notice.tenant_id == work.cell_id, Notice.letter_id == letter.letter_id)
    return (await work.session.scalars(found.order_by(Notice.asked_at, Notice.notice_id))).all()


def _still(row: Notice, mandates: Sequence[Mandate], work: Work) -> bool:
    if row.over_at is not None or (row.until is not None and row.until <= work.now):
        return False
    column = OF_MANDATES.get(NoticeKind(row.kind))
    ends = {mandate.mandate_id: getattr(mandate, column) for mandate in mandates} if column else {}
    return column is None or ends.get(row.object_id) == row.until


async def _language(work: Work, mandates: Sequence[Mandate]) -> str:
    towns = [town for mandate in mandates for town in mandate.nis_codes]
    if not towns:
        return NO_TOWN
    found = select(Municipality.own_language).where(Municipality.nis_code == min(towns))
    return await work.session.scalar(found) or NO_TOWN
