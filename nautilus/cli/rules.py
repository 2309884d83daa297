"""`nautilus policies`: the rules of every pack as the registry has them."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PAGE = "docs/reference/rules.md"
"""The page that also says what each rule allows; `make generate` writes it."""


def show(console: Console) -> None:
    """Print a table for each pack: a rule a row, with what it asks, what it looks at and the clause that asks for it."""
    from policies.kit.registry import Pack, rules  # noqa: PLC0415 - brings every rule with it

    count = 0
    for pack in Pack:
        table = Table(title=f"pack {pack.value}: every rule is mandatory", title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("rule", no_wrap=True)
        for name in ("asks", "looks at", "clause"):
            table.add_column(name)
        for rule in rules(pack):
            table.add_row(*map(escape, (rule.id, rule.title, rule.scope.value, str(rule.clause))))
            count += 1
        console.print(table)
    console.print(f"{count} rules in {len(Pack)} pack(s); what each allows is in {PAGE}", highlight=False)
