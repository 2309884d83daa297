"""The reference of the rules for people, made from them: `python -m policies.reference [--check]`.

Guarantees that docs/reference/rules.md names every rule of every pack, what it asks, who asks for it, and every type that is
let pass without a place. It is no legal advice, and says so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

import config
from config import generated
from policies.kit.location_entries import ENTRIES, EXEMPT, How
from policies.kit.registry import PURPOSE, Pack, rules
from policies.kit.rule import Rule

FOLDER: Final = "docs/reference"
_HEAD: Final = """# Policy rules

Made from `policies/` by `python -m policies.reference`: change the rules, not this page. Every rule is mandatory: a failure,
an unknown that the rule needs ("cannot be known at preview") and an error in the rule all stop the deployment.
Nothing here is legal advice: these are rules that a machine checks. Where a jurisdiction's own clause asks for more than the
control named here, the message cites that clause.
"""


def files() -> dict[str, str]:
    """Give the page by its file name."""
    return {"rules.md": "\n".join([_HEAD, *(line for pack in Pack for line in _pack(pack)), *_locations(), ""])}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is stale. Gives the exit code."""
    return generated.main(arguments, folder=config.root() / FOLDER, files=files(), command="python -m policies.reference")


def _pack(pack: Pack) -> Iterator[str]:
    yield f"## Pack `{pack}`: {PURPOSE[pack]}\n"
    yield "| rule | sees | severity | asks for | allowed | control |"
    yield "|---|---|---|---|---|---|"
    for rule in rules(pack):
        yield f"| {' | '.join(_cells(rule))} |"
    yield ""


def _cells(rule: Rule) -> tuple[str, ...]:
    return rule.id, str(rule.scope), str(rule.severity), rule.title, rule.allowed, str(rule.clause)


def _locations() -> Iterator[str]:
    located = sum(1 for entry in ENTRIES.values() if entry.how not in (How.NOWHERE, How.REFUSED))
    yield "## Types without a place\n"
    yield f"{located} types are located by a property, a reference or their provider.\n"
    yield "These have no place (RES-006), or need none:\n"
    yield "| type | verdict | why |"
    yield "|---|---|---|"
    for token, entry in sorted(ENTRIES.items()):
        if entry.how in (How.NOWHERE, How.REFUSED):
            yield f"| `{token}` | {'allowed' if entry.how is How.NOWHERE else 'refused'} | {entry.reason} |"
    for token, reason in sorted(EXEMPT.items()):
        yield f"| `{token}` | exempt | {reason} |"


if __name__ == "__main__":
    sys.exit(main())
