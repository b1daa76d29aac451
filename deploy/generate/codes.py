"""services/kit/codes.py: the lists of codes as constants."""

from __future__ import annotations

import re
import textwrap

from deploy.generate.protos import Protos

HEAD = '''"""The lists of codes, made by `make proto` from proto/rondetafel/kit/v1/codes.proto."""

from __future__ import annotations

from collections.abc import Mapping
'''


def codes(protos: Protos) -> str:
    """The module."""
    parts = [HEAD]
    for name, values in protos.codes.items():
        parts.append(f"{constant(name)} = {values!r}\n")
        if protos.code_comments[name]:
            parts.append(textwrap.fill(f'"""{protos.code_comments[name]}"""', 120) + "\n")
    pairs = "".join(f'"{name}": {constant(name)},\n' for name in protos.codes)
    parts.append(f"\nLISTS: Mapping[str, tuple[str, ...]] = {{\n{pairs}}}\n")
    parts.append('"""By the name that the options of a field give (FieldRule.codes)."""\n')
    return "".join(parts)


def constant(name: str) -> str:
    """LIFE_DOMAINS for LifeDomains."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
