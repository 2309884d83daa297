"""Google Cloud's rows: every type can be made, has Google's own id, and is refused what Google refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest

from nautilus.sandbox.gcp import PACKAGE, discovery
from nautilus.sandbox.handler import UNKNOWN, Fidelity, Refused
from tests.sandbox.gcp.cases import BINDINGS, CASES
from tests.sandbox.gcp.world import AGENTS, CLUSTER, EXAMPLES, KEY, NETWORK, PROJECT, RING, ROWS, SUBNET, World, everything

LIVE = everything()
"""Nothing below changes it."""


def test_every_row_has_an_example() -> None:
    assert {kind for kind, _ in EXAMPLES.values()} == set(ROWS)


def test_no_row_is_below_typed_and_memberships_alone_are_only_typed() -> None:
    typed = {handler.type for handler in PACKAGE.handlers if handler.fidelity is Fidelity.TYPED}
    assert typed == {
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "gcp:projects/iAMMember:IAMMember",
        "gcp:projects/serviceIdentity:ServiceIdentity",
        "gcp:pubsub/topicIAMMember:TopicIAMMember",
        "gcp:serviceaccount/iAMMember:IAMMember",
    }


def with_one_unknown(value: Any) -> Iterator[Any]:
    """Give every copy of a value in which one part of it, at any depth, is not known yet."""
    yield UNKNOWN
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: other} for other in with_one_unknown(item))
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in with_one_unknown(item))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_not_known_yet_is_never_refused(name: str) -> None:
    inputs = EXAMPLES[name][1]
    assert LIVE.refused(name, dict.fromkeys(inputs, UNKNOWN), preview=True) == []
    for key, value in inputs.items():
        for change in with_one_unknown(value):
            assert LIVE.refused(name, {key: change}, preview=True) == [], change


def test_the_same_requests_give_the_same_ids_and_outputs() -> None:
    assert everything().live == LIVE.live


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("vpc", NETWORK),
        ("subnet", SUBNET),
        ("ring", RING),
        ("key", KEY),
        ("grant-compute", f"{KEY}/roles/cloudkms.cryptoKeyEncrypterDecrypter/{AGENTS['compute']}"),
        ("nat", "nautilus-test-us/us-west2/router/nat"),
        ("peering", "projects%2Fnautilus-test-us%2Fglobal%2Fnetworks%2Fvpc:servicenetworking.googleapis.com"),
        ("record", f"{PROJECT}/managedZones/apis/rrsets/restricted.googleapis.com./A"),
        ("log-bucket", f"{PROJECT}/locations/us-west2/buckets/logs"),
        ("account", f"{PROJECT}/serviceAccounts/nodes0@nautilus-test-us.iam.gserviceaccount.com"),
        ("cluster", CLUSTER),
        ("pool", f"{CLUSTER}/nodePools/trading"),
        ("bucket", "nautilus-test"),
        ("disk", f"{PROJECT}/zones/us-west2-a/disks/disk"),
    ],
)
def test_ids_are_googles_own(name: str, made: str) -> None:
    assert [key for key, (_, outputs) in LIVE.live.items() if outputs["urn"] == name] == [made]


def outputs(name: str) -> Mapping[str, Any]:
    return next(found for _, found in LIVE.live.values() if found["urn"] == name)


def test_outputs() -> None:
    assert outputs("subnet")["selfLink"] == f"https://www.googleapis.com/compute/v1/{SUBNET}"
    assert outputs("subnet")["gatewayAddress"] == "10.1.0.1"
    assert outputs("cluster")["masterVersion"] == "1.35.7-gke.1222000"
    assert outputs("cluster")["endpoint"] == "10.1.255.242"
    assert outputs("cluster")["servicesIpv4Cidr"] == "172.16.16.0/20"
    assert outputs("account")["member"] == "serviceAccount:nodes0@nautilus-test-us.iam.gserviceaccount.com"
    assert outputs("key")["effectiveLabels"] == {"nautilus-purpose": "data"}
    assert outputs("pool")["version"] == "1.35.7-gke.1222000"
    assert len(outputs("pool")["instanceGroupUrls"]) == 1
    assert outputs("address")["address"].startswith(("192.0.2.", "198.51.100.", "203.0.113."))


def test_a_name_is_made_up_where_none_is_given() -> None:
    request = World().request("own", "gcp:compute/network:Network", {})
    row = ROWS["gcp:compute/network:Network"]
    assert row.identify is not None
    assert re.fullmatch(rf"{PROJECT}/global/networks/own-[0-9a-f]{{7}}", row.identify(request))


@pytest.mark.parametrize(("name", "change", "path", "reason"), CASES)
def test_refused_in_previews_too(name: str, change: dict[str, Any], path: str, reason: str) -> None:
    found = LIVE.refused(name, change, preview=True)
    assert [problem.reason for problem in found if problem.path == path and reason in problem.reason], found


EXCLUSION = {"exclusionName": "x", "startTime": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("exclusion", "path", "reason"),
    [
        (EXCLUSION, "endTime", "an exclusion ends"),
        ({**EXCLUSION, "exclusionOptions": {"scope": "NONE"}}, "exclusionOptions.scope", "is not one of"),
        (
            {**EXCLUSION, "exclusionOptions": {"scope": "NO_UPGRADES", "endTimeBehavior": "NEVER"}},
            "exclusionOptions.endTimeBehavior",
            "is not",
        ),
        (
            {**EXCLUSION, "exclusionOptions": {"scope": "NO_UPGRADES", "endTimeBehavior": "UNTIL_END_OF_SUPPORT"}},
            "exclusionOptions.endTimeBehavior",
            "cannot last",
        ),
    ],
)
def test_maintenance_exclusions(exclusion: dict[str, Any], path: str, reason: str) -> None:
    found = LIVE.refused("cluster", {"maintenancePolicy": {"maintenanceExclusions": [exclusion]}}, preview=True)
    where = f"maintenancePolicy.maintenanceExclusions[0].{path}"
    assert [problem for problem in found if problem.path == where and reason in problem.reason], found


@pytest.mark.parametrize(("name", "change", "path", "reason"), BINDINGS)
def test_refused_once_all_is_known(name: str, change: dict[str, Any], path: str, reason: str) -> None:
    fresh = "another" if "name" in change else ""
    found = LIVE.refused(name, change, fresh=fresh)
    assert [problem for problem in found if problem.path == path and reason in problem.reason], found
    assert not [problem for problem in LIVE.refused(name, change, preview=True, fresh=fresh) if reason in problem.reason]


@pytest.mark.parametrize(
    ("grant", "name", "path"),
    [
        ("container", "cluster", "databaseEncryption.keyName"),
        ("compute", "pool", "nodeConfig.bootDiskKmsKey"),
        ("compute", "disk", "diskEncryptionKey.kmsKeySelfLink"),
        ("logging", "log-bucket", "cmekSettings.kmsKeyName"),
        ("storage", "bucket", "encryption.defaultKmsKeyName"),
    ],
)
def test_a_service_needs_a_grant_on_the_key(grant: str, name: str, path: str) -> None:
    world = everything()
    world.live = {made: found for made, found in world.live.items() if found[1]["urn"] != f"grant-{grant}"}
    assert [
        problem.reason
        for problem in world.refused(name, {})
        if problem.path == path and "permission denied" in problem.reason
    ]


def remove(world: World, name: str, **change: Any) -> None:
    kind, inputs = EXAMPLES[name]
    made, prior = next((made, found) for made, (_, found) in world.live.items() if found["urn"] == name)
    delete = ROWS[kind].delete
    assert delete is not None
    delete(world.request(name, kind, inputs, id=made, prior={**prior, **change}))


@pytest.mark.parametrize(
    ("name", "reason"),
    [("vpc", "in use by private"), ("subnet", "in use by cluster"), ("cluster", "deletionProtection is on")],
)
def test_what_is_held_cannot_be_deleted(name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        remove(everything(), name)


def test_what_nothing_holds_can_be_deleted() -> None:
    remove(everything(), "cluster", deletionProtection=False)
    remove(everything(), "route")


def test_an_auto_mode_network_takes_no_subnetworks() -> None:
    world = World()
    kind, inputs = EXAMPLES["vpc"]
    world.live[NETWORK] = (kind, {**inputs, "autoCreateSubnetworks": True, "urn": "vpc"})
    assert [problem for problem in world.refused("subnet", {}) if "auto-mode" in problem.reason]


def test_a_property_google_does_not_know_is_found() -> None:
    inputs = {"networkConfigs": {}, "maintenancePolicy": {"windows": 1}, "project": "p"}
    assert discovery.unmatched("container.v1:Cluster", inputs) == ["networkConfigs", "maintenancePolicy.windows"]


def test_an_unknown_schema_is_an_error() -> None:
    with pytest.raises(KeyError, match="Nothing"):
        discovery.schemas("dns.v1", "Nothing")


def test_prose_is_not_kept() -> None:
    assert "enumDescriptions" in discovery_text()
    assert "enumDescriptions" not in repr(discovery.schemas("compute.v1", "RouterNat"))


def discovery_text() -> str:
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    return (folder / "compute.v1.json").read_text(encoding="utf-8")
