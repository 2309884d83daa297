"""A hand-made record, profile or backend that leads outside the law is stopped; the unknown is never taken for lawful."""

from __future__ import annotations

from typing import Any

import pytest

from policies.kit.finding import Finding
from tests.policies import federation
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, one, secret

RULE = "REP-008"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")

RECORD = "names-aws-trading-in-in-gcp-record"
GOOGLE = "names-gcp-trading-in-record"
PROFILE = "names-azure-trading-in-profile"
GROUP = "in-anycast-aws-nautilus-enterprise-asia-south-1-standby-group"
BACKEND = "in-anycast-gcp-trading-backend"
BALANCER = "uk-anycast-azure-balancer"
INDIA, AMERICA = "nautilus-enterprise-asia-south-1", "nautilus-enterprise-us-west-1"


def sources(name: str, prop: str, *to: str) -> Planned:
    """Give a resource with a property computed from other resources of the stack."""
    resource = federation.one_of(name)
    urns = tuple(federation.one_of(one).urn for one in to)
    return Planned(**{**vars(resource), "sources": {**resource.sources, prop: urns}})


def judged(*changed: Planned, members: dict[str, Any] | None = None) -> list[Finding]:
    """Judge the balancers and these resources, with what region stacks handed over."""
    names = {resource.name for resource in changed}
    rest = [
        resource
        for resource in federation.planned()
        if resource.name not in names and ("-anycast-" in resource.name or "-provider" in resource.name)
    ]
    hits = found(analyze_stack(federation.root(members or {}), *rest, *changed), RULE)
    return [hit for hit in hits if hit.resource in {resource.urn for resource in changed}]


def answer(text: Any) -> dict[str, Any]:
    return {"primaryBackup": {"primary": {"externalEndpoints": [text]}}}


def endpoint(name: str, target: Any) -> dict[str, Any]:
    kind = "Microsoft.Network/trafficManagerProfiles/externalEndpoints"
    return {"endpoints": [{"name": name, "type": kind, "target": target}]}


def entry(placement: str, address: str) -> dict[str, Any]:
    return {placement: {"entry": {"address": address}, "gateway": {"addresses": [], "ids": {}}}}


@pytest.mark.parametrize("name", [RECORD, GOOGLE, PROFILE, GROUP, BACKEND, BALANCER])
def test_what_ships_leads_to_lawful_endpoints_before_anything_exists(name: str) -> None:
    assert judged(federation.one_of(name)) == []


@pytest.mark.parametrize(
    ("planned", "says"),
    [
        (federation_change, says)
        for federation_change, says in (
            ((RECORD, {"records": ["203.0.113.66"]}), "203.0.113.66: no endpoint of the federation"),
            ((RECORD, {"records": None, "aliases": [{"name": "elsewhere.example"}]}), "elsewhere.example: no endpoint"),
            ((GOOGLE, {"routingPolicy": answer("203.0.113.66")}), "203.0.113.66: no endpoint"),
            ((GOOGLE, {"routingPolicy": None, "rrdatas": ["203.0.113.66"]}), "203.0.113.66: no endpoint"),
            ((PROFILE, endpoint("in-aws", "203.0.113.66")), "203.0.113.66: no endpoint"),
            ((RECORD, {"name": "bonus.prod.nautilus.example"}), "is the name of no front"),
            ((RECORD, {"name": "trading-us.prod.nautilus.example"}), "trading-us (financial data of us) leads to"),
            ((RECORD, {"type": "NS", "records": ["ns.elsewhere.example"]}), "is a record of type NS"),
            ((RECORD, {"type": "MX", "records": ["10 mail.elsewhere.example"]}), "is a record of type MX"),
        )
    ],
)
def test_a_hand_made_name_is_stopped(planned: tuple[str, dict[str, Any]], says: str) -> None:
    name, changes = planned
    hits = judged(federation.one_of(name).but(**changes))
    assert any(says in hit.found for hit in hits), hits


@pytest.mark.parametrize(
    ("name", "prop", "to"),
    [
        (RECORD, "records", "us-anycast-gcp-address"),
        (GOOGLE, "routingPolicy", "us-anycast-gcp-address"),
        (PROFILE, "endpoints", "us-anycast-aws-accelerator"),
        (PROFILE, "endpoints", "names-azure-trading-us-profile"),
    ],
)
def test_a_name_computed_from_another_jurisdictions_balancer_is_stopped(name: str, prop: str, to: str) -> None:
    changed = (sources(name, prop, to), *([federation.one_of(to)] if to.startswith("names") else []))
    hits = [hit for hit in judged(*changed) if hit.resource == changed[0].urn]
    assert any(f"leads to {to}" in hit.found and "in-aws, in-gcp" in hit.allowed for hit in hits), hits


def test_a_record_type_that_leads_nowhere_is_not_judged() -> None:
    for kind in ("SOA", "TXT", "CAA", "DS"):
        assert judged(federation.one_of(RECORD).but(type=kind, records=["anything"])) == []


def test_names_of_a_private_zone_are_not_the_federations() -> None:
    zone = Planned(type="gcp:dns/managedZone:ManagedZone", name="private", props={"visibility": "private"})
    record = Planned(
        type="gcp:dns/recordSet:RecordSet",
        name="api",
        props={"type": "A", "name": "api.example.", "rrdatas": ["199.36.153.8"], "managedZone": UNKNOWN},
        sources={"managedZone": (zone.urn,)},
    )
    assert judged(zone, record) == []
    assert len(judged(zone.but(visibility="public"), record)) == 1


AU = "names-aws-trading-au-au-azure-record"


def test_an_address_that_was_handed_over_is_told_by_its_placement() -> None:
    name = next(one.name for one in federation.planned() if one.props.get("setIdentifier") == "au-azure")
    record = federation.one_of(name).but(records=["203.0.113.9"])
    ours, theirs = (
        entry("nautilus-enterprise-au-east-1", "203.0.113.9"),
        entry("nautilus-enterprise-us-central-1", "203.0.113.9"),
    )
    assert judged(record, members=ours) == []
    assert "(us-azure): us-azure" in one(judged(record, members=theirs), RULE).found
    assert "no endpoint of the federation" in one(judged(record), RULE).found


def test_an_unknown_address_is_told_by_its_name_until_its_stack_has_handed_it_over() -> None:
    name = next(one.name for one in federation.planned() if one.props.get("setIdentifier") == "au-azure")
    record = federation.one_of(name)
    assert judged(record) == []
    known = entry("nautilus-enterprise-au-east-1", "203.0.113.9")
    assert one(judged(record, members=known), RULE).verdict == "undecided"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (RECORD, {"records": [UNKNOWN], "setIdentifier": "in-gcp"}),
        (RECORD, {"name": UNKNOWN}),
        (RECORD, {"type": UNKNOWN}),
        (PROFILE, endpoint("elsewhere", UNKNOWN)),
        (PROFILE, {"endpoints": UNKNOWN}),
        (GOOGLE, {"routingPolicy": UNKNOWN}),
        (GOOGLE, {"routingPolicy": {"wrrs": [{"healthCheckedTargets": {"externalEndpoints": [UNKNOWN] * 9}}]}}),
        (GROUP, {"endpointGroupRegion": UNKNOWN}),
        (GROUP, {"endpointGroupRegion": None}),
    ],
)
def test_what_cannot_be_told_is_undecided(name: str, changes: dict[str, Any]) -> None:
    resource = federation.one_of(name).but(**changes)
    loose = Planned(**{**vars(resource), "sources": {}}) if name in {RECORD, PROFILE} else resource
    hits = judged(loose)
    assert len(hits) == 1
    assert hits[0].verdict == "undecided" or "is not set" in hits[0].found


def test_a_secret_target_is_not_shown() -> None:
    hit = one(judged(federation.one_of(RECORD).but(records=[secret("203.0.113.66")])), RULE)
    assert "203.0.113.66" not in f"{hit}"


ACCOUNT = "100000000006"
"""India's AWS account in production."""


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        (GROUP, {"endpointGroupRegion": "us-east-1"}, "in-aws has region 'us-east-1' behind it, in us"),
        (
            GROUP,
            {
                "endpointConfigurations": [
                    {"endpointId": "arn:aws:elasticloadbalancing:us-east-1:100000000001:loadbalancer/x"}
                ]
            },
            "in us",
        ),
        (GROUP, {"endpointConfigurations": [{"endpointId": "eipalloc-1"}]}, "tells neither account nor place"),
        (BACKEND, {"backends": [{"group": "projects/nautilus-prod-us/zones/us-west2-a/networkEndpointGroups/x"}]}, "in us"),
        (
            BACKEND,
            {"backends": [{"group": "projects/nautilus-prod-in/zones/asia-east1-a/networkEndpointGroups/x"}]},
            "behind it",
        ),
        (BACKEND, {"backends": [{"group": "elsewhere"}]}, "tells neither account nor place"),
    ],
)
def test_a_hand_made_backend_is_stopped(name: str, changes: dict[str, Any], says: str) -> None:
    assert says in one(judged(federation.one_of(name).but(**changes)), RULE).found


def pool(name: str, frontend: Any) -> dict[str, Any]:
    address = {"name": name, "loadBalancerFrontendIPConfiguration": {"id": frontend}}
    return {"backendAddressPools": [{"name": "targets", "loadBalancerBackendAddresses": [address]}]}


def test_a_backend_of_a_global_azure_balancer_is_told_by_its_subscription_or_its_placement() -> None:
    us = "/subscriptions/00000000-0000-4000-8111-000000000011/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/lb"
    balancer = federation.one_of(BALANCER)
    uk = balancer.props["loadBalancingRules"][0]["frontendIPConfiguration"]["id"]
    assert judged(balancer.but(**pool("nautilus-enterprise-uk-south-1", uk))) == []
    assert "uk-azure has backend" in one(judged(balancer.but(**pool("nautilus-enterprise-uk-south-1", us))), RULE).found
    assert "cannot be known at preview" in one(judged(balancer.but(**pool("elsewhere", UNKNOWN))), RULE).found


def test_an_endpoint_outside_its_profile_is_refused() -> None:
    loose = Planned(
        type="azure-native:trafficmanager:Endpoint",
        name="loose",
        provider=federation.one_of(PROFILE).provider,
        stack="prod-federation",
    )
    assert "outside its profile" in one(judged(loose), RULE).found


def test_a_balancer_in_an_account_of_nobody_is_undecided() -> None:
    group = federation.one_of(GROUP)
    assert group.provider is not None
    assert (
        "names no account of the catalogue"
        in one(judged(group.under(group.provider.but(allowedAccountIds='["999999999999"]'))), RULE).found
    )
