"""The VPC on Google Cloud: what is registered, where it lies, and what may talk to what."""

from __future__ import annotations

import dataclasses
import ipaddress
from typing import Any

import pytest

from components.network.args import NetworkArgs
from components.network.gcp import GcpNetwork
from components.network.gcp_ranges import carve
from components.network.gcp_rules import APP_PORTS, DATA_PORTS, WEB_PORTS
from config.model import Account, Cloud, Location, Source

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

SUBNET = "gcp:compute/subnetwork:Subnetwork"
FIREWALL = "gcp:compute/firewall:Firewall"
ADDRESS = "gcp:compute/address:Address"
OUTPUTS = {ADDRESS: lambda inputs: {"selfLink": f"link/{inputs['name']}"}}
NODES = ipaddress.ip_network("10.1.0.0/16")


@pytest.fixture
def args(labels: Any) -> NetworkArgs:
    return NetworkArgs(
        location=Location(
            id="gcp/us-west2",
            cloud=Cloud.GCP,
            region="us-west2",
            place="Los Angeles",
            country="US",
            jurisdiction="us",
            latitude=34.05,
            longitude=-118.24,
            source=Source(document="a test", verified=False),
        ),
        account=Account(id="nautilus-test-us", deployer="d@p.iam.gserviceaccount.com", administrators="x", number="1"),
        zones=("us-west2-a", "us-west2-b", "us-west2-c"),
        nodes="10.1.0.0/16",
        pods="100.65.0.0/16",
        services="172.16.16.0/20",
        nat_per_zone=True,
        log_key="projects/p/locations/us-west2/keyRings/r/cryptoKeys/logs",
        flow_log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


@pytest.fixture
def seen(record: Any, args: NetworkArgs) -> Any:
    return record(lambda: GcpNetwork("one", args), OUTPUTS)


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_network", seen.lines())


def test_one_address_where_nat_is_not_per_zone(record: Any, args: NetworkArgs) -> None:
    few = record(lambda: GcpNetwork("one", dataclasses.replace(args, nat_per_zone=False)), OUTPUTS)
    assert list(few.of(ADDRESS)) == ["one-nat-us-west2-a"]


def test_nat_has_an_address_a_zone_and_logs_all(seen: Any) -> None:
    nat = seen.of("gcp:compute/routerNat:RouterNat")["one-nat"]
    assert nat["natIps"] == [f"link/one-nat-us-west2-{letter}" for letter in "abc"]
    assert nat["logConfig"] == {"enable": True, "filter": "ALL"}
    assert nat["enableEndpointIndependentMapping"] is False
    assert nat["subnetworks"][0]["secondaryIpRangeNames"] == ["pods"]


def test_ranges_lie_in_the_network_and_never_overlap() -> None:
    found = [ipaddress.ip_network(cidr) for cidr in dataclasses.asdict(carve("10.1.0.0/16")).values()]
    assert all(one.subnet_of(NODES) for one in found)
    assert not [(a, b) for a in found for b in found if a is not b and a.overlaps(b)]
    assert found[-1].prefixlen == 28


def test_a_range_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        carve("10.1.0.0/24")


def test_tiers_have_flow_logs_and_private_access_and_no_machine_is_public(seen: Any) -> None:
    subnets = seen.of(SUBNET)
    proxies = subnets.pop("one-proxies")
    assert proxies["purpose"] == "REGIONAL_MANAGED_PROXY"
    assert "logConfig" not in proxies
    for name, subnet in subnets.items():
        assert subnet["privateIpGoogleAccess"] is True, name
        assert subnet["region"] == "us-west2", name
        assert subnet["logConfig"]["flowSampling"] == 1.0, name
        assert subnet["logConfig"]["metadata"] == "INCLUDE_ALL_METADATA", name
    assert subnets["one-private"]["secondaryIpRanges"] == [
        {"rangeName": "pods", "ipCidrRange": "100.65.0.0/16"},
        {"rangeName": "services", "ipCidrRange": "172.16.16.0/20"},
    ]


def test_vpc_has_no_ready_made_subnets_or_routes(seen: Any) -> None:
    vpc = seen.one("one-vpc").inputs
    assert vpc["autoCreateSubnetworks"] is False
    assert vpc["deleteDefaultRoutesOnCreate"] is True
    assert vpc["routingMode"] == "REGIONAL"


def test_everything_is_denied_and_logged_first(seen: Any) -> None:
    rules = seen.of(FIREWALL)
    denied = {name: rule for name, rule in rules.items() if rule.get("denies")}
    assert {(rule["direction"], rule["priority"]) for rule in denied.values()} == {("INGRESS", 65534), ("EGRESS", 65534)}
    assert all(rule["denies"] == [{"protocol": "all"}] and "targetTags" not in rule for rule in denied.values())
    assert all("logConfig" in rule for rule in rules.values())


def test_the_internet_never_comes_in(seen: Any) -> None:
    for name, rule in seen.of(FIREWALL).items():
        if rule["direction"] == "INGRESS" and rule.get("allows"):
            assert "0.0.0.0/0" not in rule["sourceRanges"], name


@pytest.mark.parametrize(("role", "ports", "tag"), [("web", WEB_PORTS, "nautilus-web"), ("app", APP_PORTS, "nautilus-app")])
def test_tier_ports(seen: Any, role: str, ports: tuple[str, ...], tag: str) -> None:
    rule = seen.of(FIREWALL)[f"one-{role}"]
    assert rule["allows"] == [{"protocol": "tcp", "ports": list(ports)}]
    assert rule["targetTags"] == [tag]


def test_only_the_app_tier_reaches_data(seen: Any) -> None:
    rule = seen.of(FIREWALL)["one-data"]
    assert rule["allows"] == [{"protocol": "tcp", "ports": list(DATA_PORTS)}]
    assert rule["sourceRanges"] == [carve("10.1.0.0/16").private, "100.65.0.0/16"]
    assert rule["targetTags"] == ["nautilus-data"]


def test_only_tagged_nodes_leave_and_only_over_tls(seen: Any) -> None:
    rules = seen.of(FIREWALL)
    outward = {
        name for name, rule in rules.items() if "0.0.0.0/0" in rule.get("destinationRanges", ()) and rule.get("allows")
    }
    assert outward == {"one-nat"}
    assert rules["one-nat"]["targetTags"] == ["nautilus-egress"]
    assert rules["one-nat"]["allows"] == [{"protocol": "tcp", "ports": ["443"]}]


def test_logs_stay_in_the_region_under_the_key(seen: Any, args: NetworkArgs) -> None:
    bucket = seen.one("one-logs-bucket").inputs
    assert bucket["location"] == "us-west2"
    assert bucket["cmekSettings"] == {"kmsKeyName": args.log_key}
    assert bucket["retentionDays"] == 400
    sink = seen.one("one-logs-sink").inputs
    assert sink["destination"] == "logging.googleapis.com/projects/nautilus-test-us/locations/us-west2/buckets/one-logs"
    assert seen.one("one-logs-exclusion").inputs["filter"] == sink["filter"]
    assert "one-logs-sink" in seen.one("one-logs-exclusion").waits_for


def test_google_is_reached_by_restricted_addresses(seen: Any) -> None:
    record = seen.one("one-apis-a").inputs
    assert record["name"] == "restricted.googleapis.com."
    assert record["rrdatas"] == ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]
    assert seen.one("one-apis-cname").inputs["rrdatas"] == ["restricted.googleapis.com."]
    assert seen.of("gcp:compute/route:Route")["one-google-apis"]["destRange"] == "199.36.153.4/30"


def test_protection(seen: Any) -> None:
    expected = {"one-vpc", "one-public", "one-private", "one-data", "one-logs-bucket"}
    assert seen.protected() == expected | {f"one-nat-us-west2-{letter}" for letter in "abc"}
