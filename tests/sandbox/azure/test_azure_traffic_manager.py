"""What Azure refuses of Traffic Manager and public DNS; each case changes one thing of what is fine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.sandbox.azure.front_end import EXTERNAL, GOOD, NESTED, NETWORK, PROFILE, REGIONAL, front_end, problems
from tests.sandbox.azure.world import ROWS

NEW = {"name": "other", "priority": 3}
REFUSED: tuple[tuple[str, str, object, str], ...] = (
    ("profile", "location", "uksouth", "it takes global"),
    ("profile", "profileName", "-no", "InvalidResourceName"),
    ("profile", "trafficRoutingMethod", "Nearest", "it takes Priority, Performance"),
    ("profile", "trafficRoutingMethod", "MultiValue", "maxReturn: BadRequest: MultiValue needs 1 to 8"),
    ("profile", "dnsConfig", None, "dnsConfig: BadRequest: a profile needs it"),
    ("profile", "dnsConfig.relativeName", "x" * 64, "1 to 63 letters"),
    ("profile", "dnsConfig.relativeName", "INNER", "Conflict: INNER is taken"),
    ("profile", "dnsConfig.ttl", -1, "it takes 0 to 2147483647"),
    ("profile", "monitorConfig", None, "monitorConfig: BadRequest: a profile needs it"),
    ("profile", "monitorConfig.port", 0, "a monitor needs a port"),
    ("profile", "monitorConfig.path", "/healthz", "a TCP monitor has none"),
    ("profile", "monitorConfig.protocol", "HTTPS", "an HTTPS monitor needs a path"),
    ("profile", "monitorConfig.protocol", "UDP", "it takes HTTP, HTTPS, TCP"),
    ("profile", "monitorConfig.intervalInSeconds", 15, "it takes 10 or 30 s"),
    ("profile", "monitorConfig.timeoutInSeconds", 10, "at 10 s it takes 5 to 9 s"),
    ("profile", "monitorConfig.timeoutInSeconds", 4, "at 10 s it takes 5 to 9 s"),
    ("profile", "monitorConfig.toleratedNumberOfFailures", 10, "it takes 0 to 9"),
    ("profile", "endpoints", [EXTERNAL, {**EXTERNAL, **NEW}], "two endpoints have one target, 192.0.2.1"),
    ("profile", "endpoints", [EXTERNAL, {**NESTED, "name": "EU-AWS"}], "two endpoints have one name"),
    ("profile", "endpoints.1.priority", 1, "two endpoints have one priority"),
    ("profile", "endpoints.0.priority", 1001, "it takes 1 to 1000"),
    ("profile", "endpoints.0.weight", 0, "weight: BadRequest: 0; it takes 1 to 1000"),
    ("profile", "endpoints.0.type", "externalEndpoint", "it takes azureEndpoints"),
    ("profile", "endpoints.0.target", None, "an external endpoint needs a target"),
    ("profile", "endpoints.1.targetResourceId", None, "a nested endpoint needs a profile"),
    ("profile", "endpoints.1.targetResourceId", REGIONAL, "is not the id of a profile"),
    ("profile", "endpoints.1.targetResourceId", f"{NETWORK}/trafficManagerProfiles/none", "ResourceNotFound"),
    ("profile", "endpoints.1.minChildEndpoints", 0, "the least is 1"),
    ("profile", "trafficRoutingMethod", "Performance", "under Performance an endpoint needs a location"),
    ("profile", "endpoints.0.endpointLocation", "atlantis", "'atlantis' is no region of Azure"),
    ("profile", "trafficRoutingMethod", "Geographic", "under Geographic an endpoint needs a region code"),
    ("profile", "endpoints.0.geoMapping", ["germany"], "'germany' is no region code"),
    ("profile", "endpoints.0.geoMapping", ["DE", "DE"], "DE is another endpoint's already"),
    ("zone", "location", "uksouth", "it takes global"),
    ("zone", "zoneName", "example", "InvalidResourceName"),
    ("zone", "zoneName", "prod.trafficmanager.net", "ReservedDnsZoneName"),
    ("signing", "zoneName", "example.net", "ParentResourceNotFound"),
    ("record", "zoneName", "example.net", "ParentResourceNotFound"),
    ("record", "recordType", "SPF", "it takes A, AAAA"),
    ("record", "recordType", "TXT", "holds no cnameRecord"),
    ("record", "cnameRecord", None, "an empty record set"),
    ("record", "ttl", 0, "it takes 1 to 2147483647 s"),
    ("record", "relativeRecordSetName", "@", "cannot be a CNAME"),
)


@pytest.mark.parametrize(("name", "path", "value", "says"), REFUSED)
def test_refuses(name: str, path: str, value: object, says: str) -> None:
    assert re.search(says, problems(name, path, value))


def test_refuses_a_profile_within_itself() -> None:
    own = f"{NETWORK}/trafficManagerProfiles/inner"
    inputs = {**PROFILE, "profileName": "inner", "dnsConfig": {"relativeName": "inner", "ttl": 5}}
    assert front_end().problems("trafficmanager:Profile", inputs, id=own) == [
        "endpoints[1].targetResourceId: BadRequest: a profile cannot be nested in itself"
    ]


def test_a_cname_stands_alone() -> None:
    kind, inputs = GOOD["record"]
    world = front_end()
    text = {**inputs, "recordType": "TXT", "txtRecords": [{"value": ["halted"]}]}
    del text["cnameRecord"]
    world.make(kind, **text)
    assert world.problems(kind, inputs) == ["recordType: Conflict: TXT records of that name exist; a CNAME stands alone"]
    assert world.problems(kind, inputs, preview=True) == []


def test_what_azure_gives_back() -> None:
    def given(name: str) -> Mapping[str, Any]:
        kind, inputs = GOOD[name]
        compute = ROWS[kind].compute
        assert compute is not None
        return compute(front_end().request(kind, inputs), "id")

    assert given("profile")["dnsConfig"]["fqdn"] == "trading-eu.prod.trafficmanager.net"
    assert len(given("zone")["nameServers"]) == 4
    assert given("signing")["signingKeys"][0]["securityAlgorithmType"] == 13
    assert given("record")["fqdn"] == "trading-eu.example.com."
