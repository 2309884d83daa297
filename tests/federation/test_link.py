"""Every declared route between two placements is one link, both ends agree, and nothing unlawful is advertised (NET-1…4)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from config import reserved
from config.loader import load
from config.model import Catalogue, Cloud, EnvironmentName, Group, Medium
from nautilus.federation import link as module
from nautilus.federation.addressing import Use, overlaps, ranges, sessions, slot
from nautilus.federation.link import Fabric, Link, gateway, gateways, interface, links
from nautilus.federation.plan import PlacementPlan, placements
from nautilus.federation.route import Backbone
from tests.fixtures.catalogues import TODAY

CATALOGUE = load(config.root(), today=TODAY)
PLANS = {plan.name: plan for group in Group for plan in placements(CATALOGUE, EnvironmentName.PROD, group)}
PAIRS = {frozenset(route.ends): route for route in CATALOGUE.backbone.routes.values() if PLANS.keys() >= set(route.ends)}


def only(names: set[str]) -> Catalogue:
    """Give the catalogue with some of its routes; not validated, so that groups may fall apart."""
    routes = {name: route for name, route in CATALOGUE.backbone.routes.items() if name in names}
    return CATALOGUE.model_copy(update={"backbone": CATALOGUE.backbone.model_copy(update={"routes": routes})})


some_routes = st.sets(st.sampled_from(sorted(CATALOGUE.backbone.routes)), max_size=12)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("environment", EnvironmentName)
def test_there_is_a_link_for_every_route_between_placements_and_no_other(environment: EnvironmentName) -> None:
    found = links(CATALOGUE, environment)
    assert [link.route.id for link in found] == sorted(route.id for route in PAIRS.values())
    assert not any(link.route.copies for link in found)
    assert {link.route.id for link in found} | {
        name for name, route in CATALOGUE.backbone.routes.items() if route.copies
    } == set(CATALOGUE.backbone.routes)


def test_the_first_end_is_aws_then_azure_then_google_and_two_clouds_have_four_tunnels() -> None:
    for link in links(CATALOGUE, EnvironmentName.PROD):
        clouds = [end.plan.cloud.value for end in link.ends]
        assert clouds == sorted(clouds)
        assert link.fabric is (Fabric.NATIVE if clouds[0] == clouds[1] else Fabric.TUNNELS)
        assert len(link.tunnels) == (0 if clouds in (["aws", "aws"], ["azure", "azure"]) else 4)
        if clouds[0] == clouds[1]:
            assert tuple(end.plan.name for end in link.ends) == link.route.ends


def test_a_links_tunnels_are_the_four_30s_of_its_block_with_the_first_end_first() -> None:
    (link,) = (link for link in links(CATALOGUE, EnvironmentName.PROD) if link.route.id == "us-east-us-west")
    assert [(tunnel.index, tunnel.inside, tunnel.first, tunnel.second) for tunnel in link.tunnels] == [
        (0, "169.254.21.0/30", "169.254.21.1", "169.254.21.2"),
        (1, "169.254.21.4/30", "169.254.21.5", "169.254.21.6"),
        (2, "169.254.21.8/30", "169.254.21.9", "169.254.21.10"),
        (3, "169.254.21.12/30", "169.254.21.13", "169.254.21.14"),
    ]


@few
@given(some_routes, st.sampled_from(EnvironmentName))
def test_both_ends_agree_and_no_gateway_sees_one_address_twice(names: set[str], environment: EnvironmentName) -> None:
    found = links(only(names), environment)
    for link in found:
        first, second = link.ends
        assert (first.advertises, first.learns) == (second.learns, second.advertises)
        assert not any(IPv4Network(one).overlaps(IPv4Network(two)) for one in first.advertises for two in second.advertises)
        for tunnel in link.tunnels:
            assert {tunnel.first, tunnel.second} == {str(host) for host in IPv4Network(tunnel.inside).hosts()}
            assert IPv4Network(tunnel.inside).subnet_of(IPv4Network(str(link.route.inside)))
    for one, two in combinations(found, 2):
        if {end.plan.name for end in one.ends} & {end.plan.name for end in two.ends} and one.tunnels and two.tunnels:
            assert not IPv4Network(str(one.route.inside)).overlaps(IPv4Network(str(two.route.inside)))


@few
@given(some_routes)
def test_nothing_is_advertised_to_where_no_data_may_lawfully_go(names: set[str]) -> None:
    catalogue = only(names)
    backbone = Backbone(catalogue)
    owners = {plan.nodes: name for name, plan in PLANS.items()}
    for link in links(catalogue, EnvironmentName.PROD):
        for end, other in (link.ends, link.ends[::-1]):
            for nodes in end.advertises:
                here, there = (backbone.stops[name] for name in (owners[nodes], other.plan.name))
                ways = [backbone.shortest([here], [there]), backbone.shortest([there], [here])]
                assert all(way is not None and len(way.legs) == 1 for way in ways)
                assert any(passage.verdict.lawful for way in ways if way for passage in backbone.passages(way))


@few
@given(some_routes, st.sampled_from(EnvironmentName))
def test_a_gateway_reaches_what_its_links_learn_and_nothing_else(names: set[str], environment: EnvironmentName) -> None:
    catalogue = only(names)
    every = gateways(catalogue, environment)
    assert list(every) == sorted(PLANS)
    learnt: dict[str, set[str]] = {name: set() for name in every}
    for link in links(catalogue, environment):
        for end in link.ends:
            learnt[end.plan.name].update(end.learns)
    for name, made in every.items():
        assert set(made.reach.values()) == learnt[name]
        assert name not in made.reach
        for peer in made.reach:
            assert name in every[peer].reach


@pytest.mark.parametrize("environment", EnvironmentName)
def test_every_route_between_placements_stands_at_both_ends_over_two_diverse_ways(environment: EnvironmentName) -> None:
    every, found = gateways(CATALOGUE, environment), links(CATALOGUE, environment)
    assert {frozenset(route.ends) for route in PAIRS.values()} == {
        frozenset(end.plan.name for end in link.ends) for link in found
    }
    for link in found:
        ways = {(path.provider, path.medium, path.diversity) for path in link.route.paths.values()}
        assert len(ways) == len(link.route.paths) >= 2, link.route.id
        for end, other in (link.ends, link.ends[::-1]):
            name, peer = end.plan.name, other.plan.name
            assert every[name].reach[peer] == other.plan.nodes
            assert end.learns == other.advertises == (other.plan.nodes,)
            leased = {path for path, one in link.route.paths.items() if one.medium is Medium.DEDICATED}
            built = {port.id for port in every[name].ports}
            assert leased <= built or not CATALOGUE.environments[environment].dedicated_ports
            if link.tunnels:
                first = end is link.ends[0]
                used = [interface(tunnel.index, end.plan.cloud, other.plan.cloud, first=first) for tunnel in link.tunnels]
                assert sorted(used) == [0, 0, 1, 1], (link.route.id, name)
                for tunnel, side in zip(link.tunnels, used, strict=True):
                    assert (tunnel.first if first else tunnel.second) in every[name].inside[side]


@pytest.mark.parametrize("environment", EnvironmentName)
def test_every_gateways_inside_addresses_are_its_own_and_lie_in_what_all_clouds_take(environment: EnvironmentName) -> None:
    found = links(CATALOGUE, environment)
    for name, made in gateways(CATALOGUE, environment).items():
        own = [link for link in found if name in {end.plan.name for end in link.ends} and link.tunnels]
        nets = [IPv4Network(tunnel.inside) for link in own for tunnel in link.tunnels]
        assert not any(one.overlaps(two) for one, two in combinations(nets, 2)), name
        assert all(any(net.subnet_of(block) for block in (reserved.INSIDE_FIRST, reserved.INSIDE_SECOND)) for net in nets)
        addresses = [*made.inside[0], *made.inside[1]]
        assert len(set(addresses)) == len(addresses) == 4 * len(own)
        assert all(any(IPv4Address(one) in net for net in nets) for one in addresses)


def test_as_numbers_are_private_and_apart_where_two_ends_meet_over_bgp() -> None:
    for link in links(CATALOGUE, EnvironmentName.PROD):
        asns = [end.asn for end in link.ends]
        assert all(64512 <= asn <= 65534 for asn in asns)
        assert [asn == module.ASN_AZURE for asn in asns] == [end.plan.cloud is Cloud.AZURE for end in link.ends]
        if link.tunnels:
            assert asns[0] != asns[1]


@pytest.mark.parametrize("environment", EnvironmentName)
def test_hubs_are_apart_and_clear_of_everything_else(environment: EnvironmentName) -> None:
    found = [IPv4Network(one.hub) for one in gateways(CATALOGUE, environment).values()]
    assert len(set(found)) == len(PLANS)
    block = IPv4Network(CATALOGUE.environments[environment].node_block)
    last = list(block.subnets(new_prefix=16))[reserved.HUBS_SLOT]
    assert all(hub.prefixlen == 23 and hub.subnet_of(last) for hub in found)
    assert overlaps(ranges(CATALOGUE)) == ()
    assert {one.use for one in ranges(CATALOGUE)} == set(Use)


def test_leased_ports_are_built_where_the_environment_says_so() -> None:
    for environment, made in CATALOGUE.environments.items():
        for name, found in gateways(CATALOGUE, environment).items():
            dedicated = any(name in route.ends and route.dedicated for route in CATALOGUE.backbone.routes.values())
            assert bool(found.ports) is (made.dedicated_ports and dedicated), (environment, name)


def test_a_placements_routes_share_its_ports() -> None:
    ports = gateways(CATALOGUE, EnvironmentName.PROD)["nautilus-enterprise-us-east-1"].ports
    assert [(port.id, port.carrier, port.bandwidth_gbps, port.macsec, port.vlan) for port in ports] == [
        ("port-a", "carrier A", 100, True, 1000),
        ("port-b", "carrier B", 100, True, 1000),
    ]
    assert [(port.near, port.far) for port in ports] == [
        ("192.168.0.1/30", "192.168.0.2/30"),
        ("192.168.0.9/30", "192.168.0.10/30"),
    ]
    (south,) = {
        port.bandwidth_gbps for port in gateways(CATALOGUE, EnvironmentName.PROD)["nautilus-enterprise-asia-south-1"].ports
    }
    assert south == 10


def test_sessions_of_ports_are_apart_and_carriers_numbers_clear_of_the_gateways() -> None:
    seen: list[IPv4Network] = []
    for name, found in gateways(CATALOGUE, EnvironmentName.PROD).items():
        for port in found.ports:
            near = IPv4Network(port.near, strict=False)
            assert near.subnet_of(sessions(PLANS[name]))
            assert near == IPv4Network(port.far, strict=False)
            assert not any(near.overlaps(one) for one in seen)
            seen.append(near)
            assert port.far_asn in module.ASN_CARRIERS
            assert port.far_asn > module.ASN_FIRST + reserved.HUBS_SLOT
            assert 2 <= port.vlan <= 4093
    assert seen
    assert len({port.far_asn for one in gateways(CATALOGUE, EnvironmentName.PROD).values() for port in one.ports}) == 2


@pytest.mark.parametrize(
    ("end", "peer", "first", "expected"),
    [
        (Cloud.AWS, Cloud.GCP, True, [0, 0, 1, 1]),
        (Cloud.GCP, Cloud.AWS, False, [0, 0, 1, 1]),
        (Cloud.AZURE, Cloud.AWS, False, [0, 0, 1, 1]),
        (Cloud.AZURE, Cloud.GCP, True, [0, 0, 1, 1]),
        (Cloud.GCP, Cloud.AZURE, False, [0, 1, 0, 1]),
    ],
)
def test_which_interface_has_which_tunnel(end: Cloud, peer: Cloud, first: bool, expected: list[int]) -> None:
    assert [interface(index, end, peer, first=first) for index in range(4)] == expected


def test_a_gateway_names_its_own_inside_addresses_by_interface() -> None:
    every = gateways(CATALOGUE, EnvironmentName.PROD)
    for name, made in every.items():
        own = [link for link in links(CATALOGUE, EnvironmentName.PROD) if name in link.route.ends]
        addresses = [one for side in made.inside for one in side]
        assert len(addresses) == len(set(addresses)) == sum(len(link.tunnels) for link in own)
        assert len(made.inside[0]) == len(made.inside[1])
    (link,) = (link for link in links(CATALOGUE, EnvironmentName.PROD) if link.route.id == "us-central-analytics-gcp")
    central, analytics = (every[end.plan.name] for end in link.ends)
    assert set(central.inside[0]) >= {link.tunnels[0].first, link.tunnels[1].first}
    assert set(analytics.inside[0]) >= {link.tunnels[0].second, link.tunnels[2].second}


def test_one_gateway_is_what_it_is_among_all() -> None:
    for environment in EnvironmentName:
        every = gateways(CATALOGUE, environment)
        for group in Group:
            for plan in placements(CATALOGUE, environment, group):
                assert gateway(CATALOGUE, plan) == every[plan.name]


def test_a_slot_is_the_same_in_every_environment() -> None:
    def numbered(environment: EnvironmentName) -> dict[str, int]:
        return {plan.name: slot(plan) for group in Group for plan in placements(CATALOGUE, environment, group)}

    first, *others = (numbered(environment) for environment in EnvironmentName)
    assert all(other == first for other in others)
    assert all(0 <= number < reserved.HUBS_SLOT for number in first.values())
    assert len(set(first.values())) == len(first)


def test_a_route_of_one_carrier_more_renumbers_no_other() -> None:
    def far(catalogue: Catalogue) -> dict[tuple[str, str], int]:
        every = gateways(catalogue, EnvironmentName.PROD)
        return {(name, port.id): port.far_asn for name, one in every.items() for port in one.ports}

    before = far(CATALOGUE)
    route = CATALOGUE.backbone.routes["us-east-us-west"]
    path = route.paths["port-a"].model_copy(update={"provider": "Another carrier"})
    more = route.model_copy(update={"paths": {**route.paths, "port-c": path}})
    routes = {**CATALOGUE.backbone.routes, route.id: more}
    after = far(CATALOGUE.model_copy(update={"backbone": CATALOGUE.backbone.model_copy(update={"routes": routes})}))
    assert after.keys() - before.keys() == {(end, "port-c") for end in route.ends}
    assert {key: after[key] for key in before} == before


def ends_of(link: Link) -> tuple[PlacementPlan, PlacementPlan]:
    return link.ends[0].plan, link.ends[1].plan


def test_two_ends_lie_in_one_environment() -> None:
    for environment in EnvironmentName:
        assert {plan.environment.id for link in links(CATALOGUE, environment) for plan in ends_of(link)} == {environment}
