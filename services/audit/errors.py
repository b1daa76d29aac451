"""What can be the case with leaves."""

from services.kit.errors import Invalid


class LeafMalformed(Invalid):
    """This is not a leaf of the log in its canonical form."""
