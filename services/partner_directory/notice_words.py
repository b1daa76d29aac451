"""What letters of what waits say, in four languages, and where they lead: no names, no content (invariant 18)."""

from __future__ import annotations

from collections.abc import Mapping

from services.kit.notices import NoticeKind

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
