"""`python -m nautilus.cli.requirements [--check]`: which file serves which requirement, from the ids in docstrings.

Guarantees that docs/requirements.md lists every id of the specification with the files that name it, and says plainly which
ids nothing serves yet. It does not judge whether a file serves a requirement well: tests do.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "requirements.md"
FOLDERS = ("components", "config", "nautilus", "policies", "stacks", "tests")
ID = re.compile(r"\b(?:CLU|JUR|KEY|AUD|REP|HALT|NET|EDGE|DNS|FO|DAT|BAK|MESH|PLT|SEC|OBS|CD|OPS)-\d{1,2}\b")
RANGE = re.compile(r"\b([A-Z]+)-(\d{1,2})…(\d{1,2})\b")

TITLES: Mapping[str, str] = {
    "CLU-1": "Fifteen clusters in five groups",
    "CLU-2": "The role of each cluster",
    "CLU-3": "Latency, availability, throughput and replication targets",
    "CLU-4": "Node pools and supported Kubernetes versions",
    "CLU-5": "Three environments with sizes and budgets of their own",
    "CLU-6": "A network of three tiers over the zones, with ranges that never overlap",
    "CLU-7": "A further cluster is data, not code",
    "JUR-1": "Eight jurisdictions and their frameworks",
    "JUR-2": "Where each class of data may be",
    "JUR-3": "Every movement over a border declared, with its basis in law",
    "KEY-1": "Keys of the region, in hardware, rotated, never leaving the jurisdiction",
    "KEY-2": "Inventory of algorithms and readiness for quantum-safe ones",
    "AUD-1": "Immutable audit trail for each cluster, kept as the law asks",
    "AUD-2": "Evidence of each deployment, chained by hash",
    "REP-1": "Regulatory reporting workloads for each jurisdiction",
    "HALT-1": "Trading halt and notification for each jurisdiction",
    "NET-1": "The backbone within and between groups",
    "NET-2": "Recovery routes between clouds",
    "NET-3": "Edge routes to exchanges",
    "NET-4": "Dedicated, diverse and prioritised links; network functions as code",
    "EDGE-1": "Edge sites, caching and their failover",
    "DNS-1": "DNS failover with health checks, anycast in front",
    "DNS-2": "Seven routing algorithms",
    "DNS-3": "Weights from an optimiser with seven objectives",
    "DNS-4": "Four performance tiers",
    "DNS-5": "Static assets, regional front ends, affinity, gradual shifting",
    "FO-1": "Seven failover strategies",
    "FO-2": "Seven triggers",
    "FO-3": "Seven disaster scenarios with recovery times and points",
    "FO-4": "Five service tiers",
    "FO-5": "Dependencies of services, recovery plans, drills",
    "DAT-1": "Relational store",
    "DAT-2": "Time series store",
    "DAT-3": "Cache",
    "DAT-4": "Streaming, mirrored along lawful flows",
    "DAT-5": "Stream processing",
    "DAT-6": "Data products",
    "BAK-1": "Backups inside the jurisdiction",
    "MESH-1": "Service mesh over the clusters",
    "MESH-2": "Balancing, retries and circuit breaking",
    "PLT-1": "Namespaces, priorities and budgets",
    "PLT-2": "Autoscaling",
    "PLT-3": "Workloads from a catalogue of services",
    "SEC-1": "Zero trust and workload identity",
    "SEC-2": "Threat detection, image admission, secrets",
    "OBS-1": "Metrics, federated by allow-list",
    "OBS-2": "Dashboards",
    "OBS-3": "Alert rules with tests",
    "OBS-4": "Tracing, objectives and forecasts",
    "CD-1": "Gradual roll-outs and registries for each jurisdiction",
    "OPS-1": "`pulumi up` for each region stack",
    "OPS-2": "A preview on every pull request with one verdict",
    "OPS-3": "Policy as code before deployment",
    "OPS-4": "Cost estimates and budgets",
}


def served(root: Path) -> dict[str, list[str]]:
    """Give the files under the source folders that name each requirement id, sorted; `root` is the project's."""
    places: dict[str, set[str]] = defaultdict(set)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if path == Path(__file__).resolve():
                continue
            text = path.read_text(encoding="utf-8")
            found = set(ID.findall(text))
            for domain, first, last in RANGE.findall(text):
                found |= {f"{domain}-{number}" for number in range(int(first), int(last) + 1)}
            for name in found:
                places[name].add(path.relative_to(root).as_posix())
    return {name: sorted(files) for name, files in places.items()}


def page(places: Mapping[str, list[str]]) -> str:
    """Give the Markdown page: one row an id, with its files or the word that nothing serves it yet."""
    lines = [
        "# Requirements and what serves them",
        "",
        "Generated from the ids in docstrings by `make generate`. A row without files is not served yet.",
        "",
        "| id | what | served by |",
        "|---|---|---|",
    ]
    for name, title in TITLES.items():
        files = "<br>".join(f"`{path}`" for path in places.get(name, ())) or "nothing yet"
        lines.append(f"| {name} | {title} | {files} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or with `--check` say whether it is stale; unknown ids are an error in both."""
    places = served(ROOT)
    unknown = sorted(set(places) - set(TITLES))
    if unknown:
        files = ", ".join(f"{name} ({', '.join(places[name])})" for name in unknown)
        print(f"error: requirement ids that do not exist: {files}", file=sys.stderr)
        return 1
    text = page(places)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print(f"error: {PAGE.relative_to(ROOT)} is stale: run `make generate`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
