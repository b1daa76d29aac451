"""Bodies, queries and answers of partner_directory. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.portal.api.generated import codes
from services.portal.api.schema import Body, Day, Id, IdOrEmpty, Kbo, Name, Nis, Page, Query, Text, View, example


class CreateCell(Body):
    """A cell for one town or several."""

    model_config = example({"nis_codes": ["24001"], "name": "Vaartbeke", "brand_colour": "#1b6c68"})

    nis_codes: list[Nis] = Field(min_length=1, max_length=20, description="The towns, the first gives the name.")
    name: Name | None = Field(None, max_length=200, description="Shown name; empty = name of the first municipality.")
    brand_colour: str | None = Field(
        None, max_length=7, description='"#rrggbb" in lower case; empty = the colour of the house.'
    )
    contact: Text | None = Field(
        None,
        max_length=254,
        description=(
            "E-mail address of the municipality, of no person; it is told what the host does here without the"
            " cell. May be empty."
        ),
    )


class SuspendCell(Body):
    """Which cell, and why."""

    model_config = example({"reason": "incident"})

    reason: codes.CellSuspensionReasons


class ChangeBrandColour(Body):
    """The one colour the pages of a cell are tinted with."""

    model_config = example({"brand_colour": "#7a2230"})

    brand_colour: str = Field(max_length=7, description='"#rrggbb" in lower case; empty = the colour of the house.')


class SetDpia(Body):
    """Where the data protection impact assessment is found."""

    model_config = example({"reference": "GEB LIVC-R 2026/4", "on": "2026-10-05"})

    reference: Text = Field(min_length=1, max_length=200, description="A title, number or place, of no person.")
    on: Day = Field(description="The day of the assessment, today or before.")


class SetDangerContact(Body):
    """Whom to reach in acute danger."""

    model_config = example({"danger_contact": "Wachtdienst preventie, 016 00 00 00"})

    danger_contact: Text = Field(
        min_length=1, max_length=200, description="A duty or a desk, how and when it is reached; of no person."
    )


class ChangeContact(Body):
    """Where letters to the municipality go."""

    model_config = example({"contact": "veiligheid@vaartbeke.example"})

    contact: Text = Field(min_length=3, max_length=254, description="Of the municipality, of no person.")


class RegisterOrganisation(Body):
    """A partner organisation."""

    model_config = example({"kbo_number": "0417497106", "name": "CAW Kanaal", "kind": "caw"})

    kbo_number: Kbo = Field(description="Ten digits, the last two = 97 - (first eight mod 97).")
    name: Name = Field(min_length=1, max_length=200)
    kind: codes.OrganisationKinds = Field(description="A partner kind such as caw, school or local_police.")


class InvitePerson(Body):
    """A mandate somebody is invited to by letter. The address is where the letter goes, and binds nobody."""

    model_config = example(
        {
            "email": "nele@caw-kanaal.example",
            "given_name": "Nele",
            "family_name": "Claes",
            "kbo_number": "0417497106",
            "role": "participant",
            "nis_codes": ["24001"],
            "from": "2026-11-24",
            "to": "2027-11-23",
            "legal_basis": "decree-vl-2021-05-21",
            "language": "nl",
        }
    )

    email: Text = Field(min_length=3, max_length=254)
    given_name: Name = Field(min_length=1, max_length=200)
    family_name: Name = Field(min_length=1, max_length=200)
    kbo_number: Kbo = Field(description="The organisation the person speaks for.")
    role: codes.CellRoles
    nis_codes: list[Nis] = Field([], max_length=20, description="The towns it is for; empty = all of the cell.")
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: Text = Field(
        min_length=1, max_length=64, description="Code of a legal basis in force for that kind of partner."
    )
    clearance_until: Day | None = Field(None, description="Police seats only: last day of the clearance.")
    language: codes.Languages | None = Field(None, description="Of the letter; empty = that of the first town.")
    note: Text | None = Field(
        None,
        max_length=500,
        description=(
            "A few words to the person, who reads them after coming with the code, until secrecy is accepted:"
            " never anything about a case. May be empty."
        ),
    )
    deputy_of: Id | None = Field(
        None,
        description=(
            "Of a deputy: the mandate of whoever this person stands in for, and when. Empty otherwise, and "
            "for the host."
        ),
    )
    deputy_when: codes.DeputyTurns | None = None


class EndMandate(Body):
    """Why a mandate ends."""

    model_config = example({"reason": "successor"})

    reason: codes.EndReasons


class ShortenMandate(Body):
    """Which mandate, its new last day, inclusive, and why."""

    model_config = example({"last_day": "2027-01-31", "reason": "left"})

    last_day: Day
    reason: codes.EndReasons


class ExtendMandate(Body):
    """A later last day, inclusive, as it is in Brussels."""

    model_config = example({"last_day": "2028-11-23"})

    last_day: Day


class ChangeMandate(Body):
    """The towns it is for from now on, and the last day of the clearance."""

    model_config = example({"nis_codes": ["24001"], "clearance_until": "2028-01-01"})

    nis_codes: list[Nis] = Field(min_length=1, max_length=20)
    clearance_until: Day | None = Field(
        None, description="Of members of the police alone; inclusive, as it is in Brussels. Empty: none is on record."
    )


class SuspendMandate(Body):
    """Why it opens nothing for a while."""

    model_config = example({"reason": "inquiry"})

    reason: codes.SuspensionReasons


class SuspendOrganisation(Body):
    """Why all its people are out for a while."""

    model_config = example({"reason": "inquiry"})

    reason: codes.SuspensionReasons


class NameDeputy(Body):
    """Whose deputy, and when."""

    model_config = example({"holder_id": "01932f6e-0000-7000-8000-000000000002", "when": "absent"})

    holder_id: Id = Field(description="The holder's.")
    when: codes.DeputyTurns


class MarkAbsent(Body):
    """From when until when, both days inclusive."""

    model_config = example({"first_day": "2027-02-01", "last_day": "2027-02-14"})

    first_day: Day
    last_day: Day


class AcceptUndertaking(Body):
    """The undertaking of secrecy that was shown and is accepted."""

    model_config = example({"text_version": "2026-1"})

    text_version: Text = Field(min_length=1, max_length=64, description="Version of the text that was shown.")


class AcceptInvitation(Body):
    """The code of the letter, by which somebody comes."""

    model_config = example({"code": "K7RH-4MXE"})

    code: Text = Field(
        min_length=1, max_length=64, description="Eight letters and digits; case, spaces and dashes do not matter."
    )


class FoundSeat(Body):
    """In which cell, whom, as what, from when to when, on which basis."""

    model_config = example(
        {
            "email": "burgemeester@vaartbeke.example",
            "given_name": "Nele",
            "family_name": "Claes",
            "kbo_number": "0417497106",
            "role": "mayor",
            "nis_codes": ["24001"],
            "from": "2026-11-24",
            "to": "2027-11-23",
            "legal_basis": "decree-vl-2021-05-21",
            "language": "nl",
        }
    )

    email: Text = Field(min_length=3, max_length=254)
    given_name: Name = Field(min_length=1, max_length=200)
    family_name: Name = Field(min_length=1, max_length=200)
    kbo_number: Kbo = Field(description="The organisation the person speaks for.")
    role: codes.FoundingRoles
    nis_codes: list[Nis] = Field([], max_length=20, description="The towns it is for; empty = all of the cell.")
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: Text = Field(
        min_length=1, max_length=64, description="Code of a legal basis in force for that kind of partner."
    )
    language: codes.Languages | None = Field(None, description="Of the letter; empty = that of the first town.")


class CheckSeats(Body):
    """A list of seats, as a spreadsheet saves it (CSV; semicolons, commas or tabs; UTF-8, UTF-16 or Windows-1252)."""

    model_config = example({"file": "RS1tYWlsYWRyZXM7Vm9vcm5hYW0="})

    file: Text = Field(min_length=1, max_length=700_000, description="At most 512 KiB and 300 rows, as base64.")


class ImportSeats(Body):
    """The same list, to be invited."""

    model_config = example({"file": "RS1tYWlsYWRyZXM7Vm9vcm5hYW0="})

    file: Text = Field(min_length=1, max_length=700_000, description="As in CheckSeats.")


class ProposeRecovery(Body):
    """A mandate for somebody in a cell that has neither mayor nor coordinator."""

    model_config = example(
        {
            "cell_id": "01932f6e-0000-7000-8000-000000000001",
            "email": "lieve@kanaalstad.example",
            "given_name": "Lieve",
            "family_name": "Maes",
            "kbo_number": "0417497106",
            "role": "mayor",
            "nis_codes": ["24001"],
            "from": "2026-11-24",
            "to": "2027-11-23",
            "legal_basis": "law-2018-07-30",
        }
    )

    cell_id: Id
    email: Text = Field(min_length=3, max_length=254)
    given_name: Name = Field(min_length=1, max_length=200)
    family_name: Name = Field(min_length=1, max_length=200)
    kbo_number: Kbo
    role: codes.FoundingRoles
    nis_codes: list[Nis] = Field([], max_length=20, description="The towns it is for; empty = all of the cell.")
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: Text = Field(min_length=1, max_length=64)


class AddLegalBasis(Body):
    """A legal basis, or a new version of one."""

    model_config = example(
        {
            "code": "decree-vl-2027-05-21",
            "from": "2027-09-01",
            "replaces": "decree-vl-2021-05-21",
            "allows": ["take_part"],
            "partner_kinds": ["caw"],
            "regions": ["flanders"],
            "title_nl": "Vlaams decreet van 21 mei 2027",
            "title_fr": "Décret flamand du 21 mai 2027",
            "name_nl": "Vlaams decreet van 21 mei 2027",
            "name_fr": "décret flamand du 21 mai 2027",
            "source": "Belgian Official Gazette, 5 July 2027",
        }
    )

    code: Text = Field(
        min_length=1,
        max_length=64,
        description="Small letters, digits and hyphens; that of a basis there is for a new version of it.",
    )
    from_: Day = Field(alias="from")
    to: Day | None = Field(
        None, description="The last day, inclusive, as it is in Brussels; empty while none is known."
    )
    replaces: Text | None = Field(
        None,
        max_length=64,
        description=(
            "The code of the one that ends the day before; empty = the version before of the same code, where"
            " there is one."
        ),
    )
    allows: list[codes.LegalPurposes] = Field(min_length=1, max_length=4)
    partner_kinds: list[codes.OrganisationKinds] = Field(
        [], max_length=20, description="Whom it lets take part; empty = every kind of partner."
    )
    regions: list[codes.Regions] = Field([], max_length=3, description="Where it applies; empty = everywhere.")
    title_nl: Name = Field(min_length=1, max_length=500)
    title_fr: Name = Field(min_length=1, max_length=500)
    title_de: Name | None = Field(
        None, max_length=500, description="Empty = as in Dutch, as are the other titles and names."
    )
    title_en: Name | None = Field(None, max_length=500)
    name_nl: Name = Field(min_length=1, max_length=200, description="How a sentence calls it.")
    name_fr: Name = Field(min_length=1, max_length=200)
    name_de: Name | None = Field(None, max_length=200)
    name_en: Name | None = Field(None, max_length=200)
    source: Text = Field(
        min_length=1, max_length=1_000, description="Where it was read, and what of it is to be confirmed; in English."
    )


class EndLegalBasis(Body):
    """The last day of a version."""

    model_config = example({"last_day": "2027-08-31"})

    last_day: Day = Field(description="Inclusive, as it is in Brussels.")


class DraftRules(Body):
    """A text of the cell in plain structure: `#` and `##` before a heading, `-` or `1.` before an entry of a list, an
    empty line between paragraphs. Never HTML: it is shown as it is written."""

    model_config = example({"kind": "internal_rules", "text_nl": "# Doel\n\nWij helpen mensen tijdig."})

    kind: codes.RulesKinds
    follows: Id | None = Field(
        None, description="The newest version of this kind that the author saw; empty when there was none."
    )
    text_nl: Text | None = Field(
        None, max_length=30_000, description="At least one language; who reads another one sees the first of these."
    )
    text_fr: Text | None = Field(None, max_length=30_000)
    text_de: Text | None = Field(None, max_length=30_000)


class UploadRules(Body):
    """A part of a PDF. Base64 in JSON like all else, so that there is one kind of body with one set of limits."""

    model_config = example(
        {
            "kind": "cooperation_protocol",
            "upload_id": "01932f6e-0000-7000-8000-00000000000e",
            "part": "1/3",
            "piece": "JVBERi0xLjcK",
        }
    )

    kind: codes.RulesKinds = Field(description="internal_rules or cooperation_protocol.")
    follows: Id | None = Field(None, description="As in DraftRules; counts with the last part to come.")
    upload_id: Id = Field(description="Of one's own making, the same for all parts of a file.")
    part: Text = Field(min_length=1, max_length=5, description="Which of how many, at most 20.")
    piece: Text = Field(min_length=1, max_length=700_000, description="At most 512 KiB, as base64.")


class DecideRules(Body):
    """Either the first day or the reason."""

    model_config = example({"from": "2027-01-01"})

    from_: Day | None = Field(
        None, alias="from", description="The first day it is in force: today or later, within a year."
    )
    reason: Text | None = Field(None, max_length=2_000, description="Why it is sent back.")


class DisableIdentity(Body):
    """A person, an identity provider or an organisation of the sign-in service."""

    model_config = example({"kind": "subject", "value": "7e2f1c1a-5d0e-4b55-9a7e-2f6b8f0f1d11"})

    kind: codes.IdentityKinds = Field(description="What is to be shut out.")
    value: Text = Field(
        min_length=1,
        max_length=100,
        description="As the sign-in service has it: the account's id, the provider's alias, the organisation's id.",
    )


class EnableIdentity(Body):
    """The same, to let in again."""

    model_config = example({"kind": "subject", "value": "7e2f1c1a-5d0e-4b55-9a7e-2f6b8f0f1d11"})

    kind: codes.IdentityKinds
    value: Text = Field(min_length=1, max_length=100)


class AddProvider(Body):
    """A provider that speaks OpenID Connect, and for whom."""

    model_config = example(
        {
            "alias": "caw-kanaal",
            "name": "CAW Kanaal",
            "issuer": "https://login.caw-kanaal.example",
            "client_id": "rondetafel",
            "client_secret": "chosen-by-the-partner",
            "kbo_numbers": ["0417497106"],
            "domains": "caw-kanaal.example caw.example",
            "trusted_levels": "mfa",
        }
    )

    alias: Text = Field(
        min_length=1,
        max_length=40,
        description="How the sign-in service calls it, for good: small letters, digits, hyphens.",
    )
    name: Name = Field(min_length=1, max_length=100)
    issuer: Text = Field(
        min_length=1,
        max_length=300,
        description="The address of the issuer; `/.well-known/openid-configuration` below it is read.",
    )
    client_id: Text = Field(
        min_length=1, max_length=200, description="As whom the sign-in service is registered there."
    )
    client_secret: Text | None = Field(
        None, max_length=300, description="Empty: it proves itself by its own key (private_key_jwt)."
    )
    kbo_numbers: list[Kbo] = Field(
        min_length=1, max_length=20, description="The organisations whose people sign in there."
    )
    domains: Text = Field(
        min_length=1,
        max_length=2_000,
        description=(
            "The domains of e-mail addresses it may speak for, each by the host's word; 20 at most, with "
            "spaces between them."
        ),
    )
    trusted_levels: Text | None = Field(
        None,
        max_length=500,
        description=(
            "The values of its claim `acr` that mean two factors, where it is trusted for that: then "
            "everybody must come with one. With spaces between them. Empty: people take the second factor "
            "here."
        ),
    )


class AddSamlProvider(Body):
    """A provider that speaks SAML 2.0, and for whom; its metadata by address or as text."""

    model_config = example(
        {
            "alias": "school-zuid",
            "name": "School Zuid",
            "metadata_url": "https://login.school-zuid.example/metadata",
            "kbo_numbers": ["0417497106"],
            "domains": "school-zuid.example",
            "email_attribute": "urn:oid:0.9.2342.19200300.100.1.3",
            "given_name_attribute": "urn:oid:2.5.4.42",
            "family_name_attribute": "urn:oid:2.5.4.4",
        }
    )

    alias: Text = Field(
        min_length=1,
        max_length=40,
        description="How the sign-in service calls it, for good: small letters, digits, hyphens.",
    )
    name: Name = Field(min_length=1, max_length=100)
    metadata_url: Text | None = Field(
        None, max_length=300, description="Where the metadata stands; it is read again every day."
    )
    metadata: Text | None = Field(
        None,
        max_length=262_144,
        description="In its place, the text of it, at most 256 kB: then the host sees to a new one before it ends.",
    )
    kbo_numbers: list[Kbo] = Field(
        min_length=1, max_length=20, description="The organisations whose people sign in there."
    )
    domains: Text = Field(
        min_length=1,
        max_length=2_000,
        description=(
            "The domains of e-mail addresses it may speak for, each by the host's word; 20 at most, with "
            "spaces between them."
        ),
    )
    email_attribute: Text = Field(min_length=1, max_length=200, description="How it calls what it tells of a person.")
    given_name_attribute: Text = Field(min_length=1, max_length=200)
    family_name_attribute: Text = Field(min_length=1, max_length=200)


class RenewMetadata(Body):
    """Where new metadata of a provider stands, or its text."""

    model_config = example({"metadata_url": "https://login.school-zuid.example/metadata"})

    metadata_url: Text | None = Field(
        None,
        max_length=300,
        description="Where it stands from now on; empty, and no text: read again where it stood before.",
    )
    metadata: Text | None = Field(None, max_length=262_144, description="Or its text, in place of an address.")


class ChangeMyProfile(Body):
    """All that is told from now on."""

    model_config = example({"language": "nl", "telephone": "0470 12 34 56", "reachable": "Monday to Thursday, 9 to 16"})

    language: codes.Languages | None = None
    telephone: Text | None = Field(
        None, max_length=40, description="As people write it, Belgian without +32 too; kept as E.164."
    )
    reachable: Text | None = Field(None, max_length=200)


class ReadTableQuery(Query):
    """The addressed cell as somebody who sits in it sees it: its towns, the caller's own place, and who else sits or
    sat in it. Before the undertaking is accepted: without the others."""

    if_version: str = Field(
        "",
        max_length=100,
        description=(
            "The version of the table that the caller holds: while it is the present one, its people are not "
            "told again."
        ),
    )


class ListMandatesPage(Page):
    """The mandates of the addressed cell, whoever gave them, newest first, with the names of the persons, for those who
    sit in it; the host gets them without names."""

    ended: bool = Field(False, description="Those that are over too.")
    time: Literal[codes.Times, ""] = Field(
        "", description="current: only those that are not over; past: only those that are; empty = as `ended` says."
    )
    mandate_id: IdOrEmpty = Field("", description="This one alone, whatever its time.")


class ListInvitationsPage(Page):
    """Those that wait for who is invited, newest first; the host gets them without names and addresses."""

    time: Literal[codes.Times, ""] = Field("", description="`past`: those that are over; else those that wait.")


class ReadRulesFileQuery(Query):
    """A part of the PDF of a version, for whoever may read that."""

    part: str = Field("", max_length=2, description="From 1 on; empty = the first.")


class ListRulesPage(Page):
    """The versions of the cell's own texts, newest first; those that were not decided for coordinator and mayor
    alone."""

    kind: Literal[codes.RulesKinds, ""] = Field("", description="Of one kind; empty = of all.")


class Municipality(View):
    """A town."""

    nis_code: str
    name: str = Field(
        "",
        description=(
            "In Dutch. In each language, no other present town is called so: the province stands behind a "
            "name that two bear."
        ),
    )
    name_fr: str = ""
    name_de: str = ""
    name_en: str = ""


class Cell(View):
    """A cell as the host sees it, from outside."""

    cell_id: Id
    name: str = ""
    towns: list[Municipality] = []
    state: str = ""
    created_at: datetime | None = None
    brand_colour: str = Field("", max_length=7)


class Cells(View):
    """One page of the host's cells."""

    model_config = example(
        {
            "cells": [
                {
                    "cell_id": "01932f6e-0000-7000-8000-000000000001",
                    "name": "Vaartbeke",
                    "towns": [
                        {
                            "nis_code": "24001",
                            "name": "Aarschot",
                            "name_fr": "Aarschot",
                            "name_de": "Aarschot",
                            "name_en": "Aarschot",
                        }
                    ],
                    "state": "ACTIVE",
                    "created_at": "2026-11-24T09:00:00Z",
                    "brand_colour": "#1b6c68",
                }
            ],
            "cells_total": 1,
            "towns_with_cell": 1,
            "towns_total": 285,
        }
    )

    cells: list[Cell] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    cells_total: int = Field(0, description="All cells of this host.")
    towns_with_cell: int = Field(0, description="Present Flemish municipalities with a cell.")
    towns_total: int = Field(0, description="Present Flemish municipalities.")


class FoundingInvitation(View):
    """An invitation by which the host founds a cell, as the host sees it: nobody is named."""

    invitation_id: Id = Field(description="That of the mandate too, once it was accepted.")
    role: str
    state: str
    invited_at: datetime | None = None
    sent_at: datetime | None = Field(
        None, description="When the mail server took the newest letter; absent while it is on its way."
    )
    last_day: str = Field(description="The last day on which the code counts, inclusive, as it is in Brussels.")
    tries_left: int = Field(
        0, description="Wrong codes that may still be given; 0: the code is blocked, and a new one has to be sent."
    )
    version: int
    may_come: bool = Field(
        False,
        description="Whether who was invited can still come: it is open, and the seat is still the host's to give.",
    )
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now: resend_founding, withdraw_founding."
    )


class HostCell(View):
    """A cell as the host sees it by itself."""

    model_config = example(
        {
            "cell_id": "01932f6e-0000-7000-8000-000000000001",
            "name": "Vaartbeke",
            "towns": [
                {
                    "nis_code": "24001",
                    "name": "Aarschot",
                    "name_fr": "Aarschot",
                    "name_de": "Aarschot",
                    "name_en": "Aarschot",
                }
            ],
            "state": "SETTING_UP",
            "created_at": "2026-11-24T09:00:00Z",
            "contact": "veiligheid@vaartbeke.example",
            "missing": ["police"],
            "people": 7,
            "may": ["withdraw_cell"],
            "founds": ["coordinator"],
            "founding": [
                {
                    "invitation_id": "01932f6e-0000-7000-8000-000000000006",
                    "role": "mayor",
                    "state": "SENT",
                    "invited_at": "2026-11-23T14:02:00Z",
                    "sent_at": "2026-11-23T14:02:00Z",
                    "last_day": "2026-12-07",
                    "tries_left": 5,
                    "version": 1,
                    "may_come": True,
                    "may": ["resend_founding"],
                }
            ],
        }
    )

    cell_id: Id
    name: str = ""
    towns: list[Municipality] = []
    state: str
    created_at: datetime | None = None
    opened_at: datetime | None = None
    contact: str = ""
    missing: list[str] = Field([], description="The codes of the lines of its set-up that are missing now (SetUpLine).")
    people: int = Field(0, description="How many people hold a mandate valid now.")
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now: found_seat, withdraw_cell, suspend_cell, resume_cell."
    )
    suspended_at: datetime | None = Field(
        None, description="Since when it is suspended, and why; absent and empty: it is not."
    )
    suspension_reason: str = ""
    founds: list[str] = Field(
        [], description="The seats the host may still invite to here; none once there is a mayor."
    )
    founding: list[FoundingInvitation] = Field(
        [], description="The newest twenty invitations to these seats, without names."
    )


class MyCell(View):
    """A cell the caller sits in."""

    cell_id: Id
    name: str = ""
    nis_codes: list[str] = []
    roles: list[str] = []
    undertaking_accepted: bool = False
    undertaking_text_version: str = Field("", description="Version of the text to accept.")
    towns: list[Municipality] = []
    brand_colour: str = Field("", max_length=7, description='"#rrggbb"; empty = the colour of the house.')
    region: str = Field("", description="flanders, wallonia or brussels: of the first town.")
    opens_at: datetime | None = Field(
        None,
        description=(
            "Nothing of the content is open to the caller before (72 hours after the host announced it); "
            "absent: it is open."
        ),
    )
    may: list[str] = Field(
        [],
        description=(
            "The verbs that role, secrecy and sign-in let the caller do in this cell, in all services: "
            "accept_undertaking, change_brand_colour, export_contacts, invite_person, list_invitations, "
            "list_mandates, list_proposals, list_recoveries, read_contacts, read_set_up, "
            "register_organisation; enter_signal, list_signals, propose_case, place_on_list, list_cases, "
            "list_waiting; plan_session, list_sessions; search_audit. What may be done with one signal, case,"
            " session or mandate, or to set up the cell, its own answer says."
        ),
    )
    state: str = Field(description="SETTING_UP: signals are accepted and no case is proposed yet; ACTIVE.")
    danger_contact: str = Field(
        "",
        description=(
            "Whom to reach in acute danger, after the emergency numbers, in the cell's own words; empty = not said yet."
        ),
    )
    gives: list[str] = Field(
        [],
        description=(
            "The roles the caller may invite somebody to here, for the own towns; empty without invite_person."
        ),
    )
    undertaken_at: datetime | None = Field(
        None,
        description=(
            "When the caller accepted secrecy here last; absent where it never was, and for what was accepted"
            " before this was kept."
        ),
    )
    undertaken_until: datetime | None = Field(
        None, description="Until when that counts, exclusive; absent where it never was."
    )


class Undertaking(View):
    """The text of secrecy in force today, in the four languages. In a table of a cell that has one of its own the
    version alone: ReadUndertaking gives its text."""

    version: str
    nl: str = ""
    fr: str = ""
    de: str = ""
    en: str = ""


class SuspendedCell(View):
    """A cell in which nobody acts until the host resumes it."""

    cell_id: Id
    name: str = ""
    suspended_at: datetime | None = None
    suspension_reason: str = ""


class MyCells(View):
    """All tables the caller sits at."""

    model_config = example(
        {
            "cells": [
                {
                    "cell_id": "01932f6e-0000-7000-8000-000000000001",
                    "name": "Vaartbeke",
                    "nis_codes": ["24001"],
                    "roles": ["coordinator"],
                    "undertaking_accepted": True,
                    "undertaking_text_version": "2026-1",
                    "towns": [
                        {
                            "nis_code": "24001",
                            "name": "Aarschot",
                            "name_fr": "Aarschot",
                            "name_de": "Aarschot",
                            "name_en": "Aarschot",
                        }
                    ],
                    "brand_colour": "#1b6c68",
                    "region": "flanders",
                    "may": ["enter_signal"],
                    "state": "ACTIVE",
                    "danger_contact": "Wachtdienst preventie, 016 00 00 00",
                    "gives": ["participant"],
                    "undertaken_at": "2026-11-24T09:00:00Z",
                    "undertaken_until": "2027-11-23T23:00:00Z",
                }
            ],
            "undertaking": {
                "version": "2026-1",
                "nl": "Ik neem deel ...",
                "fr": "Je participe ...",
                "de": "Ich ...",
                "en": "I ...",
            },
            "host": False,
            "suspended": [
                {
                    "cell_id": "01932f6e-0000-7000-8000-000000000001",
                    "name": "Vaartbeke",
                    "suspension_reason": "incident",
                }
            ],
        }
    )

    cells: list[MyCell] = []
    undertaking: Undertaking | None = None
    host: bool = Field(False, description="Whether the caller may act for the host now.")
    may: list[str] = Field(
        [],
        description=(
            "The verbs the caller may do on the platform: add_legal_basis, create_cell, disable_identity, "
            "enable_identity, end_legal_basis, list_cells, list_municipalities, list_recoveries, "
            "propose_recovery, register_organisation."
        ),
    )
    suspended: list[SuspendedCell] = Field(
        [], description="Cells the host suspended, in which the caller would have a mandate now."
    )


class Absence(View):
    """Days on which a holder is away, both inclusive."""

    absence_id: Id
    first_day: str
    last_day: str
    version: int


class Mandate(View):
    """A mandate in this cell, with the name of its person."""

    mandate_id: Id
    person_id: Id
    given_name: str = ""
    family_name: str = ""
    organisation_id: Id
    organisation_name: str = ""
    organisation_kind: str = ""
    role: str
    nis_codes: list[str] = []
    from_: str = Field(alias="from")
    to: str = Field(description="The last day, inclusive, as it is in Brussels.")
    undertaking_accepted: bool = False
    version: int
    legal_basis: str = ""
    ended: bool = Field(
        False, description="Not valid now: over, not begun, suspended, or of a deputy whose turn it is not."
    )
    given_by: str = Field(
        "",
        description=(
            "FOUNDING (by the host, before the cell had a mayor), CELL, PROPOSAL (of the host, with the "
            "cell's yes), RECOVERY (of a cell that lost everybody), APPOINTMENT (for the host), EARLIER "
            "(before this was kept)."
        ),
    )
    given_at: datetime | None = None
    opens_at: datetime | None = Field(None, description="Content opens no earlier; absent: from the first day on.")
    may: list[str] = Field(
        [],
        description=(
            "The verbs the caller may do with it now: change_mandate, end_mandate, extend_mandate, "
            "mark_absent, name_deputy, resume_mandate, resume_organisation, shorten_mandate, suspend_mandate,"
            " suspend_organisation. Empty in a table."
        ),
    )
    seat: str = Field(
        "",
        description=(
            "The seat its role takes: mayor, police, prevention or coordinator; participant for a guest; "
            "empty for who does not sit."
        ),
    )
    telephone: str = Field(
        "",
        description=(
            "In a table, of who coordinates it: what that person tells as `telephone` in Profile. Empty for all others."
        ),
    )
    suspended_since: datetime | None = Field(
        None,
        description=(
            "For mayor and coordinator in the list: since when it is suspended, and why. Absent and empty "
            "when it is not."
        ),
    )
    suspension_reason: str = ""
    clearance_until: str = Field(
        "",
        description=(
            "For mayor and coordinator in the list, and for the holder: the last day of the clearance, "
            "inclusive. Empty when there is none."
        ),
    )
    takes_clearance: bool = Field(False, description="Whether its role has a clearance: those of the police.")
    deputy_of: str = Field("", description="Of a deputy: the holder's mandate, and when it counts. Empty otherwise.")
    deputy_when: str = ""
    absences: list[Absence] = Field(
        [],
        description="Of a holder, in a list for whoever may end them: the absences that are not over, the next first.",
    )
    may_have_deputy: bool = Field(
        False,
        description=(
            "Whether somebody may stand in for it: it holds a mandatory seat or coordinates, counts now, and "
            "is no deputy's."
        ),
    )
    in_reserve: bool = Field(False, description="Of a deputy: whether it waits for its turn, or for its first day.")


class LegalBasis(View):
    """What a mandate rests on."""

    code: str
    title_nl: str = ""
    title_fr: str = ""
    title_en: str = ""
    title_de: str = ""
    name_nl: str = Field("", description="How a sentence calls it.")
    name_fr: str = ""
    name_de: str = ""
    name_en: str = ""


class Table(View):
    """A cell as somebody who sits in it sees it; before the undertaking is accepted, without the others."""

    model_config = example(
        {
            "cell": {
                "cell_id": "01932f6e-0000-7000-8000-000000000001",
                "name": "Vaartbeke",
                "nis_codes": ["24001"],
                "roles": ["coordinator"],
                "undertaking_accepted": True,
                "undertaking_text_version": "2026-1",
                "towns": [
                    {
                        "nis_code": "24001",
                        "name": "Aarschot",
                        "name_fr": "Aarschot",
                        "name_de": "Aarschot",
                        "name_en": "Aarschot",
                    }
                ],
                "brand_colour": "#1b6c68",
                "region": "flanders",
                "may": ["enter_signal"],
                "state": "ACTIVE",
                "danger_contact": "Wachtdienst preventie, 016 00 00 00",
                "gives": ["participant"],
                "undertaken_at": "2026-11-24T09:00:00Z",
                "undertaken_until": "2027-11-23T23:00:00Z",
            },
            "undertaking": {
                "version": "2026-1",
                "nl": "Ik neem deel ...",
                "fr": "Je participe ...",
                "de": "Ich ...",
                "en": "I ...",
            },
            "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "mandates": [
                {
                    "mandate_id": "01932f6e-0000-7000-8000-000000000002",
                    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "given_name": "Nele",
                    "family_name": "Claes",
                    "organisation_id": "01932f6e-0000-7000-8000-000000000003",
                    "organisation_name": "CAW Kanaal",
                    "organisation_kind": "caw",
                    "role": "participant",
                    "nis_codes": ["24001"],
                    "from": "2026-11-24",
                    "to": "2027-11-23",
                    "undertaking_accepted": True,
                    "version": 1,
                    "legal_basis": "decree-vl-2021-05-21",
                    "ended": False,
                    "given_by": "CELL",
                    "given_at": "2026-11-23T14:02:00Z",
                    "may": ["end_mandate"],
                    "seat": "participant",
                    "telephone": "+32470123456",
                    "clearance_until": "2027-01-31",
                    "takes_clearance": False,
                    "absences": [
                        {
                            "absence_id": "01932f6e-0000-7000-8000-000000000009",
                            "first_day": "2027-02-01",
                            "last_day": "2027-02-14",
                            "version": 1,
                        }
                    ],
                    "may_have_deputy": False,
                    "in_reserve": False,
                }
            ],
            "legal_bases": [
                {
                    "code": "law-2018-07-30",
                    "title_nl": "Wet van 30 juli 2018",
                    "title_fr": "Loi du 30 juillet 2018",
                    "title_en": "Law of 30 July 2018",
                    "title_de": "Gesetz vom 30. Juli 2018",
                    "name_nl": "wet van 30 juli 2018",
                    "name_fr": "loi du 30 juillet 2018",
                    "name_de": "Gesetz vom 30. Juli 2018",
                    "name_en": "law of 30 July 2018",
                }
            ],
            "more_before": False,
            "version": "41.3.1.0.2",
            "unchanged": False,
            "proposals_waiting": 0,
            "speaking": {
                "code": "law-2018-07-30",
                "title_nl": "Wet van 30 juli 2018",
                "title_fr": "Loi du 30 juillet 2018",
                "title_en": "Law of 30 July 2018",
                "title_de": "Gesetz vom 30. Juli 2018",
                "name_nl": "wet van 30 juli 2018",
                "name_fr": "loi du 30 juillet 2018",
                "name_de": "Gesetz vom 30. Juli 2018",
                "name_en": "law of 30 July 2018",
            },
            "set_up_missing": 0,
            "welcome": "Welcome at our table.",
            "clearance_ends_on": "2027-01-20",
            "rules_to_accept": 0,
            "rules_to_decide": 0,
        }
    )

    cell: MyCell | None = None
    undertaking: Undertaking | None = None
    person_id: str = Field("", description="The caller.")
    mandates: list[Mandate] = Field(
        [],
        description=(
            "All of the cell that are not over, newest first; then, so that names are known, the last of each"
            " person and organisation without one, of the 1,000 who left last. Without an undertaking "
            "accepted: the caller's own."
        ),
    )
    legal_bases: list[LegalBasis] = Field([], description="The legal bases of the caller's own valid mandates.")
    more_before: bool = Field(False, description="More people sat here before than are told.")
    version: str = Field(
        "",
        description=(
            "Another one whenever `mandates` or `more_before` are others, for whoever reads them; empty where"
            " they are the caller's own alone."
        ),
    )
    unchanged: bool = Field(
        False,
        description=(
            "`if_version` is the present version: `mandates` and `more_before` are as they were told with it,"
            " and left out."
        ),
    )
    proposals_waiting: int = Field(
        0, description="Proposals of the host that wait for the cell's answer; 0 for who may not list them."
    )
    speaking: LegalBasis | None = Field(
        None,
        description=(
            "On which people at the table may speak with each other about a case today: what a sentence about"
            " secrecy names."
        ),
    )
    set_up_missing: int = Field(
        0,
        description=(
            "How many things the cell needs before it takes cases, and lacks now; 0 for who may not read "
            "which (read_set_up)."
        ),
    )
    welcome: str = Field(
        "", description="The words of the invitation by which the caller came, until secrecy is accepted; else empty."
    )
    clearance_ends_on: str = Field(
        "",
        description=(
            "For mayor and coordinator: the earliest last day of a clearance of the police in their towns "
            "that is over or ends in 60 days, before its mandate does; inclusive. Empty when there is none."
        ),
    )
    undertaking_renew_by: str = Field(
        "",
        description=(
            "Another text of secrecy is in force than the one the caller accepted: the last day before the "
            "cell closes for the caller until it is accepted. Else empty."
        ),
    )
    rules_to_accept: int = Field(
        0,
        description=(
            "Internal rules and protocols, in force or in force within 14 days, that the caller is asked to accept."
        ),
    )
    rules_to_decide: int = Field(0, description="Rules that wait for the mayor; 0 for everybody else.")


class SetUpSeat(View):
    """A seat of a town that nobody holds."""

    nis_code: str
    standing: str = Field(
        description=(
            "uncleared: the clearance of who sits there is over; later: the mandate begins later; suspended: "
            "it is; unsworn: somebody came and has not promised secrecy; invited: somebody is, and has not "
            "come; nobody."
        )
    )


class SetUpLine(View):
    """One thing a cell needs."""

    code: str = Field(
        description=(
            "mayor, police, prevention, coordinator, dpo: the seat is held in each town by somebody who "
            "accepted secrecy, by the police with a clearance in force; rules: internal rules or a "
            "cooperation protocol are in force; dpia, danger_contact, contact, colour: it is said; deputy: "
            "somebody stands in for the coordinator."
        )
    )
    done: bool = False
    optional: bool = Field(False, description="The table can be opened without it.")
    since: datetime | None = Field(
        None, description="Since when it is done, as it is now; absent: it is not, or it was before this was noted."
    )
    roles: list[str] = Field([], description="Who can do it; the host among them.")
    missing_nis_codes: list[str] = Field([], description="Of a seat, the towns in which nobody holds it.")
    seats: list[SetUpSeat] = Field([], description="The same, with how far each is.")


class SetUp(View):
    """What a cell needs before it takes cases."""

    model_config = example(
        {
            "state": "SETTING_UP",
            "version": 3,
            "lines": [
                {
                    "code": "police",
                    "done": False,
                    "optional": False,
                    "roles": ["coordinator"],
                    "missing_nis_codes": ["24001"],
                    "seats": [{"nis_code": "24001", "standing": "invited"}],
                }
            ],
            "dpia_reference": "GEB LIVC-R 2026/4",
            "dpia_on": "2026-10-05",
            "danger_contact": "Wachtdienst preventie, 016 00 00 00",
            "contact": "veiligheid@vaartbeke.example",
            "brand_colour": "#1b6c68",
            "may": ["set_dpia"],
        }
    )

    state: str
    version: int = Field(description="Of what is said here: expected by the commands that change it.")
    opened_at: datetime | None = Field(None, description="When the table was opened; absent: it is not.")
    lines: list[SetUpLine] = []
    dpia_reference: str = ""
    dpia_on: str = Field("", description="The day of the assessment; empty without one.")
    danger_contact: str = ""
    contact: str = ""
    brand_colour: str = Field("", max_length=7)
    may: list[str] = Field(
        [],
        description=(
            "The verbs the caller may do with it now: set_dpia, set_danger_contact, change_contact, "
            "change_brand_colour, open_table."
        ),
    )


class Mandates(View):
    """One page of the cell's mandates."""

    model_config = example(
        {
            "mandates": [
                {
                    "mandate_id": "01932f6e-0000-7000-8000-000000000002",
                    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "given_name": "Nele",
                    "family_name": "Claes",
                    "organisation_id": "01932f6e-0000-7000-8000-000000000003",
                    "organisation_name": "CAW Kanaal",
                    "organisation_kind": "caw",
                    "role": "participant",
                    "nis_codes": ["24001"],
                    "from": "2026-11-24",
                    "to": "2027-11-23",
                    "undertaking_accepted": True,
                    "version": 1,
                    "legal_basis": "decree-vl-2021-05-21",
                    "ended": False,
                    "given_by": "CELL",
                    "given_at": "2026-11-23T14:02:00Z",
                    "may": ["end_mandate"],
                    "seat": "participant",
                    "telephone": "+32470123456",
                    "clearance_until": "2027-01-31",
                    "takes_clearance": False,
                    "absences": [
                        {
                            "absence_id": "01932f6e-0000-7000-8000-000000000009",
                            "first_day": "2027-02-01",
                            "last_day": "2027-02-14",
                            "version": 1,
                        }
                    ],
                    "may_have_deputy": False,
                    "in_reserve": False,
                }
            ]
        }
    )

    mandates: list[Mandate] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class UndertakingText(View):
    """What is to be promised in the addressed cell, and what the caller has."""

    model_config = example(
        {
            "undertaking": {
                "version": "2026-1",
                "nl": "Ik neem deel ...",
                "fr": "Je participe ...",
                "de": "Ich ...",
                "en": "I ...",
            },
            "own": False,
            "from": "2026-01-01",
            "accepted": {
                "version": "2026-1",
                "nl": "Ik neem deel ...",
                "fr": "Je participe ...",
                "de": "Ich ...",
                "en": "I ...",
            },
            "accepted_until": "2027-11-23",
        }
    )

    undertaking: Undertaking | None = Field(
        None,
        description="In plain structure as rules are; a language that the cell did not write has the text of another.",
    )
    own: bool = Field(False, description="The cell's own, not the platform's.")
    from_: str = Field(alias="from", description="The first day it is in force.")
    accepted: Undertaking | None = Field(
        None, description="The text the caller accepted, where it is another one; absent without any."
    )
    accepted_until: str = Field(
        "", description="The last day on which what the caller accepted counts; empty without any."
    )
    renew_by: str = Field("", description="As in Table.")


class SeatFault(View):
    """What is wrong, in which column from 1; 0: with the row as a whole."""

    column: int = 0
    field: str = ""
    code: str = ""
    expected: str = ""


class SeatRow(View):
    """A row as it was read; where it has faults, as it stands there."""

    line: int = Field(0, description="Of the file, from 1.")
    state: str
    email: str = ""
    given_name: str = ""
    family_name: str = ""
    kbo_number: str = ""
    organisation_name: str = ""
    role: str = ""
    nis_codes: list[str] = []
    from_: str = Field("", alias="from")
    to: str = ""
    legal_basis: str = ""
    clearance_until: str = ""
    language: str = ""
    faults: list[SeatFault] = []


class SeatCheck(View):
    """A list of seats held against the cell."""

    model_config = example({"rows": [{"state": "new"}], "code_until": "2026-12-08"})

    rows: list[SeatRow] = []
    letters: int = Field(
        0, description="So many would be invited, each by a letter; so many rows are so already; so many have faults."
    )
    already: int = 0
    faulty: int = 0
    code_until: str = Field(description="The last day on which the codes of the letters would count.")


class Invitation(View):
    """Somebody who is invited to a mandate, or was: then without address, names and note."""

    invitation_id: Id = Field(description="That of the mandate too, once it was accepted.")
    state: str
    email: str = Field("", description="Empty for the host, and of one that is over.")
    given_name: str = ""
    family_name: str = ""
    organisation_name: str = ""
    organisation_kind: str = ""
    role: str
    nis_codes: list[str] = []
    from_: str = Field(alias="from")
    to: str = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: str = ""
    language: str = Field("", description="Of the letter.")
    invited_by: str = Field(
        "", description="The person or client who asked, and their name as the cell knows it; empty when the host did."
    )
    inviter_given_name: str = ""
    inviter_family_name: str = ""
    invited_at: datetime | None = None
    last_day: str = Field(description="The last day on which the code counts, inclusive, as it is in Brussels.")
    sent_at: datetime | None = Field(
        None, description="When the mail server took the newest letter; absent while it is on its way."
    )
    tries_left: int = Field(
        0, description="Wrong codes that may still be given; 0: the code is blocked, and a new one has to be sent."
    )
    version: int
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now: resend_invitation, withdraw_invitation."
    )
    deputy_of: str = Field(
        "", description="Of a deputy: the mandate of whoever this person is to stand in for, and when. Empty otherwise."
    )
    deputy_when: str = ""


class Invitations(View):
    """One page of invitations."""

    model_config = example(
        {
            "invitations": [
                {
                    "invitation_id": "01932f6e-0000-7000-8000-000000000006",
                    "state": "SENT",
                    "email": "nele@caw-kanaal.example",
                    "given_name": "Nele",
                    "family_name": "Claes",
                    "organisation_name": "CAW Kanaal",
                    "organisation_kind": "caw",
                    "role": "participant",
                    "nis_codes": ["24001"],
                    "from": "2026-11-24",
                    "to": "2027-11-23",
                    "legal_basis": "decree-vl-2021-05-21",
                    "language": "nl",
                    "invited_by": "01932f6e-0000-7000-8000-00000000000a",
                    "inviter_given_name": "An",
                    "inviter_family_name": "Peeters",
                    "invited_at": "2026-11-23T14:02:00Z",
                    "last_day": "2026-12-07",
                    "sent_at": "2026-11-23T14:02:00Z",
                    "tries_left": 5,
                    "version": 1,
                    "may": ["resend_invitation"],
                }
            ]
        }
    )

    invitations: list[Invitation] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class Proposal(View):
    """What the host asks of the cell: a mandate for this person, which counts when the cell says yes."""

    proposal_id: Id
    email: str
    given_name: str
    family_name: str
    organisation_name: str = ""
    organisation_kind: str = ""
    role: str
    nis_codes: list[str] = []
    from_: str = Field(alias="from")
    to: str = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: str = ""
    proposed_at: datetime | None = None
    version: int
    may: list[str] = Field(
        [],
        description=(
            "The verbs the caller may do with it now: confirm_proposal, decline_proposal. Who the person "
            "turns out to be may still be refused."
        ),
    )


class Proposals(View):
    """One page of what the host proposed and waits for an answer."""

    model_config = example(
        {
            "proposals": [
                {
                    "proposal_id": "01932f6e-0000-7000-8000-000000000004",
                    "email": "greet@toezicht.example",
                    "given_name": "Greet",
                    "family_name": "Jacobs",
                    "organisation_name": "Toezichtsorgaan",
                    "organisation_kind": "other",
                    "role": "oversight",
                    "nis_codes": ["24001"],
                    "from": "2026-11-24",
                    "to": "2027-11-23",
                    "legal_basis": "law-2018-07-30",
                    "proposed_at": "2026-11-23T14:02:00Z",
                    "version": 1,
                    "may": ["confirm_proposal"],
                }
            ]
        }
    )

    proposals: list[Proposal] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class Recovery(View):
    """What two of the host and oversight have to say yes to, and who of the host did."""

    recovery_id: Id
    cell_id: Id
    state: str = Field(description="PROPOSED by one of the host, or SECONDED: oversight may confirm.")
    email: str
    given_name: str
    family_name: str
    organisation_name: str = ""
    organisation_kind: str = ""
    role: str
    nis_codes: list[str] = []
    from_: str = Field(alias="from")
    to: str = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: str = ""
    proposed_by: str = Field("", description="Of the host, as who seconds it.")
    proposed_at: datetime | None = None
    seconded_by: str = Field("", description="Empty before.")
    expires_at: datetime | None = Field(None, description="From then on neither seconded nor confirmed.")
    version: int


class Recoveries(View):
    """One page of the recoveries that wait."""

    model_config = example(
        {
            "recoveries": [
                {
                    "recovery_id": "01932f6e-0000-7000-8000-000000000005",
                    "cell_id": "01932f6e-0000-7000-8000-000000000001",
                    "state": "SECONDED",
                    "email": "lieve@kanaalstad.example",
                    "given_name": "Lieve",
                    "family_name": "Maes",
                    "organisation_name": "Stad Kanaal",
                    "organisation_kind": "municipality",
                    "role": "mayor",
                    "nis_codes": ["24001"],
                    "from": "2026-11-24",
                    "to": "2027-11-23",
                    "legal_basis": "law-2018-07-30",
                    "proposed_by": "01932f6e-0000-7000-8000-00000000000a",
                    "proposed_at": "2026-11-23T14:02:00Z",
                    "seconded_by": "01932f6e-0000-7000-8000-00000000000b",
                    "expires_at": "2026-12-07T14:02:00Z",
                    "version": 2,
                }
            ]
        }
    )

    recoveries: list[Recovery] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class Confirmation(View):
    """That the data protection officer of a cell confirmed a legal basis; who that was stands in the log of the
    cell."""

    cell_id: Id
    cell_name: str
    confirmed_at: datetime


class LegalBasisVersion(View):
    """A legal basis from one day to another. Records keep the code that was in force on their day."""

    code: str
    from_: str = Field(alias="from")
    to: str = Field("", description="The last day, inclusive, as it is in Brussels; empty while none is known.")
    allows: list[str] = Field(
        [],
        description=(
            "What it is for. On one that is for `speak` people at a table may speak with each other; there is"
            " one on each day."
        ),
    )
    partner_kinds: list[str] = Field([], description="Whom it lets take part; empty = every kind of partner.")
    regions: list[str] = Field([], description="Where it applies; empty = everywhere.")
    title_nl: str
    title_fr: str
    title_de: str
    title_en: str
    name_nl: str = Field(description="How a sentence calls it.")
    name_fr: str
    name_de: str
    name_en: str
    source: str = Field(description="Where it was read, and what of it is to be confirmed; in English.")
    legal_basis_id: Id
    version: int
    mandates_beyond: int = Field(
        0,
        description=(
            "For the host, else 0: mandates of all cells that rest on this code and go on after its last day;"
            " after today while it has none."
        ),
    )
    confirmed_by: int = Field(0, description="How many cells have confirmed it.")
    confirmations: list[Confirmation] = Field([], description="Of the cells the caller sits in, those that have.")


class LegalBases(View):
    """The whole register: what is in force, what comes and what was."""

    model_config = example(
        {
            "legal_bases": [
                {
                    "code": "decree-vl-2021-05-21",
                    "from": "2021-05-21",
                    "allows": ["take_part"],
                    "partner_kinds": ["caw"],
                    "regions": ["flanders"],
                    "title_nl": "Vlaams decreet van 21 mei 2021",
                    "title_fr": "Décret flamand du 21 mai 2021",
                    "title_de": "Flämisches Dekret vom 21. Mai 2021",
                    "title_en": "Flemish decree of 21 May 2021",
                    "name_nl": "Vlaams decreet van 21 mei 2021",
                    "name_fr": "décret flamand du 21 mai 2021",
                    "name_de": "Flämisches Dekret vom 21. Mai 2021",
                    "name_en": "Flemish decree of 21 May 2021",
                    "source": "Belgian Official Gazette, 5 July 2021",
                    "legal_basis_id": "01932f6e-0000-7000-8000-00000000000c",
                    "version": 1,
                    "mandates_beyond": 0,
                    "confirmed_by": 1,
                    "confirmations": [
                        {
                            "cell_id": "01932f6e-0000-7000-8000-000000000001",
                            "cell_name": "Vaartbeke",
                            "confirmed_at": "2026-11-24T14:02:00Z",
                        }
                    ],
                }
            ]
        }
    )

    legal_bases: list[LegalBasisVersion] = []


class RulesFile(View):
    """A part of the PDF of a version."""

    model_config = example({"content": "JVBERi0xLjcK", "parts": 1, "size": 48211})

    content: str = Field(description="As base64.")
    parts: int
    size: int = Field(description="Bytes of the whole file.")


class RulesVersion(View):
    """A version of one of the cell's texts."""

    rules_id: Id
    kind: str
    state: str
    format: str
    standing: str = Field(description="What it is today.")
    from_: str = Field("", alias="from", description="The first day it is in force; empty while it is not decided.")
    drafted_at: datetime
    decided_at: datetime | None = None
    accepted: bool = Field(
        False,
        description="Whether the caller, or for a protocol every organisation the caller represents, has accepted it.",
    )
    version: int
    may: list[str] = Field([], description="The verbs the caller may do with it now: accept_rules, decide_rules.")
    file_size: int = Field(0, description="Bytes of its PDF; absent for a text.")
    reminded_at: datetime | None = Field(
        None,
        description=(
            "When who had not accepted it was reminded, 14 days before its first day; absent before, and of "
            "an undertaking."
        ),
    )


class Rules(View):
    """One page of versions."""

    model_config = example(
        {
            "rules": [
                {
                    "rules_id": "01932f6e-0000-7000-8000-00000000000d",
                    "kind": "internal_rules",
                    "state": "DECIDED",
                    "format": "text",
                    "standing": "in_force",
                    "from": "2027-01-01",
                    "drafted_at": "2026-11-24T14:02:00Z",
                    "accepted": True,
                    "version": 2,
                    "may": ["accept_rules"],
                    "file_size": 0,
                }
            ]
        }
    )

    rules: list[RulesVersion] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class EarlierRules(View):
    """The text that a version is compared with."""

    rules_id: Id
    from_: str = Field(alias="from")
    text_nl: str = ""
    text_fr: str = ""
    text_de: str = ""


class RulesAcceptance(View):
    """That somebody accepted a version, for a protocol in the name of an organisation."""

    person_id: Id
    organisation_id: str = Field("", description="Of internal rules empty.")
    accepted_at: datetime


class RulesText(View):
    """What it says, what was in force before it, and who has accepted."""

    model_config = example(
        {
            "rules": {
                "rules_id": "01932f6e-0000-7000-8000-00000000000d",
                "kind": "internal_rules",
                "state": "DECIDED",
                "format": "text",
                "standing": "in_force",
                "from": "2027-01-01",
                "drafted_at": "2026-11-24T14:02:00Z",
                "accepted": True,
                "version": 2,
                "may": ["accept_rules"],
                "file_size": 0,
            },
            "text_nl": "# Doel\n\nWij helpen mensen tijdig.",
            "earlier": {"rules_id": "01932f6e-0000-7000-8000-00000000000d", "from": "2026-01-01"},
            "drafted_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "acceptances": [
                {"person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", "accepted_at": "2026-11-24T14:02:00Z"}
            ],
            "everybody": True,
            "version": 2,
        }
    )

    rules: RulesVersion | None = None
    text_nl: str = ""
    text_fr: str = ""
    text_de: str = ""
    earlier: EarlierRules | None = Field(
        None, description="The version it follows: the last that was decided before it; absent without one."
    )
    reason: str = Field("", description="Why it was sent back, for coordinator and mayor.")
    drafted_by: str = ""
    decided_by: str = Field("", description="Empty before.")
    acceptances: list[RulesAcceptance] = Field(
        [], description="Who has accepted; the names stand in the table of the cell."
    )
    outstanding: list[Id] = Field(
        [], description="Who has not, and is asked: people for internal rules, organisations for a protocol (UUIDs)."
    )
    everybody: bool = Field(
        False, description="`acceptances` and `outstanding` tell of everybody, not of the caller alone."
    )
    version: int = Field(description="Same as the number of `rules`.")


class MySignIn(View):
    """One browser, or one client of the API."""

    sign_in_id: Id = Field(
        description="What every service computes from a token of it; it tells no name and opens nothing."
    )
    asking: bool = Field(False, description="It is the one this is asked by.")
    started_at: datetime
    used_at: datetime = Field(description="To five minutes.")
    browser: str = ""
    provider_name: str = Field(
        "", description="What the provider is called by which it came; empty for who signs in here."
    )


class MySignIns(View):
    """Where somebody is signed in."""

    model_config = example(
        {
            "sign_ins": [
                {
                    "sign_in_id": "01932f6e-0000-5000-8000-00000000000e",
                    "asking": True,
                    "started_at": "2026-12-01T08:00:00Z",
                    "used_at": "2026-12-01T09:30:00Z",
                    "browser": "firefox",
                    "provider_name": "CAW Kanaal",
                }
            ]
        }
    )

    sign_ins: list[MySignIn] = []


class Theft(View):
    """Somebody said: that was not me."""

    theft_id: Id
    reported_at: datetime
    followed_at: datetime | None = Field(
        None,
        description=(
            "When the sign-in service had signed that account out and the coordinators were told; absent before."
        ),
    )


class Thefts(View):
    """One page of the reports."""

    model_config = example(
        {
            "thefts": [
                {
                    "theft_id": "01932f6e-0000-7000-8000-00000000000f",
                    "reported_at": "2026-12-01T09:30:00Z",
                    "followed_at": "2026-12-01T09:30:02Z",
                }
            ]
        }
    )

    thefts: list[Theft] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class ProviderOrganisation(View):
    """An organisation whose people sign in by a provider."""

    kbo_number: str
    name: str


class ProviderDomain(View):
    """A domain a provider may speak for."""

    domain: str
    proof: str = Field(description="How it was proved that the domain is the organisation's: host_word.")
    proved_at: datetime | None = None


class SamlCertificate(View):
    """By which answers of a provider are checked."""

    fingerprint: str = Field(description="SHA-256.")
    begins_at: datetime
    ends_at: datetime


class SamlMetadata(View):
    """What a provider that speaks SAML says of itself."""

    address: str = Field("", description="Where it is read again every day; empty where the host has it as a file.")
    email_attribute: str
    sign_in_address: str = Field(description="Where people sign in.")
    certificates: list[SamlCertificate] = []
    signer: str = Field("", description="The SHA-256 of the certificate by which it was signed; empty where it is not.")
    valid_until: datetime | None = Field(None, description="As it says itself; absent when it does not.")
    read_at: datetime
    wrong: str = Field(
        "",
        description=(
            "The code of what was wrong with it when it was read last; empty for nothing. What was read "
            "before counts on."
        ),
    )
    wrong_since: datetime | None = None
    ends_at: datetime = Field(description="From then on nobody signs in by it, unless it is new by then.")
    over: bool = Field(False, description="It is so far.")
    needs_new: bool = Field(False, description="It ends soon, and the host has to see to a new one.")


class Provider(View):
    """Where people of one or more organisations sign in."""

    model_config = example(
        {
            "provider_id": "01932f6e-0000-7000-8000-00000000000d",
            "alias": "caw-kanaal",
            "name": "CAW Kanaal",
            "issuer": "https://login.caw-kanaal.example",
            "client_id": "rondetafel",
            "by_secret": True,
            "organisations": [{"kbo_number": "0417497106", "name": "CAW Kanaal"}],
            "domains": [{"domain": "caw-kanaal.example", "proof": "host_word", "proved_at": "2026-11-30T14:02:00Z"}],
            "trusted_levels": ["mfa"],
            "state": "ENABLED",
            "mirrored": True,
            "mirrored_at": "2026-11-30T14:02:00Z",
            "mended_at": "2026-11-30T14:02:00Z",
            "version": 2,
            "may": ["disable_provider"],
            "kind": "saml",
            "saml": {
                "address": "https://login.school-zuid.example/metadata",
                "email_attribute": "mail",
                "sign_in_address": "https://login.school-zuid.example/sso",
                "certificates": [
                    {"fingerprint": "5b2d0f", "begins_at": "2026-11-30T14:02:00Z", "ends_at": "2027-11-30T14:02:00Z"}
                ],
                "signer": "5b2d0f",
                "valid_until": "2027-11-30T14:02:00Z",
                "read_at": "2026-11-30T14:02:00Z",
                "wrong": "IssuerUnreachable",
                "wrong_since": "2026-11-30T14:02:00Z",
                "ends_at": "2027-11-30T14:02:00Z",
                "over": False,
                "needs_new": True,
            },
        }
    )

    provider_id: Id
    alias: str
    name: str
    issuer: str
    client_id: str = Field("", description="As whom we are registered there; empty of one that speaks SAML.")
    by_secret: bool = Field(
        False,
        description=(
            "The sign-in service proves itself there by a secret that was agreed on, which is never told; "
            "else by its own key."
        ),
    )
    organisations: list[ProviderOrganisation] = []
    domains: list[ProviderDomain] = []
    trusted_levels: list[str] = Field([], description="Empty: people take the second factor here.")
    state: str = Field(description="DISABLED or ENABLED.")
    mirrored: bool = Field(False, description="The sign-in service has it as it is here.")
    mirrored_at: datetime | None = Field(None, description="When that was last compared; absent before.")
    mended_at: datetime | None = Field(
        None, description="When something was last found changed there and put right; absent when never."
    )
    version: int
    may: list[str] = Field([], description="What the caller may do with it now.")
    kind: str = Field(description="What it speaks, oidc or saml; of the latter `issuer` is the entity ID.")
    saml: SamlMetadata | None = Field(
        None, description="What a provider that speaks SAML said of itself last; absent of others."
    )


class Providers(View):
    """One page of the providers."""

    model_config = example(
        {
            "providers": [
                {
                    "provider_id": "01932f6e-0000-7000-8000-00000000000d",
                    "alias": "caw-kanaal",
                    "name": "CAW Kanaal",
                    "issuer": "https://login.caw-kanaal.example",
                    "client_id": "rondetafel",
                    "by_secret": True,
                    "organisations": [{"kbo_number": "0417497106", "name": "CAW Kanaal"}],
                    "domains": [
                        {"domain": "caw-kanaal.example", "proof": "host_word", "proved_at": "2026-11-30T14:02:00Z"}
                    ],
                    "trusted_levels": ["mfa"],
                    "state": "ENABLED",
                    "mirrored": True,
                    "mirrored_at": "2026-11-30T14:02:00Z",
                    "mended_at": "2026-11-30T14:02:00Z",
                    "version": 2,
                    "may": ["disable_provider"],
                    "kind": "saml",
                    "saml": {
                        "address": "https://login.school-zuid.example/metadata",
                        "email_attribute": "mail",
                        "sign_in_address": "https://login.school-zuid.example/sso",
                        "certificates": [
                            {
                                "fingerprint": "5b2d0f",
                                "begins_at": "2026-11-30T14:02:00Z",
                                "ends_at": "2027-11-30T14:02:00Z",
                            }
                        ],
                        "signer": "5b2d0f",
                        "valid_until": "2027-11-30T14:02:00Z",
                        "read_at": "2026-11-30T14:02:00Z",
                        "wrong": "IssuerUnreachable",
                        "wrong_since": "2026-11-30T14:02:00Z",
                        "ends_at": "2027-11-30T14:02:00Z",
                        "over": False,
                        "needs_new": True,
                    },
                }
            ]
        }
    )

    providers: list[Provider] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class Profile(View):
    """What a person tells the own tables."""

    model_config = example(
        {"language": "nl", "telephone": "+32470123456", "reachable": "Monday to Thursday, 9 to 16", "version": 1}
    )

    language: str = Field("", description="In which language the person is best spoken to; empty = not told.")
    telephone: str = Field("", description="As ITU-T E.164 has it; empty = not told.")
    reachable: str = Field("", description="When the person is reached, in own words, on one line; empty = not told.")
    version: int = Field(0, description="Counts up with each change; 1 = never told.")


class ContactSeat(View):
    """What somebody is at the table, for whom."""

    role: str
    seat: str = Field("", description="As in MandateView.")
    organisation_name: str = ""
    nis_codes: list[str] = []


class Contact(View):
    """Somebody, and what that person tells the own tables."""

    person_id: Id
    given_name: str = ""
    family_name: str = ""
    language: str = Field("", description="As in Profile.")
    telephone: str = ""
    reachable: str = ""
    seats: list[ContactSeat] = []


class Contacts(View):
    """Everybody of a table, by person; each with a mandate there that is valid now."""

    model_config = example(
        {
            "contacts": [
                {
                    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "given_name": "Nele",
                    "family_name": "Claes",
                    "language": "nl",
                    "telephone": "+32470123456",
                    "reachable": "Monday to Thursday, 9 to 16",
                    "seats": [
                        {
                            "role": "participant",
                            "seat": "participant",
                            "organisation_name": "CAW Kanaal",
                            "nis_codes": ["24001"],
                        }
                    ],
                }
            ]
        }
    )

    contacts: list[Contact] = []
