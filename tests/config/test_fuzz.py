"""Random damage to the whole catalogue: the answer is a catalogue or a CatalogueError, never another exception."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import document
from config.loader import CatalogueError, from_values
from config.model import Catalogue, EnvironmentName, Group
from nautilus.federation.plan import placements
from tests.fixtures.catalogues import TODAY, values

MUTATIONS = 1_200
Path = tuple[str | int, ...]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**18), max_value=10**18),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=20),
    st.sampled_from(
        [
            "*",
            "",
            "us",
            "prod",
            "main",
            "aws/us-east-1",
            "azure/eastasia",
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.0.0.0/33",
            "1.35",
            "9" * 40,
        ]
    ),
    st.sampled_from(
        ["s3://[", "awskms://?region=", "gcpkms://locations//", "x" * 5000, "\x00", "\ud800", "2026-13-45", "a/b/c", "-"]
    ),
)
ANY = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, path: Path = ()) -> list[Path]:
    """Give the path of every node below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in items for inner in paths(item, (*path, key)))]


SHIPPED = values()
NODES = [path for path in paths(SHIPPED) if path]


def parent(catalogue: Any, path: Path) -> Any:
    for step in path[:-1]:
        catalogue = catalogue[step]
    return catalogue


def mutated(how: str, path: Path, other: Path, new: Any) -> dict[str, Any]:
    """Give the shipped catalogue with one thing changed; only the file that changes is copied."""
    catalogue = dict(SHIPPED)
    file = path[0]
    if file in catalogue:
        catalogue[str(file)] = copy.deepcopy(catalogue[str(file)])
    holder, last = parent(catalogue, path), path[-1]
    if how == "delete":
        del holder[last]
    elif how == "replace":
        holder[last] = new
    elif how == "rename" and isinstance(holder, dict):
        holder[str(new)[:30]] = holder.pop(last)
    elif how == "copy":
        holder[last] = parent(SHIPPED, other)[other[-1]]
    elif isinstance(holder, list):
        holder.insert(last, holder[last])
    else:
        holder[f"{last}-2"] = holder[last]
    return catalogue


outcomes: Counter[str] = Counter()


@given(
    how=st.sampled_from(["delete", "duplicate", "replace", "replace", "rename", "copy"]),
    path=st.sampled_from(NODES),
    other=st.sampled_from(NODES),
    new=ANY,
)
@settings(max_examples=MUTATIONS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
def damage(how: str, path: Path, other: Path, new: Any) -> None:
    refused: CatalogueError | None = None
    try:
        result = from_values(mutated(how, path, other, new), today=TODAY)
    except CatalogueError as error:
        refused = error
    if refused is not None:
        assert refused.problems
        assert all(one.file and one.value is not None and one.allowed and one.fix for one in refused.problems)
        assert all(line.isprintable() for line in str(refused).splitlines())
        outcomes["refused"] += 1
        return
    assert isinstance(result, Catalogue)
    # What is let through has a plan for every placement: nothing is left for a component to stumble over.
    planned = sum(len(placements(result, EnvironmentName.PROD, group)) for group in Group)
    assert planned == sum(len(cluster.placements) for cluster in result.clusters.values())
    outcomes["accepted"] += 1


def test_random_damage_is_refused_or_harmless() -> None:
    outcomes.clear()
    damage()
    assert sum(outcomes.values()) >= 1_000
    assert outcomes["refused"] > outcomes["accepted"] > 0


@given(
    data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
@settings(max_examples=1_000, deadline=None, database=None, derandomize=True)
def test_random_bytes_are_values_or_problems(data: bytes) -> None:
    document.parse("x.yaml", data, positions=True)


@given(
    text=st.text(alphabet="ab:-?[]{}&*!|>'\"%@`#,~ \n\t01.<", max_size=120),
)
@settings(max_examples=1_500, deadline=None, database=None, derandomize=True)
def test_random_yaml_is_values_or_problems(text: str) -> None:
    parsed = document.parse("x.yaml", text.encode(), positions=True)
    assert (parsed.value is None) or not parsed.problems
