"""`nautilus policies`: the rules of every pack as the registry has them."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table


def show(console: Console) -> None:
    """Print one row for each rule: id, pack, scope, what it asks, the clause that asks for it."""
    from policies.kit.registry import Pack, rules  # noqa: PLC0415 - brings every rule with it

    table = Table(title="rules, all mandatory", title_justify="left")
    table.add_column("rule", no_wrap=True)
    for name in ("pack", "scope", "asks", "clause"):
        table.add_column(name)
    count = 0
    for pack in Pack:
        for rule in rules(pack):
            table.add_row(*map(escape, (rule.id, pack.value, rule.scope.value, rule.title, str(rule.clause))))
            count += 1
    console.print(table)
    console.print(f"{count} rules in {len(Pack)} pack(s)", highlight=False)
