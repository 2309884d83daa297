"""Traffic Manager's profiles and the zone before them: probed, in order, and silent while halted."""

from __future__ import annotations

from typing import Any

import pytest

from components.traffic.azure_names import AzureNames, relative
from config.model import Algorithm, Probe
from tests.components.traffic.azure_traffic import ANSWERS, front, names_args

PROFILE = "azure-native:trafficmanager:Profile"
ROOT = "names-azure-trading-eu-profile"


def made(record: Any, *fronts: Any, **changes: Any) -> Any:
    return record(lambda: AzureNames("names-azure", names_args(*(fronts or (front(),)), **changes)), ANSWERS)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_everything(record: Any, golden: Any, algorithm: Algorithm) -> None:
    golden(f"azure_names_{algorithm}", made(record, front(algorithm)).lines())


def test_weights_first_and_the_standby_behind(record: Any) -> None:
    seen = made(record)
    root, active = seen.one(ROOT).inputs, seen.one("names-azure-trading-eu-active-profile").inputs
    assert (root["trafficRoutingMethod"], active["trafficRoutingMethod"]) == ("Priority", "Weighted")
    first, last = root["endpoints"]
    assert (first["targetResourceId"], first["priority"], first["minChildEndpoints"]) == (
        "names-azure-trading-eu-active-profile-id",
        1,
        1,
    )
    assert first["type"] == "Microsoft.Network/trafficManagerProfiles/nestedEndpoints"
    assert (last["target"], last["priority"]) == ("uk-azure.example", 2)
    assert [(one["target"], one["weight"]) for one in active["endpoints"]] == [
        ("eu-aws.example", 750),
        ("eu-gcp.example", 250),
    ]


def test_every_profile_probes_the_fronts_port(record: Any) -> None:
    for inputs in made(record).of(PROFILE).values():
        assert inputs["monitorConfig"] == {
            "protocol": "HTTPS",
            "port": 8443,
            "path": "/healthz",
            "intervalInSeconds": 10,
            "timeoutInSeconds": 5,
            "toleratedNumberOfFailures": 2,
        }
        assert inputs["dnsConfig"]["ttl"] == 5
        assert inputs["location"] == "global"
        assert {one["alwaysServe"] for one in inputs["endpoints"]} == {"Disabled"}


def test_latency_tells_azures_regions(record: Any) -> None:
    inputs = made(record, front(Algorithm.LATENCY)).one("names-azure-trading-eu-active-profile").inputs
    assert inputs["trafficRoutingMethod"] == "Performance"
    assert [one["endpointLocation"] for one in inputs["endpoints"]] == ["germanywestcentral", "westeurope"]


def test_geolocation_maps_countries(record: Any) -> None:
    inputs = made(record, front(Algorithm.GEOLOCATION)).one(ROOT).inputs
    assert inputs["trafficRoutingMethod"] == "Geographic"
    assert [one["geoMapping"] for one in inputs["endpoints"]] == [["DE", "FI", "WORLD"], ["BE"]]


def test_compliance_names_no_foreign_endpoint(record: Any) -> None:
    seen = made(record, front(Algorithm.COMPLIANCE))
    targets = {one.get("target") for inputs in seen.of(PROFILE).values() for one in inputs["endpoints"]}
    assert targets == {None, "eu-aws.example", "eu-gcp.example"}
    assert seen.one(ROOT).inputs["endpoints"][0]["geoMapping"] == ["BE", "DE", "FI"]


def test_the_zone_is_signed_and_leads_to_the_profile(record: Any) -> None:
    seen = made(record)
    assert seen.one("names-azure-zone").inputs["zoneName"] == "prod.nautilus-third.example"
    assert seen.one("names-azure-signing").inputs["zoneName"] == "prod.nautilus-third.example"
    record_ = seen.one("names-azure-trading-eu-record").inputs
    assert (record_["recordType"], record_["relativeRecordSetName"], record_["ttl"]) == ("CNAME", "trading-eu", 5)
    name = seen.one(ROOT).inputs["dnsConfig"]["relativeName"]
    assert record_["cnameRecord"] == {"cname": f"{name}.trafficmanager.net"}
    assert seen.protected() == {"names-azure-group", "names-azure-zone", "names-azure-signing"}


def test_a_halted_front_answers_only_that_it_is(record: Any) -> None:
    seen = made(record, front(halted=True))
    assert {inputs["profileStatus"] for inputs in seen.of(PROFILE).values()} == {"Disabled"}
    (record_,) = seen.of("azure-native:dns:RecordSet").values()
    assert (record_["recordType"], record_["txtRecords"]) == ("TXT", [{"value": ["halted"]}])
    assert "cnameRecord" not in record_
    assert seen.lines() == made(record).lines()


def test_in_azures_own_domain_the_profile_is_the_name(record: Any) -> None:
    kept: dict[str, Any] = {}

    def program() -> None:
        args = names_args(front(), domain="prod.trafficmanager.net")
        kept.update(AzureNames("names-azure", args).hosts)

    seen = record(program, ANSWERS)
    assert kept == {"trading-eu": "trading-eu.prod.trafficmanager.net"}
    assert seen.one(ROOT).inputs["dnsConfig"]["relativeName"] == "trading-eu.prod"
    assert not seen.of("azure-native:dns:Zone")
    assert not seen.of("azure-native:dns:RecordSet")


def test_hosts_are_the_names_of_clients(record: Any) -> None:
    kept: dict[str, Any] = {}
    record(lambda: kept.update(AzureNames("names-azure", names_args(front())).hosts), ANSWERS)
    assert kept == {"trading-eu": "trading-eu.prod.nautilus-third.example"}


def test_a_lifetime_of_nothing_is_a_second_in_the_zone(record: Any) -> None:
    seen = made(record, ttl_s=0)
    assert seen.one("names-azure-trading-eu-record").inputs["ttl"] == 1
    assert seen.one(ROOT).inputs["dnsConfig"]["ttl"] == 0


def test_long_names_are_cut_and_stay_apart() -> None:
    names = {relative(role, "prod.a-rather-long-domain-name.nautilus.example") for role in ("x" * 40, "x" * 40 + "y")}
    assert len(names) == 2
    assert {len(name) for name in names} == {63}


@pytest.mark.parametrize(
    ("probe", "says"),
    [
        (Probe(interval_s=15, threshold=1, timeout_s=5), "a probe every 15 s; Traffic Manager probes every 10 or 30 s"),
        (Probe(interval_s=10, threshold=1, timeout_s=10), "a timeout of 10 s; at 10 s Traffic Manager takes 5 to 9"),
        (Probe(interval_s=30, threshold=1, timeout_s=4), "a timeout of 4 s; at 30 s Traffic Manager takes 5 to 10"),
    ],
)
def test_refuses(record: Any, probe: Probe, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        made(record, probe=probe)
