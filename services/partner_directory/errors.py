"""What can be the case with cells, organisations and mandates."""

from services.kit.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from services.kit.fields import KboNumberWrong as KboNumberWrong


class CellExists(Conflict):
    """One of the municipalities already has a cell."""


class CellStateForbids(Conflict):
    """The state of the cell does not allow this now."""


class CellHeld(Conflict):
    """Somebody was given or proposed something in this cell, so it is not taken back."""


class SetUpIncomplete(Conflict):
    """The cell lacks something it needs before it takes cases."""


class DpiaInFuture(Invalid):
    """The data protection impact assessment is dated in the future."""


class UnknownMunicipality(Invalid):
    """There is no municipality with this NIS code."""


class MunicipalityMerged(Invalid):
    """This municipality was merged into another."""


class IntelligenceServiceRefused(Invalid):
    """Intelligence services do not sit in a cell."""


class OrganisationExists(Conflict):
    """An organisation with this enterprise number is already known."""


class OrganisationUnknown(Invalid):
    """No organisation with this enterprise number is known; register it first."""


class MunicipalityNotInCell(Invalid):
    """The municipality is not one of this cell for the caller."""


class TelephoneUnreadable(Invalid):
    """This is not one telephone number that can be dialled."""


class LegalBasisUnknown(Invalid):
    """There is no legal basis with this code."""


class LegalBasisNotFound(NotFound):
    """There is no such version of a legal basis."""


class LegalBasisReversed(Invalid):
    """The legal basis would end before it begins."""


class LegalBasisInPast(Invalid):
    """Days that are over keep the law they had."""


class LegalBasisOverlaps(Invalid):
    """Another version of this legal basis is in force on one of these days."""


class LegalBasisConfirmed(Conflict):
    """The cell has confirmed this legal basis already."""


class LegalBasisOver(Conflict):
    """The last day of this legal basis is over."""


class SpeakingTwice(Invalid):
    """On one of these days another legal basis lets people speak with each other."""


class SpeakingGap(Invalid):
    """On some day no legal basis would let people speak with each other."""


class LegalBasisNotInForce(Invalid):
    """The legal basis is not in force during the whole mandate."""


class LegalBasisNotForKind(Invalid):
    """The legal basis does not let this kind of partner take part."""


class LegalBasisNotForRegion(Invalid):
    """The legal basis does not apply where the municipality lies."""


class MandateReversed(Invalid):
    """The mandate would end before it begins."""


class MandateTooLong(Invalid):
    """A mandate lasts five years at most."""


class MandateOver(Invalid):
    """The mandate would be over already."""


class ClearanceMissing(Invalid):
    """An information officer needs a security clearance that has not expired."""


class ClearanceNotAsked(Invalid):
    """Only members of the police have a security clearance here."""


class MandateExists(Conflict):
    """This person already has this mandate in that time."""


class MandateNotFound(NotFound):
    """There is no such mandate for the caller."""


class MandateEnded(Conflict):
    """The mandate has ended already."""


class MandateNotLonger(Invalid):
    """An extension is to a later last day."""


class MandateNotShorter(Invalid):
    """A mandate is shortened to an earlier last day, today or later."""


class MandateUnchanged(Invalid):
    """Nothing would be different."""


class MandateSuspended(Conflict):
    """It is suspended already."""


class MandateNotSuspended(Conflict):
    """It is not suspended."""


class OrganisationNotFound(NotFound):
    """There is no such organisation at this table for the caller."""


class HolderNotFound(Invalid):
    """There is no such mandate to be the deputy of."""


class DeputyRoleWrong(Invalid):
    """A deputy has the role of the holder, or the one that stands in for it."""


class DeputyKindWrong(Invalid):
    """A deputy sits for an organisation of the same kind as the holder."""


class DeputyTownWrong(Invalid):
    """A deputy is for towns of the holder alone."""


class DeputyOfOneself(Invalid):
    """Nobody is the own deputy."""


class DeputyOfDeputy(Invalid):
    """A deputy has no deputy, and who has one is none."""


class DeputyOverlaps(Conflict):
    """Another deputy of the holder is there in that time, for one of these towns."""


class SeatWithoutDeputy(Conflict):
    """Only holders of a mandatory seat and the coordinator are marked absent, and no deputy is."""


class AbsenceReversed(Invalid):
    """The absence would end before it begins."""


class AbsenceOutside(Invalid):
    """An absence lies within the mandate, from today on."""


class AbsenceOverlaps(Conflict):
    """The holder is marked absent on one of these days already."""


class SignInNotFound(NotFound):
    """There is no such sign-in of the caller's that is open."""


class AbsenceNotFound(NotFound):
    """There is no such absence for the caller."""


class AbsenceOver(Conflict):
    """This absence is over already."""


class LastCoordinator(Conflict):
    """A town would be left without coordinator, and without a mayor who stands in."""


class HostInCell(Conflict):
    """Who acts for the host, or did in the last 90 days, holds no mandate in a cell."""


class MemberForHost(Conflict):
    """Who holds a mandate in a cell does not act for the host."""


class CellFounded(Conflict):
    """The cell got its mayor a moment ago: from now on the host proposes and the cell gives."""


class TooManyProposals(Conflict):
    """So many proposals wait in this cell already that it has to answer some first."""


class ProposalExists(Conflict):
    """The very same waits in this cell already, for the same address."""


class ProposalNotFound(NotFound):
    """There is no such proposal for the caller."""


class ProposalDecided(Conflict):
    """The cell has answered this proposal already."""


class InvitationRefused(Invalid):
    """This code does not fit this invitation, or counts no more; whoever invited you can send a new one."""


class InvitationsBusy(Unavailable):
    """Too many codes are tried at the same time; try again in a moment."""


class InvitationNotFound(NotFound):
    """There is no such invitation for the caller."""


class InvitationOver(Conflict):
    """The invitation was accepted or withdrawn already, or its days are over."""


class InvitationExists(Conflict):
    """Somebody with this address is invited to the very same already."""


class TooManyInvitations(Conflict):
    """So many invitations are open in this cell that some have to be accepted, withdrawn or over first."""


class CellNotLost(Conflict):
    """The cell has a mayor or a coordinator, now or planned, who can say yes; it needs no recovery."""


class TooManyRecoveries(Conflict):
    """So many recoveries wait for this cell already that one has to be answered or to expire first."""


class RecoveryNotFound(NotFound):
    """There is no such recovery for the caller."""


class RecoveryStateForbids(Conflict):
    """The state of the recovery does not allow this now."""


class RecoveryExpired(Conflict):
    """The recovery was proposed more than 14 days ago; it has to be proposed anew."""


class RecoverySamePerson(Conflict):
    """Each step of a recovery is another person's, and none of them is the one it is for."""


class OwnIdentity(Invalid):
    """Nobody shuts out themselves; somebody else of the host does that."""


class UndertakingTextChanged(Conflict):
    """This is not the present text of the undertaking; read it and accept it."""


class RulesNotFound(NotFound):
    """The cell has no such rules for the caller."""


class RulesFollowAnother(Conflict):
    """Somebody put another text of this kind forward meanwhile; read it first."""


class RulesWithoutWords(Invalid):
    """There is no word in the text."""


class RulesPartTaken(Conflict):
    """This part of the file is there already; begin the upload anew."""


class FileNotPdf(Invalid):
    """The file is no PDF that can be opened."""


class PdfEncrypted(Invalid):
    """The PDF is protected by a password."""


class PdfActive(Invalid):
    """The PDF holds more than pages: scripts, actions or other files."""


class RulesDecisionUnclear(Invalid):
    """It is said from which day on they are in force, or why they are sent back; one of the two."""


class RulesDayOutside(Invalid):
    """Rules are in force from today on or from a day within a year, never from a day that is over."""


class RulesDayTaken(Conflict):
    """Other rules of this kind are in force from that day on."""


class RulesStateForbids(Conflict):
    """The state of these rules does not allow this."""


class RulesOver(Conflict):
    """Other rules took the place of these."""


class RulesAccepted(Conflict):
    """These rules are accepted already."""


class AccountRefused(Invalid):
    """The sign-in service takes no account of this name or address, however often it is asked."""


class SignInServiceAway(Unavailable):
    """The sign-in service does not answer; try again later."""


class SignInServiceBusy(Unavailable):
    """Too many people are invited at the same time; try again in a moment."""


class LetterUnderWay(Unavailable):
    """Another process is having this letter sent, or was killed over it a moment ago."""


class LetterNotTaken(Conflict):
    """The mail server did not take the letter, or does not answer the sign-in service; it is tried again."""


class SeatColumnMissing(Invalid):
    """The list of seats lacks a column."""


class SeatColumnTwice(Invalid):
    """Two columns of the list of seats say the same."""


class SeatTwice(Invalid):
    """The list has this seat for this person already."""


class SeatsFaulty(Invalid):
    """The list of seats has faults; nobody was invited."""


class MailServerAway(Unavailable):
    """The mail server does not answer, or there is none: letters wait."""


class LetterInDoubt(Unavailable):
    """No word came from the mail server once a letter was under way; it is handed in again under its own number."""


class AliasMalformed(Invalid):
    """The alias of a provider is written in small letters, digits and single hyphens."""


class DomainMalformed(Invalid):
    """This is no domain that stands behind the sign in e-mail addresses."""


class DomainTaken(Conflict):
    """Another provider speaks for this domain."""


class ProviderExists(Conflict):
    """A provider with this alias or this issuer is there already."""


class ProviderNotFound(NotFound):
    """There is no such provider."""


class ProviderStateForbids(Conflict):
    """The state of the provider does not allow this now."""


class ProviderNotMirrored(Conflict):
    """The sign-in service does not have the provider as it is here yet; try again in a moment."""


class IssuerAddressRefused(Invalid):
    """An address of the issuer is not one that may be asked: https, at a public address."""


class IssuerUnreachable(Invalid):
    """Nothing answers at the address of the issuer, or not in time."""


class NotAnIssuer(Invalid):
    """What answers at the address of the issuer is no provider of OpenID Connect."""


class IssuerWrong(Invalid):
    """The provider says that it is another issuer."""


class IssuerAlgorithmUnsupported(Invalid):
    """The provider signs by no algorithm that is taken here."""


class MetadataMissing(Invalid):
    """Neither an address of metadata nor its text was given, or both."""


class NotMetadata(Invalid):
    """What was given is no SAML 2.0 metadata of one provider."""


class MetadataExpired(Invalid):
    """The metadata says that it counts no more."""


class MetadataSignatureWrong(Invalid):
    """The metadata is signed, and the signature does not hold, is made in a weak way, or by another than before."""


class MetadataOfAnother(Invalid):
    """The metadata is that of another provider."""


class SignInAddressMissing(Invalid):
    """The metadata names no address where people sign in, by POST or by redirect."""


class CertificateMissing(Invalid):
    """The metadata has no certificate by which its answers can be checked."""


class CertificateWeak(Invalid):
    """A certificate of the provider is not of a kind that is taken: RSA of 2048 bits, by SHA-256, is the least."""


class CertificateExpired(Invalid):
    """All certificates of the provider are over."""


class NameIdNotPersistent(Invalid):
    """The provider gives its people no name that stays the same (persistent NameID)."""


class AttributeMalformed(Invalid):
    """This is no name of an attribute."""


class ProviderNotSaml(Conflict):
    """This provider has no metadata: it speaks OpenID Connect."""


class ForeignDomain(Denied):
    """The provider gives an address of a domain it may not speak for."""


class NeverSignedIn(Conflict):
    """People of this domain sign in at their own organisation, and this person never came by it."""
