"""Settings of planned resources read as stages of a take-over.

Guarantees that a stage has figures only where every one of its settings is written down and known; otherwise it never ends,
and says which setting is at fault. It knows no resource's name or type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.model import Reaction
from nautilus.federation.chain import Expiring, Phase, Probing, Stage, Waiting
from nautilus.federation.planned import Planned, Setting, Undecided, setting

Path = tuple[str | int, ...]
"""Where a setting stands in a resource's inputs."""


def probing(
    resource: Planned | None,
    name: str,
    paths: tuple[Path, Path, Path | float],
    mend: str,
    *,
    refused: bool = False,
    tolerated: bool = False,
    reaction: Reaction | None = None,
    part: str = "",
) -> Stage:
    """Give a probe from its interval, threshold and timeout at three paths, or with a timeout that is known.

    `tolerated` says that the threshold counts failures which do not yet decide; `refused` that a failure answers at once.
    `part` names the probe where the resource has several.
    """
    if resource is None:
        return absent(name, "not planned")
    last = paths[2]
    found = [setting(resource, *paths[0]), setting(resource, *paths[1])]
    found.append(last if isinstance(last, float) else setting(resource, *last))
    fault = _fault(found, [".".join(map(str, path)) if isinstance(path, tuple) else "" for path in paths])
    if fault:
        return absent(name, fault, resource)
    interval, threshold, timeout = (float(item) for item in found if isinstance(item, float))
    failures = int(threshold) + tolerated
    waits = 0.0 if refused else timeout
    label = f"{part}: " if part else ""
    ends = "fails at once" if refused else f"{timeout:g} s to time out"
    return Probing(
        phase=Phase.DETECTION,
        subject=name,
        urn=resource.urn,
        says=f"{label}every {interval:g} s, {failures} {'failure' if failures == 1 else 'failures'}, {ends}",
        mend=mend,
        interval_s=interval,
        threshold=failures,
        timeout_s=waits,
        checkers=reaction.checkers if reaction else 1,
        quorum=reaction.quorum if reaction else 1.0,
    )


def expiring(resource: Planned, path: Path) -> Stage:
    """Give how long a record's answers are kept, from its TTL at a path."""
    found = setting(resource, *path)
    fault = _fault([found], [".".join(map(str, path))])
    if fault or not isinstance(found, float):
        return absent(resource.name, fault, resource, phase=Phase.CONVERGENCE)
    return Expiring(
        phase=Phase.CONVERGENCE,
        subject=resource.name,
        urn=resource.urn,
        says=f"TTL {found:g} s",
        mend="lower the TTL",
        ttl_s=found,
    )


def longest(stages: Sequence[Stage], name: str) -> Stage:
    """Give the stage with the longest worst case; `name` is what is absent where there is none."""
    if not stages:
        return absent(name, "not planned", phase=Phase.CONVERGENCE)
    return max(stages, key=lambda stage: stage.worst_s)


def _fault(found: Iterable[Setting], places: Iterable[str]) -> str:
    """Say what keeps settings from being figures, "" where nothing does."""
    for item, place in zip(found, places, strict=True):
        if isinstance(item, Undecided):
            return f"{place} is unknown or secret"
        if item is None:
            return f"{place} is not set"
        if not isinstance(item, float) or item < 0:
            return f"{place} is no figure"
    return ""


def absent(
    name: str,
    says: str,
    resource: Planned | None = None,
    *,
    phase: Phase = Phase.DETECTION,
    urn: str = "",
    mend: str = "plan it, with every setting written down",
) -> Stage:
    """Give a stage that never ends, since `name` cannot be relied on: `says` why."""
    return Stage(phase=phase, subject=name, says=says, mend=mend, urn=resource.urn if resource else urn)


def spread(reaction: Reaction, subject: str, mend: str) -> tuple[Stage, ...]:
    """Give what a mechanism takes to decide, and to have it in force everywhere; no stage for what takes nothing."""
    decides = f"decides within {reaction.decide_s:g} s"
    spreads = f"in force everywhere within {reaction.spread_s:g} s, which cannot be set"
    stages = (
        Waiting(phase=Phase.DECISION, subject=subject, says=decides, mend=mend, most_s=reaction.decide_s),
        Waiting(phase=Phase.CONVERGENCE, subject=subject, says=spreads, mend=mend, most_s=reaction.spread_s),
    )
    return tuple(stage for stage in stages if stage.most_s)
