"""What the case service hears."""

from services.kit.consume import Hears
from services.kit.mandates import apply_mandates, cell_created, mandate_changed, note_cell

HEARS = {
    "mandate.changed": Hears("rondetafel.partner_directory.*.mandate.changed", apply_mandates, mandate_changed),
    "cell.created": Hears("rondetafel.partner_directory.*.cell.created", note_cell, cell_created),
}
