"""A birth and the mark of a minor that exclude each other: one of the two is a slip, and the teller is asked which."""

from __future__ import annotations

from fastapi import Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.backends.calls import Refused
from services.portal.web.request.checked import answers_page
from services.portal.web.request.viewer import Viewer
from services.portal.web.ui.answers import Answer, Answers, Doubt
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

BIRTH, MARK = "person.birth_date", "minor"


class Contradiction:
    """Whether the service found one; it alone knows the rule."""

    def __init__(self) -> None:
        self.found = False

    def take(self, refused: Refused) -> bool:
        """A refusal that becomes a question."""
        self.found = refused.problem.code == "MinorContradicted"
        return self.found


def which_is_right(viewer: Viewer, table: TableView, form: Form, asked: pb.EnterSignalRequest) -> Response:
    """Both in words. Who goes on says that the birth is right: the mark is left out, and the birth decides it."""
    say = viewer.language.text
    marked = say(_("Yes, or perhaps")) if asked.minor else say(_("No"))
    born = Concerned(asked.person, pb.Age(), viewer.language, minor=asked.minor).born
    form.fields.pop(MARK, None)
    answers = Answers(
        say(_("Which of the two is right?")),
        [Answer(say(_("Born when, or how old?")), born, BIRTH), Answer(say(_("Younger than 18?")), marked, MARK)],
        say(_("The birth or age is right: send the signal")), (table.address, say(_("Do not send"))),
        [Doubt(say(_("What you wrote of the birth and your answer about 18 years exclude each other.")), BIRTH)],
    )  # fmt: skip
    return answers_page(viewer, form, answers, table=table, tab="tables")
