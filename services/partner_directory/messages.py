"""The answers of the partner directory on the wire."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.clock import local_date
from services.kit.fields import to_timestamp
from services.partner_directory.data import Undertaking
from services.partner_directory.find import MandateView, MyCell, ProposalView
from services.partner_directory.model import RECOVERY_TERM, LegalBasis, Municipality
from services.partner_directory.queries.list_cells import CellPage, CellView
from services.partner_directory.queries.list_my_cells import MyCellsView
from services.partner_directory.queries.list_recoveries import RecoveryView
from services.partner_directory.queries.read_table import TableView


def municipality_message(town: Municipality) -> pb.Municipality:
    """A town with its name in both languages."""
    return pb.Municipality(nis_code=town.nis_code, name=town.name_nl, name_fr=town.name_fr)


def my_cells_message(view: MyCellsView) -> pb.ListMyCellsResponse:
    """The tables the caller sits at."""
    return pb.ListMyCellsResponse(
        cells=[_my_cell(one, view.undertaking) for one in view.cells],
        undertaking=_undertaking(view.undertaking),
        host=view.host,
        may=view.may,
    )


def table_message(view: TableView) -> pb.Table:
    """A cell from inside."""
    return pb.Table(
        cell=_my_cell(view.mine, view.undertaking),
        undertaking=_undertaking(view.undertaking),
        person_id=str(view.person_id),
        mandates=[mandate_view_message(one) for one in view.mandates],
        legal_bases=[_legal_basis(one) for one in view.legal_bases],
    )


def cell_page_message(page: CellPage) -> pb.ListCellsResponse:
    """Cells from outside."""
    return pb.ListCellsResponse(
        cells=[_cell(one) for one in page.cells],
        next_cursor=str(page.next_cursor or ""),
        cells_total=page.cells_total,
        towns_with_cell=page.towns_with_cell,
        towns_total=page.towns_total,
    )


def mandate_view_message(view: MandateView) -> pb.MandateView:
    """A mandate with the name of its person; days as Brussels counts them."""
    mandate = view.mandate
    message = pb.MandateView(
        mandate_id=str(mandate.mandate_id),
        person_id=str(mandate.person_id),
        given_name=view.given_name,
        family_name=view.family_name,
        organisation_id=str(view.organisation.organisation_id),
        organisation_name=view.organisation.name,
        organisation_kind=mandate.organisation_kind,
        role=mandate.role,
        nis_codes=mandate.nis_codes,
        to=mandate.last_day.isoformat(),
        undertaking_accepted=view.undertaken,
        version=mandate.version,
        legal_basis=mandate.legal_basis,
        ended=view.ended,
        given_by=mandate.given_by,
        given_at=to_timestamp(mandate.invited_at),
        opens_at=to_timestamp(mandate.opens_at),
        may=view.may,
        seat=view.seat,
    )
    setattr(message, "from", local_date(mandate.starts_at).isoformat())
    return message


def proposal_message(view: ProposalView) -> pb.Proposal:
    """A proposal with who is proposed."""
    proposal = view.proposal
    message = pb.Proposal(
        proposal_id=str(proposal.proposal_id),
        email=view.email,
        given_name=view.given_name,
        family_name=view.family_name,
        organisation_name=view.organisation.name,
        organisation_kind=view.organisation.kind,
        role=proposal.role,
        nis_codes=proposal.nis_codes,
        to=proposal.last_day.isoformat(),
        legal_basis=proposal.legal_basis,
        proposed_at=to_timestamp(proposal.proposed_at),
        version=proposal.version,
        may=view.may,
    )
    setattr(message, "from", proposal.first_day.isoformat())
    return message


def recovery_message(view: RecoveryView) -> pb.Recovery:
    """A recovery with who is proposed, and who of the host said yes."""
    recovery = view.recovery
    message = pb.Recovery(
        recovery_id=str(recovery.recovery_id),
        cell_id=str(recovery.cell_id),
        state=recovery.state,
        email=view.named.email,
        given_name=view.named.given_name,
        family_name=view.named.family_name,
        organisation_name=view.organisation.name,
        organisation_kind=view.organisation.kind,
        role=recovery.role,
        nis_codes=recovery.nis_codes,
        to=recovery.last_day.isoformat(),
        legal_basis=recovery.legal_basis,
        proposed_by=str(recovery.proposed_by),
        proposed_at=to_timestamp(recovery.proposed_at),
        seconded_by=str(recovery.seconded_by or ""),
        expires_at=to_timestamp(recovery.proposed_at + RECOVERY_TERM),
        version=recovery.version,
    )
    setattr(message, "from", recovery.first_day.isoformat())
    return message


def _my_cell(mine: MyCell, undertaking: Undertaking) -> pb.MyCell:
    return pb.MyCell(
        cell_id=str(mine.cell.cell_id),
        name=mine.cell.name,
        nis_codes=[town.nis_code for town in mine.towns],
        roles=mine.roles,
        undertaking_accepted=mine.undertaken,
        undertaking_text_version=undertaking.version,
        towns=[municipality_message(town) for town in mine.towns],
        brand_colour=mine.cell.brand_colour,
        region=mine.towns[0].region,
        opens_at=to_timestamp(mine.opens_at),
        may=mine.may,
    )


def _undertaking(text: Undertaking) -> pb.Undertaking:
    return pb.Undertaking(version=text.version, nl=text.nl, fr=text.fr, de=text.de, en=text.en)


def _legal_basis(basis: LegalBasis) -> pb.LegalBasis:
    return pb.LegalBasis(code=basis.code, title_nl=basis.title_nl, title_fr=basis.title_fr, title_en=basis.title_en)


def _cell(view: CellView) -> pb.CellView:
    return pb.CellView(
        cell_id=str(view.cell.cell_id),
        name=view.cell.name,
        towns=[municipality_message(town) for town in view.towns],
        state=view.cell.state,
        created_at=to_timestamp(view.cell.created_at),
        brand_colour=view.cell.brand_colour,
    )
