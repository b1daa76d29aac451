"""The product's own source files and services, for the rules."""

from __future__ import annotations

import ast
import importlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
DOMAIN = ("partner_directory", "case", "meeting", "audit")
SERVICES = (*DOMAIN, "portal")


def tracked(*suffixes: str) -> list[Path]:
    """Files git knows or would take up, with one of these suffixes."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    """Our own Python files; generated code is not ours."""
    return [
        path
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[0] in (folders or ("services", "deploy", "tests"))
        and "generated" not in path.parts
    ]


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions, inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def handlers_of(service: str) -> dict[str, object]:
    """The handlers a service has: in each file of commands and queries, the function of the file's own name."""
    files = handler_files(service)
    return {name: getattr(importlib.import_module(module), name, None) for name, module in files.items()}


def handler_files(service: str, *folders: str) -> dict[str, str]:
    """The verbs of a service, each with the module it stands in; `folders`: commands, queries, or both."""
    found = {}
    for folder in folders or ("commands", "queries"):
        for path in sorted((ROOT / "services" / service / folder).rglob("*.py")):
            if path.stem != "__init__":
                found[path.stem] = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return found


def module_path(module: str) -> Path:
    """The file of one of our modules."""
    return ROOT / Path(*module.split(".")).with_suffix(".py")


def module_of(service: str, name: str) -> ModuleType:
    """A module of a service."""
    return importlib.import_module(f"services.{service}.{name}")
