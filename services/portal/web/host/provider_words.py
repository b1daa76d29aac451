"""A provider in words: what it is, how far it is, and what comes of enabling or disabling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.answers import Answer, Answers, Doubt
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.sentences import SENTENCES

ENABLED = "ENABLED"
OVER = _("What this provider said of itself ended on %(day)s. Nobody comes in by it until you give new metadata.")
ENDS = _("What this provider says of itself ends on %(day)s. Ask the organisation for new metadata before then.")
WRONG = _("Its metadata could not be taken over since %(moment)s. What was read before counts on.")


@dataclass(frozen=True, slots=True)
class Task:
    """A step until people sign in, and whether it is done; None where nobody here can know."""

    text: str
    hint: str
    status: str
    done: bool | None


def row_of(provider: pb.Provider, language: Language) -> tuple[Mapping[str, str], str, str]:
    """Name and page, domains, state."""
    return (
        {"text": provider.name, "href": f"/host/providers/{provider.provider_id}"},
        _domains(provider), language.text(_state(provider)),
    )  # fmt: skip


def facts_of(provider: pb.Provider, language: Language) -> list[tuple[str, str]]:
    """What it is, and for whom it speaks."""
    say = language.text
    level = ", ".join(provider.trusted_levels) or say(_("no: people take the second step here"))
    if provider.HasField("saml"):
        return [*_whom(provider, language), *_saml_facts(provider, language), *_mirror_facts(provider, language)]
    return [
        *_whom(provider, language),
        (say(_("Address of the issuer")), provider.issuer),
        (say(_("Its name for us (client ID)")), provider.client_id),
        (say(_("How we prove ourselves there")), say(_("by a secret") if provider.by_secret else _("by our own key"))),
        (say(_("Trusted for two steps")), level),
        *_mirror_facts(provider, language),
    ]


def warnings_of(provider: pb.Provider, language: Language) -> list[str]:
    """What the host has to see to, the gravest first."""
    if not provider.HasField("saml"):
        return []
    say, saml, said = language.text, provider.saml, []
    ends = language.day(from_timestamp(saml.ends_at), weekday=False)
    if saml.over:
        said.append(say(OVER, day=ends))
    elif saml.needs_new:
        said.append(say(ENDS, day=ends))
    if saml.wrong:
        said.append(say(WRONG, moment=_moment(saml, "wrong_since", language)))
        said += [say(SENTENCES[saml.wrong])] if saml.wrong in SENTENCES else []
    return said


def _whom(provider: pb.Provider, language: Language) -> list[tuple[str, str]]:
    say = language.text
    return [
        (say(_("State")), say(_state(provider))),
        (say(_("Organisations")), ", ".join(found.name for found in provider.organisations)),
        (say(_("E-mail domains, by the host's word")), _domains(provider)),
    ]


def _saml_facts(provider: pb.Provider, language: Language) -> list[tuple[str, str]]:
    say, saml = language.text, provider.saml
    facts = [
        (say(_("Its name for itself (entity ID)")), provider.issuer),
        (say(_("Where people sign in")), saml.sign_in_address),
        (say(_("Its metadata")), saml.address or say(_("a file that you gave"))),
        (say(_("Read last")), _moment(saml, "read_at", language)),
        (say(_("Signed by")), _finger(saml.signer) or say(_("nobody: compare the certificates with the organisation"))),
        (say(_("The attribute with the address")), saml.email_attribute),
        (say(_("Trusted for two steps")), say(_("no: people take the second step here"))),
    ]
    for found in saml.certificates:
        until = language.day(from_timestamp(found.ends_at), weekday=False)
        facts.append((say(_("Certificate until %(day)s"), day=until), _finger(found.fingerprint)))
    if saml.HasField("valid_until"):
        facts.append((say(_("The metadata counts until")), _moment(saml, "valid_until", language)))
    return facts


def _mirror_facts(provider: pb.Provider, language: Language) -> list[tuple[str, str]]:
    say, facts = language.text, []
    if provider.HasField("mirrored_at"):
        facts.append((say(_("Compared with the sign-in service")), _moment(provider, "mirrored_at", language)))
    if provider.HasField("mended_at"):
        facts.append((say(_("Found changed there and put right")), _moment(provider, "mended_at", language)))
    return facts


def tasks_of(provider: pb.Provider, language: Language) -> list[Task]:
    """The steps until people sign in by it, in order."""
    say = language.text
    there, on = provider.mirrored, provider.state == ENABLED
    yes, no = say(_("done")), say(_("not yet"))
    soon = "" if there else say(_("This takes a moment. Load the page again."))
    return [
        Task(
            say(_("Its metadata was read, and it is in order") if provider.HasField("saml")
                else _("Its address was read, and it is in order")),
            "", yes, True,
        ),
        Task(say(_("The sign-in service knows it")), soon, yes if there else no, there),
        Task(
            say(_("The organisation lets us in")), say(_("They fill in what stands below. You cannot see it here.")),
            say(_("theirs to do")), None,
        ),
        Task(say(_("People sign in by it")), "", yes if on else no, on),
    ]  # fmt: skip


def switched_answers(provider: pb.Provider, language: Language, *, disables: bool) -> Answers:
    """What comes of it."""
    say = language.text
    said = [
        Answer(say(_("Organisations")), ", ".join(found.name for found in provider.organisations)),
        Answer(say(_("E-mail domains, by the host's word")), _domains(provider)),
    ]
    back = (f"/host/providers/{provider.provider_id}", say(_("Back")))
    if disables:
        out = Doubt(say(_("Whoever signed in by it is out within a second, also in the middle of their work.")))
        return Answers(say(_("Shut this provider out?")), said, say(_("Shut it out")), back, [out])
    here = Doubt(say(_("From now on people with these addresses sign in there, and nobody new gets a password here.")))
    return Answers(say(_("Let people sign in by it?")), said, say(_("Let them sign in")), back, [here])


def _domains(provider: pb.Provider) -> str:
    return ", ".join(found.domain for found in provider.domains)


def _state(provider: pb.Provider) -> str:
    return _("people sign in by it") if provider.state == ENABLED else _("nobody signs in by it")


def _moment(provider: pb.Provider | pb.SamlMetadata, name: str, language: Language) -> str:
    return language.moment(from_timestamp(getattr(provider, name)))


def _finger(fingerprint: str) -> str:
    """A SHA-256 in pairs, as people compare it."""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()
