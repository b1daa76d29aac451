"""Who may do what in the partner directory. Towns and the roles that may be given are held by the handlers."""

from services.kit.agenda import clock_name, clock_policy
from services.kit.policy import EVERYBODY, TABLE, DatabaseRole, Policy, Role, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import read_revocations, revocation_policy
from services.kit.rotation import rotation_policy
from services.partner_directory.commands.cell.change_brand_colour import change_brand_colour
from services.partner_directory.commands.cell.change_contact import change_contact
from services.partner_directory.commands.cell.create_cell import create_cell
from services.partner_directory.commands.cell.open_table import open_table
from services.partner_directory.commands.cell.restart_cell import restart_cell
from services.partner_directory.commands.cell.resume_cell import resume_cell
from services.partner_directory.commands.cell.set_danger_contact import set_danger_contact
from services.partner_directory.commands.cell.set_dpia import set_dpia
from services.partner_directory.commands.cell.stop_cell import stop_cell
from services.partner_directory.commands.cell.suspend_cell import suspend_cell
from services.partner_directory.commands.cell.withdraw_cell import withdraw_cell
from services.partner_directory.commands.deputy.end_absence import end_absence
from services.partner_directory.commands.deputy.mark_absent import mark_absent
from services.partner_directory.commands.deputy.name_deputy import name_deputy
from services.partner_directory.commands.deputy.turn_deputy import turn_deputy
from services.partner_directory.commands.fact.renew_fact_key import renew_fact_key
from services.partner_directory.commands.founding.found_seat import found_seat
from services.partner_directory.commands.founding.invite_founder import invite_founder
from services.partner_directory.commands.founding.resend_founding import resend_founding
from services.partner_directory.commands.founding.send_founder_again import send_founder_again
from services.partner_directory.commands.founding.withdraw_founder import withdraw_founder
from services.partner_directory.commands.founding.withdraw_founding import withdraw_founding
from services.partner_directory.commands.identity.disable_identity import disable_identity
from services.partner_directory.commands.identity.enable_identity import enable_identity
from services.partner_directory.commands.identity.end_my_other_sign_ins import end_my_other_sign_ins
from services.partner_directory.commands.identity.end_my_sign_in import end_my_sign_in
from services.partner_directory.commands.identity.end_sign_in import end_sign_in
from services.partner_directory.commands.identity.end_sign_in_there import end_sign_in_there
from services.partner_directory.commands.identity.follow_theft import follow_theft
from services.partner_directory.commands.identity.note_sign_in import note_sign_in
from services.partner_directory.commands.identity.record_realm_changes import record_realm_changes
from services.partner_directory.commands.identity.record_sign_in_failures import record_sign_in_failures
from services.partner_directory.commands.identity.report_theft import report_theft
from services.partner_directory.commands.identity.warn_of_theft import warn_of_theft
from services.partner_directory.commands.invitation.accept_invitation import accept_invitation
from services.partner_directory.commands.invitation.claim_invitation import claim_invitation
from services.partner_directory.commands.invitation.expire_invitation import expire_invitation
from services.partner_directory.commands.invitation.import_seats import import_seats
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.invitation.resend_invitation import resend_invitation
from services.partner_directory.commands.invitation.send_invitation import send_invitation
from services.partner_directory.commands.invitation.try_code import try_code
from services.partner_directory.commands.invitation.withdraw_invitation import withdraw_invitation
from services.partner_directory.commands.law.add_legal_basis import add_legal_basis
from services.partner_directory.commands.law.confirm_legal_basis import confirm_legal_basis
from services.partner_directory.commands.law.end_legal_basis import end_legal_basis
from services.partner_directory.commands.letter.announce import announce
from services.partner_directory.commands.letter.claim_letter import claim_letter
from services.partner_directory.commands.letter.claim_posting import claim_posting
from services.partner_directory.commands.letter.erase_notices import erase_notices
from services.partner_directory.commands.letter.forget_signal import forget_signal
from services.partner_directory.commands.letter.keep_notices import keep_notices
from services.partner_directory.commands.letter.release_posting import release_posting
from services.partner_directory.commands.letter.send_letter import send_letter
from services.partner_directory.commands.letter.send_sign_in_letter import send_sign_in_letter
from services.partner_directory.commands.mandate.accept_undertaking import accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import appoint_host
from services.partner_directory.commands.mandate.change_mandate import change_mandate
from services.partner_directory.commands.mandate.end_mandate import end_mandate
from services.partner_directory.commands.mandate.expire_mandate import expire_mandate
from services.partner_directory.commands.mandate.expire_undertaking import expire_undertaking
from services.partner_directory.commands.mandate.extend_mandate import extend_mandate
from services.partner_directory.commands.mandate.note_clearance import note_clearance
from services.partner_directory.commands.mandate.notice_mandate_end import notice_mandate_end
from services.partner_directory.commands.mandate.notice_undertaking_end import notice_undertaking_end
from services.partner_directory.commands.mandate.resume_mandate import resume_mandate
from services.partner_directory.commands.mandate.shorten_mandate import shorten_mandate
from services.partner_directory.commands.mandate.suspend_mandate import suspend_mandate
from services.partner_directory.commands.organisation.register_organisation import register_organisation
from services.partner_directory.commands.organisation.resume_organisation import resume_organisation
from services.partner_directory.commands.organisation.suspend_organisation import suspend_organisation
from services.partner_directory.commands.profile.change_my_profile import change_my_profile
from services.partner_directory.commands.proposal.confirm_proposal import confirm_proposal
from services.partner_directory.commands.proposal.decline_proposal import decline_proposal
from services.partner_directory.commands.proposal.expire_proposal import expire_proposal
from services.partner_directory.commands.provider.add_provider import add_provider
from services.partner_directory.commands.provider.add_saml_provider import add_saml_provider
from services.partner_directory.commands.provider.disable_provider import disable_provider
from services.partner_directory.commands.provider.enable_provider import enable_provider
from services.partner_directory.commands.provider.judge_sign_in import judge_sign_in
from services.partner_directory.commands.provider.look_at_metadata import look_at_metadata
from services.partner_directory.commands.provider.mirror_provider import mirror_provider
from services.partner_directory.commands.provider.renew_metadata import renew_metadata
from services.partner_directory.commands.recovery.confirm_recovery import confirm_recovery
from services.partner_directory.commands.recovery.expire_recovery import expire_recovery
from services.partner_directory.commands.recovery.propose_recovery import propose_recovery
from services.partner_directory.commands.recovery.second_recovery import second_recovery
from services.partner_directory.commands.rules.accept_rules import accept_rules
from services.partner_directory.commands.rules.decide_rules import decide_rules
from services.partner_directory.commands.rules.draft_rules import draft_rules
from services.partner_directory.commands.rules.drop_upload import drop_upload
from services.partner_directory.commands.rules.remind_of_rules import remind_of_rules
from services.partner_directory.commands.rules.upload_rules import upload_rules
from services.partner_directory.commands.rules.write_about_rules import write_about_rules
from services.partner_directory.model import DEPUTIES
from services.partner_directory.queries.check_seats import check_seats
from services.partner_directory.queries.export_contacts import export_contacts
from services.partner_directory.queries.get_fact_keys import get_fact_keys
from services.partner_directory.queries.get_mandates import get_mandates
from services.partner_directory.queries.get_revocations import get_revocations
from services.partner_directory.queries.list_announcements import list_announcements
from services.partner_directory.queries.list_cells import list_cells
from services.partner_directory.queries.list_invitations import list_invitations
from services.partner_directory.queries.list_legal_bases import list_legal_bases
from services.partner_directory.queries.list_mandates import list_mandates
from services.partner_directory.queries.list_municipalities import list_municipalities
from services.partner_directory.queries.list_my_cells import list_my_cells
from services.partner_directory.queries.list_my_sign_ins import list_my_sign_ins
from services.partner_directory.queries.list_proposals import list_proposals
from services.partner_directory.queries.list_providers import list_providers
from services.partner_directory.queries.list_recoveries import list_recoveries
from services.partner_directory.queries.list_rules import list_rules
from services.partner_directory.queries.list_thefts import list_thefts
from services.partner_directory.queries.open_fact_key import open_fact_key
from services.partner_directory.queries.open_recovery import open_recovery
from services.partner_directory.queries.read_cell import read_cell
from services.partner_directory.queries.read_contacts import read_contacts
from services.partner_directory.queries.read_event_position import read_event_position
from services.partner_directory.queries.read_fact_version import read_fact_version
from services.partner_directory.queries.read_my_profile import read_my_profile
from services.partner_directory.queries.read_provider import read_provider
from services.partner_directory.queries.read_rules import read_rules
from services.partner_directory.queries.read_rules_file import read_rules_file
from services.partner_directory.queries.read_set_up import read_set_up
from services.partner_directory.queries.read_stand_ins import read_stand_ins
from services.partner_directory.queries.read_standing import read_standing
from services.partner_directory.queries.read_table import read_table
from services.partner_directory.queries.read_undertaking import read_undertaking
from services.partner_directory.queries.sort_seats import sort_seats
from services.partner_directory.ruling import ACCEPTS

COORDINATOR = frozenset({Role.COORDINATOR})
SETS_UP = frozenset({Role.MAYOR, Role.COORDINATOR, Role.DPO})
GIVERS = frozenset({Role.MAYOR, Role.COORDINATOR})
SEATED = frozenset(DEPUTIES)
"""Who holds a mandatory seat or coordinates, and may say to be away; mayor and coordinator say it of others too."""
HOST = frozenset({Role.HOST})
OVERSIGHT = frozenset({Role.OVERSIGHT})
SERVICES = frozenset({"case.service", "meeting.service", "audit.service", "portal.service"})
ANNOUNCER = frozenset({"partner_directory.announcer"})
ENDS_SIGN_INS = frozenset({"portal.service", "partner_directory.consumer"})
CONSUMER = frozenset({"partner_directory.consumer"})
LETTERS = frozenset({"partner_directory.letters"})
THEFTS = frozenset({"partner_directory.thefts"})
CODES = frozenset({"partner_directory.codes"})
LOOKS = frozenset({"partner_directory.set_up"})
SUSPENDS = frozenset({"partner_directory.suspension"})
FOUNDS = frozenset({"partner_directory.founding"})
RECOVERY = frozenset({"partner_directory.recovery"})
CLOCK = frozenset({clock_name("partner_directory")})
HEARTBEAT = frozenset({"partner_directory.heartbeat"})
SIGNING = frozenset({"partner_directory.signing"})
EVENTS = "partner_directory.sign_in_events"
_EVENTS = frozenset({EVENTS})

POLICY: Policy = {
    create_cell: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=("cell",)),
    change_brand_colour: Rule(Verb.ADMINISTER, host=True, roles=COORDINATOR, fields=("cell",)),
    withdraw_cell: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=("cell",)),
    suspend_cell: Rule(Verb.ALTER, host=True, roles=HOST, fields=("cell", "mandate")),
    resume_cell: Rule(Verb.ALTER, host=True, roles=HOST, fields=("cell", "mandate")),
    stop_cell: Rule(Verb.ALTER, systems=SUSPENDS, fields=("cell", "mandate")),
    restart_cell: Rule(Verb.ALTER, systems=SUSPENDS, fields=("cell", "mandate")),
    read_cell: Rule(Verb.CONSULT, host=True, roles=HOST, fields=("cell",)),
    read_standing: Rule(Verb.CONSULT, systems=LOOKS, fields=("cell",)),
    read_set_up: Rule(Verb.CONSULT, roles=SETS_UP, fields=("cell",)),
    set_dpia: Rule(Verb.ADMINISTER, roles=COORDINATOR | {Role.DPO}, fields=("cell",)),
    set_danger_contact: Rule(Verb.ADMINISTER, roles=COORDINATOR, fields=("cell",)),
    change_contact: Rule(Verb.ADMINISTER, roles=COORDINATOR, fields=("cell",)),
    open_table: Rule(Verb.DECIDE, roles=COORDINATOR, fields=("cell",)),
    register_organisation: Rule(Verb.ADMINISTER, host=True, roles=COORDINATOR | HOST, fields=("organisation",)),
    appoint_host: Rule(Verb.COLLECT, host=True, fields=("mandate", "name")),
    invite_person: Rule(Verb.COLLECT, host=True, roles=GIVERS, fields=("mandate", "name")),
    sort_seats: Rule(Verb.CONSULT, host=True, fields=("mandate", "name")),
    check_seats: Rule(Verb.CONSULT, host=True, roles=GIVERS, fields=("mandate", "name")),
    import_seats: Rule(Verb.COLLECT, host=True, roles=GIVERS, fields=("mandate", "name")),
    found_seat: Rule(Verb.COLLECT, host=True, roles=HOST, fields=("mandate", "name")),
    resend_founding: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=("mandate",)),
    withdraw_founding: Rule(Verb.ERASE, host=True, roles=HOST, fields=("mandate",)),
    invite_founder: Rule(Verb.COLLECT, systems=FOUNDS, fields=("mandate", "name")),
    send_founder_again: Rule(Verb.ADMINISTER, systems=FOUNDS, fields=("mandate", "name"), scope="invitation_id"),
    withdraw_founder: Rule(Verb.ERASE, systems=FOUNDS, fields=("mandate", "name"), scope="invitation_id"),
    accept_invitation: Rule(Verb.COLLECT, signed_in=True, fields=("mandate", "name"), scope="invitation_id"),
    resend_invitation: Rule(
        Verb.ADMINISTER, host=True, roles=GIVERS, fields=("mandate", "name"), scope="invitation_id"
    ),
    withdraw_invitation: Rule(Verb.ERASE, host=True, roles=GIVERS, fields=("mandate", "name"), scope="invitation_id"),
    list_invitations: Rule(Verb.CONSULT, host=True, roles=GIVERS, fields=("mandate", "name")),
    confirm_proposal: Rule(Verb.DECIDE, roles=GIVERS, fields=("mandate", "name")),
    decline_proposal: Rule(Verb.DECIDE, roles=GIVERS, fields=("mandate",)),
    list_proposals: Rule(Verb.CONSULT, roles=GIVERS, fields=("mandate", "name")),
    propose_recovery: Rule(Verb.COLLECT, roles=HOST, fields=("mandate", "name")),
    second_recovery: Rule(Verb.DECIDE, roles=HOST, fields=("mandate",)),
    confirm_recovery: Rule(Verb.DECIDE, roles=OVERSIGHT, fields=("mandate", "name")),
    list_recoveries: Rule(Verb.CONSULT, roles=HOST | OVERSIGHT, fields=("mandate", "name")),
    open_recovery: Rule(Verb.CONSULT, systems=RECOVERY, fields=("name",)),
    read_stand_ins: Rule(Verb.CONSULT, systems=RECOVERY, fields=("mandate",)),
    accept_undertaking: Rule(Verb.ALTER, roles=EVERYBODY, undertaking=False, fields=("mandate",)),
    read_undertaking: Rule(Verb.CONSULT, roles=EVERYBODY, undertaking=False, fields=("mandate",)),
    end_mandate: Rule(Verb.ALTER, host=True, roles=GIVERS, fields=("mandate",)),
    extend_mandate: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    shorten_mandate: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    change_mandate: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    suspend_mandate: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    resume_mandate: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    suspend_organisation: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    resume_organisation: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    name_deputy: Rule(Verb.ALTER, roles=GIVERS, fields=("mandate",)),
    mark_absent: Rule(Verb.ALTER, roles=SEATED, fields=("mandate",)),
    end_absence: Rule(Verb.ALTER, roles=SEATED, fields=("mandate",)),
    turn_deputy: Rule(Verb.ALTER, systems=CLOCK, fields=("mandate",)),
    list_mandates: Rule(Verb.CONSULT, host=True, roles=EVERYBODY, fields=("mandate", "name")),
    read_table: Rule(Verb.CONSULT, roles=EVERYBODY, undertaking=False, fields=("mandate", "name")),
    read_my_profile: Rule(Verb.CONSULT, signed_in=True, fields=("profile",)),
    change_my_profile: Rule(Verb.ALTER, signed_in=True, fields=("profile",)),
    read_contacts: Rule(Verb.CONSULT, roles=TABLE, fields=("mandate", "name", "profile")),
    export_contacts: Rule(Verb.DISCLOSE, roles=COORDINATOR, fields=("mandate", "name", "profile")),
    list_my_cells: Rule(Verb.CONSULT, signed_in=True, fields=("mandate",)),
    list_cells: Rule(Verb.CONSULT, host=True, roles=HOST, fields=("cell",)),
    list_municipalities: Rule(Verb.CONSULT, host=True, roles=HOST, fields=()),
    add_legal_basis: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    end_legal_basis: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    confirm_legal_basis: Rule(Verb.DECIDE, roles=frozenset({Role.DPO}), fields=()),
    list_legal_bases: Rule(Verb.CONSULT, host=True, signed_in=True, fields=()),
    draft_rules: Rule(Verb.ADMINISTER, roles=COORDINATOR, fields=()),
    upload_rules: Rule(Verb.ADMINISTER, roles=COORDINATOR, fields=()),
    decide_rules: Rule(Verb.DECIDE, roles=frozenset({Role.MAYOR}), fields=()),
    accept_rules: Rule(Verb.ALTER, roles=ACCEPTS, fields=("mandate",)),
    list_rules: Rule(Verb.CONSULT, roles=EVERYBODY, fields=()),
    read_rules: Rule(Verb.CONSULT, roles=EVERYBODY, fields=("mandate",)),
    read_rules_file: Rule(Verb.CONSULT, roles=EVERYBODY, fields=()),
    get_mandates: Rule(Verb.CONSULT, systems=SERVICES, fields=("mandate",)),
    read_fact_version: Rule(Verb.CONSULT, systems=HEARTBEAT, fields=(), recorded=False),
    renew_fact_key: Rule(Verb.ADMINISTER, systems=SIGNING, fields=()),
    open_fact_key: Rule(Verb.CONSULT, systems=SIGNING, fields=()),
    get_fact_keys: Rule(Verb.CONSULT, systems=SERVICES | SIGNING, fields=(), recorded=False),
    disable_identity: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    enable_identity: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    add_provider: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    add_saml_provider: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    renew_metadata: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    enable_provider: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    disable_provider: Rule(Verb.ADMINISTER, host=True, roles=HOST, fields=()),
    list_providers: Rule(Verb.CONSULT, host=True, roles=HOST, fields=()),
    read_provider: Rule(Verb.CONSULT, host=True, roles=HOST, fields=()),
    judge_sign_in: Rule(Verb.SIGN_IN, systems=frozenset({"portal.service"}), fields=()),
    look_at_metadata: Rule(Verb.ADMINISTER, systems=CLOCK, fields=()),
    mirror_provider: Rule(Verb.ADMINISTER, systems=CLOCK, fields=()),
    end_sign_in: Rule(Verb.SIGN_IN, systems=ENDS_SIGN_INS, fields=(), database_role=DatabaseRole.HEARING),
    # Open also to who is signed in with one factor: a thief may hold the other.
    list_my_sign_ins: Rule(Verb.CONSULT, signed_in=True, second_factor=False, fields=()),
    end_my_sign_in: Rule(Verb.SIGN_IN, signed_in=True, second_factor=False, fields=()),
    end_my_other_sign_ins: Rule(Verb.SIGN_IN, signed_in=True, second_factor=False, fields=()),
    report_theft: Rule(Verb.SIGN_IN, signed_in=True, second_factor=False, fields=()),
    note_sign_in: Rule(
        Verb.SIGN_IN,
        systems=frozenset({"portal.service"}),
        fields=(),
        database_role=DatabaseRole.HEARING,
        recorded=False,
    ),
    end_sign_in_there: Rule(Verb.SIGN_IN, systems=CLOCK, fields=(), database_role=DatabaseRole.HEARING),
    follow_theft: Rule(Verb.SIGN_IN, systems=CLOCK, fields=(), database_role=DatabaseRole.HEARING),
    warn_of_theft: Rule(Verb.ADMINISTER, systems=THEFTS, fields=("mandate",)),
    list_thefts: Rule(Verb.CONSULT, host=True, roles=HOST, fields=()),
    get_revocations: Rule(Verb.CONSULT, systems=SERVICES, fields=(), recorded=False),
    read_revocations: revocation_policy("partner_directory")[read_revocations],
    **refusal_policy("partner_directory"),
    read_event_position: Rule(Verb.CONSULT, systems=_EVENTS, fields=(), recorded=False),
    record_sign_in_failures: Rule(Verb.SIGN_IN, systems=_EVENTS, fields=()),
    record_realm_changes: Rule(Verb.ADMINISTER, systems=_EVENTS, fields=()),
    list_announcements: Rule(Verb.CONSULT, systems=ANNOUNCER, fields=(), recorded=False),
    announce: Rule(Verb.ADMINISTER, systems=ANNOUNCER, fields=("mandate",)),
    expire_mandate: Rule(Verb.ALTER, systems=CLOCK, fields=("mandate",), scope="mandate_id"),
    expire_undertaking: Rule(Verb.ALTER, systems=CLOCK, fields=("mandate",), scope="mandate_id"),
    expire_proposal: Rule(Verb.ERASE, systems=CLOCK, fields=("name",)),
    notice_mandate_end: Rule(Verb.ADMINISTER, systems=CLOCK, fields=("mandate",), scope="mandate_id"),
    notice_undertaking_end: Rule(Verb.ADMINISTER, systems=CLOCK, fields=("mandate",), scope="mandate_id"),
    note_clearance: Rule(Verb.ALTER, systems=CLOCK, fields=("mandate",)),
    remind_of_rules: Rule(Verb.ADMINISTER, systems=CLOCK, fields=()),
    write_about_rules: Rule(Verb.ADMINISTER, systems=CLOCK, fields=()),
    drop_upload: Rule(Verb.ERASE, systems=CLOCK, fields=()),
    expire_recovery: Rule(Verb.ERASE, systems=CLOCK, fields=("name",)),
    expire_invitation: Rule(Verb.ERASE, systems=CLOCK, fields=("name",), scope="invitation_id"),
    send_invitation: Rule(Verb.ADMINISTER, systems=CLOCK, fields=("name",), scope="invitation_id"),
    claim_invitation: Rule(Verb.ADMINISTER, systems=LETTERS, fields=(), recorded=False, scope="invitation_id"),
    try_code: Rule(Verb.ADMINISTER, systems=CODES, fields=(), recorded=False, scope="invitation_id"),
    send_sign_in_letter: Rule(Verb.ADMINISTER, systems=CLOCK, fields=("name",), scope="mandate_id"),
    claim_letter: Rule(Verb.ADMINISTER, systems=LETTERS, fields=(), recorded=False, scope="mandate_id"),
    keep_notices: Rule(Verb.ADMINISTER, systems=CONSUMER, fields=(), database_role=DatabaseRole.HEARING),
    forget_signal: Rule(Verb.ERASE, systems=CONSUMER, fields=(), database_role=DatabaseRole.HEARING),
    erase_notices: Rule(Verb.ERASE, systems=CLOCK, fields=(), database_role=DatabaseRole.ERASING),
    send_letter: Rule(Verb.ADMINISTER, systems=CLOCK, fields=(), scope="letter_id"),
    claim_posting: Rule(Verb.ADMINISTER, systems=LETTERS, fields=(), recorded=False, scope="letter_id"),
    release_posting: Rule(Verb.ADMINISTER, systems=LETTERS, fields=(), recorded=False, scope="letter_id"),
    **clock_policy("partner_directory"),
    **rotation_policy("partner_directory"),
}
