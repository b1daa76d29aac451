"""An invitation is made in steps, one question after the other: whom, what for, how long and how much."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS
from services.portal.web.ui.language import message as _

STEPS: Mapping[str, tuple[str, ...]] = {
    "who": ("person_id",),
    "why": ("life_domains", "why"),
    "until": ("from", "to", "parts"),
}
"""The steps in their order, with the fields that each asks for."""
FIRST, *_BETWEEN, LAST = STEPS
PARTS = {
    "identity": _("Name, date of birth and address of the person it is about."),
    "proposal": _("The criteria and arguments with which the case was proposed."),
    "content": _("Contributions, decisions and the plan. Without this a person cannot contribute."),
}
"""What a person can be invited to read, and what that is in plain words."""


def step_of(form: Form) -> str:
    """The step that the form was sent from, or is opened at."""
    return form.value("step") if form.value("step") in STEPS else FIRST


def asked_in(field: str) -> str:
    """The step that asks for a field; the last one for what no step asks."""
    return next((step for step, fields in STEPS.items() if field in fields), LAST)


def beside(step: str, form: Form) -> dict[str, list[str]]:
    """What was typed in other steps, which this one carries on unseen."""
    return {
        name: values
        for name, values in form.typed.items()
        if name != "step" and name.partition("-")[0] not in STEPS[step]
    }


def after(step: str) -> str:
    """The step that follows."""
    return list(STEPS)[list(STEPS).index(step) + 1]


def before(step: str) -> str:
    """The step before; empty for the first."""
    at = list(STEPS).index(step)
    return list(STEPS)[at - 1] if at else ""


def read_invitation(form: Form, people: Collection[str], until: str = LAST) -> pb.InviteToCircleRequest:
    """What the form asks of the service, of the steps up to that one."""
    asked = pb.InviteToCircleRequest(
        expected_version=form.version, person_id=form.choice("person_id", people, missing=_("Choose whom you invite."))
    )
    if until != FIRST:
        asked.life_domains.extend(form.choices("life_domains", LIFE_DOMAINS))
        asked.why = form.text("why", pb.InviteToCircleRequest, missing=_("Write why this person is needed."))
    if until == LAST:
        # `from` is a word of Python.
        setattr(asked, "from", form.iso_day("from", missing=_("Write the first day.")))
        asked.to = form.iso_day("to", missing=_("Write the last day."))
        asked.parts.extend(form.choices("parts", PARTS, missing=_("Choose what this person may read.")))
    return asked
