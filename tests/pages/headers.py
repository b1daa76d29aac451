"""What the headers of a page and of its assets must say."""

from __future__ import annotations

from collections.abc import Mapping

from tests.pages.watched import Watched, origin

NEEDED = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "base-uri": ["'none'"]}
ALLOWED = ("'self'", "'none'")
YEAR_SECONDS = 31_536_000


async def header_faults(watched: Watched, portal: str, forms_to: str = "") -> list[str]:
    """Faults in the headers of what the portal answered: what lies below /assets, and all the rest.

    `forms_to` is the one origin besides its own that a form may lead to.
    """
    found = []
    for answer in watched.answers:
        if origin(answer.url) == portal and not 300 <= answer.status < 400:
            headers = await answer.all_headers()
            path = answer.url.removeprefix(portal)
            faults = asset_faults(headers) if path.startswith("/assets/") else document_faults(headers, forms_to)
            found += [f"{path}: {fault}" for fault in faults]
    return found


def document_faults(headers: Mapping[str, str], forms_to: str = "") -> list[str]:
    """For a page: never stored, never framed, nothing but our own files."""
    found = policy_faults(headers.get("content-security-policy", ""), forms_to)
    if headers.get("cache-control", "").replace(" ", "") != "no-store":
        found.append(f"cache-control is {headers.get('cache-control')!r}, not no-store")
    return found + _sniffing(headers)


def asset_faults(headers: Mapping[str, str]) -> list[str]:
    """For a file under the digest of its content: kept for a year, never asked for again."""
    stated = dict.fromkeys(part.strip() for part in headers.get("cache-control", "").split(","))
    ages = [int(part.removeprefix("max-age=")) for part in stated if part.startswith("max-age=")]
    kept = "immutable" in stated and max(ages, default=0) >= YEAR_SECONDS and "no-store" not in stated
    return (
        [] if kept else [f"cache-control is {headers.get('cache-control')!r}, not a year and immutable"]
    ) + _sniffing(headers)


def policy_faults(policy: str, forms_to: str = "") -> list[str]:
    """Whatever a content security policy permits beyond our own files."""
    directives = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    missing = [
        f"the policy lacks {name} {' '.join(value)}" for name, value in NEEDED.items() if directives.get(name) != value
    ]
    loose = [
        f"the policy permits {name} {source}"
        for name, sources in directives.items()
        for source in sources
        if source not in ALLOWED and (name, source) != ("form-action", forms_to)
    ]
    return missing + loose + ([] if "form-action" in directives else ["the policy lacks form-action"])


def _sniffing(headers: Mapping[str, str]) -> list[str]:
    return [] if headers.get("x-content-type-options") == "nosniff" else ["x-content-type-options is not nosniff"]
