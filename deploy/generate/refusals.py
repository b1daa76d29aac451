"""services/portal/api/generated/errors.py: what single operations are refused for, in the services' own words."""

from __future__ import annotations

import importlib
import inspect

from deploy.generate.doors import Door
from deploy.generate.models import MADE
from deploy.generate.writing import literal
from services.kit import errors as kit
from services.kit import sheets

KINDS = (kit.Invalid, kit.Denied, kit.Conflict, kit.Unavailable)


def refusals(doors: tuple[Door, ...]) -> str:
    """The module."""
    packages = list(dict.fromkeys(door.method.package for door in doors if door.method.verb.errors))
    lines = [
        f'"""What only single operations are refused for, in the words of their services. {MADE} from proto/."""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "",
        f"from services.kit.errors import {', '.join(sorted(kind.__name__ for kind in KINDS))}, RondetafelError",
        "",
        "Sentences = Mapping[str, tuple[type[RondetafelError], str]]",
        '"""Code to kind and sentence."""',
        "",
    ]
    for package in packages:
        own = [door for door in doors if door.method.package == package]
        codes = sorted({code for door in own for code in door.method.verb.errors})
        said = ",\n".join(f'"{code}": {_sentence(package, code)}' for code in codes)
        lines.append(f"{package.upper()}: Sentences = {{\n{said},\n}}")
    told = [
        f'"{door.name}": ({door.method.package.upper()}, {tuple(sorted(door.method.verb.errors))!r})'
        for door in doors
        if door.method.verb.errors
    ]
    lines.append("OPERATIONS: Mapping[str, tuple[Sentences, tuple[str, ...]]] = {\n" + ",\n".join(told) + ",\n}")
    return "\n".join(lines) + "\n"


def _sentence(package: str, code: str) -> str:
    error = _error(package, code)
    kind = next((kind for kind in KINDS if error is not None and issubclass(error, kind)), None)
    if error is None or kind is None:
        raise SystemExit(f"{package}: {code} is no error of this service that an operation may name")
    return f"({kind.__name__}, {literal(inspect.getdoc(error) or code)})"


def _error(package: str, code: str) -> type[kit.RondetafelError] | None:
    """Of the service, or of kit."""
    for module in (importlib.import_module(f"services.{package}.errors"), kit, sheets):
        found = getattr(module, code, None)
        if isinstance(found, type) and issubclass(found, kit.RondetafelError):
            return found
    return None
