"""Rules on what a route's gateways use: the inside blocks of its tunnels and the leased ports it shares (NET-1, NET-4).

Guarantees that every route built from tunnels has a block that all three clouds take, that no gateway sees one block twice,
and that a port which several routes of a placement name is one port. It allots nothing: the catalogue does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from ipaddress import IPv4Network
from typing import Final

from config import reserved
from config.model import Medium, Route
from config.problem import shown
from config.validation.ends import End
from config.validation.view import Finding, View

KIND: Final = "backbone"
_NO_TUNNELS: Final = ({"aws"}, {"azure"})
_BLOCKS: Final = (reserved.INSIDE_FIRST, reserved.INSIDE_SECOND)
_RANGE: Final = f"/{reserved.INSIDE_PREFIX} inside {' or '.join(map(str, _BLOCKS))}"


def tunnelled(ends: Sequence[End]) -> bool:
    """Say whether a route has tunnels whose addresses it names: between placements, not AWS to AWS nor Azure to Azure.

    Two Azure hubs have tunnels with static routes, which need no address inside.
    """
    clouds = {str(end.location).partition("/")[0] for end in ends}
    return all(end.cluster is not None for end in ends) and clouds not in _NO_TUNNELS


def check(view: View, joined: Sequence[tuple[str, Route, tuple[End, End]]]) -> Iterator[Finding]:
    """Give what is wrong with routes that are sound by themselves: name, route and ends each."""
    blocks: dict[tuple[str, IPv4Network], str] = {}
    ports: dict[tuple[str, str], tuple[str, str]] = {}
    for name, route, ends in joined:
        network = yield from _block(view, name, route, ends)
        for end in ends:
            first = name if network is None else blocks.setdefault((end.name, network), name)
            if first != name:
                allowed = f"a block of its own at {end.name}; {first} uses it"
                yield _finding(view, name, ("inside",), shown(route.inside), allowed, "choose a free block")
                break
        yield from _ports(view, name, route, ends, ports)


def _block(view: View, name: str, route: Route, ends: tuple[End, End]) -> Generator[Finding, None, IPv4Network | None]:
    """Give the block of a route's tunnels, None where it has none; yields what is wrong with it."""
    wanted = tunnelled(ends)
    if route.inside is None:
        if wanted:
            allowed = f"a {_RANGE}, for the four tunnels between two gateways"
            yield _finding(view, name, ("inside",), "nothing", allowed, "add `inside` with a block that neither end uses")
        return None
    if not wanted:
        what = "copies" if route.copies else "this route"
        allowed = f"nothing: {what} has no tunnels with addresses of their own"
        yield _finding(view, name, ("inside",), shown(route.inside), allowed, "remove inside")
        return None
    try:
        network = IPv4Network(route.inside)
    except ValueError:
        network = None
    if (
        network is None
        or network.prefixlen != reserved.INSIDE_PREFIX
        or not any(network.subnet_of(block) for block in _BLOCKS)
    ):
        fix = f"write a block such as {next(_BLOCKS[0].subnets(new_prefix=reserved.INSIDE_PREFIX))}"
        yield _finding(view, name, ("inside",), shown(route.inside), f"a {_RANGE}, which Azure takes too", fix)
        return None
    return network


def _ports(
    view: View, name: str, route: Route, ends: tuple[End, End], ports: dict[tuple[str, str], tuple[str, str]]
) -> Iterator[Finding]:
    leased = {path_id: path for path_id, path in route.paths.items() if path.medium is Medium.DEDICATED}
    if leased and route.copies:
        bare = next(end.name for end in ends if end.cluster is None)
        allowed = f"no leased port: nothing of ours stands at {bare}"
        yield _finding(
            view, name, ("paths",), shown(tuple(leased)), allowed, "name another medium, or a placement as the end"
        )
        return
    if leased and route.capacity_gbps > reserved.PORT_CAPACITY_GBPS:
        allowed = f"at most {reserved.PORT_CAPACITY_GBPS} Gbit/s on leased ports"
        value = f"{route.capacity_gbps:g} Gbit/s"
        yield _finding(view, name, ("capacity_gbps",), shown(value), allowed, "lower it, or split the route")
    for path_id, path in leased.items():
        for end in ends:
            carrier, first = ports.setdefault((end.name, path_id), (path.provider, name))
            if carrier != path.provider:
                allowed = f"{carrier}, which runs {path_id} of {end.name} for {first}"
                fix = "name the same carrier, or give the path another id"
                yield _finding(view, name, ("paths", path_id, "provider"), shown(path.provider), allowed, fix)
                break


def _finding(view: View, name: str, at: tuple[str, ...], value: str, allowed: str, fix: str) -> Finding:  # noqa: PLR0917 - read as one sentence: where, found, allowed, fix
    return view.finding(KIND, KIND, "routes", name, *at, value=value, allowed=allowed, fix=fix)
