from __future__ import annotations

from typing import Any

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import AWS, AZURE, GCP

RULE = "NET-008"

TUNNEL_53: dict[str, Any] = {
    f"tunnel{place}{key}": value
    for place in (1, 2)
    for key, value in {
        "IkeVersions": ["ikev2"],
        "Phase1EncryptionAlgorithms": ["AES256-GCM-16"],
        "Phase2EncryptionAlgorithms": ["AES256-GCM-16"],
        "Phase1IntegrityAlgorithms": ["SHA2-384"],
        "Phase2IntegrityAlgorithms": ["SHA2-384"],
        "Phase1DhGroupNumbers": [20],
        "Phase2DhGroupNumbers": [20],
        "PresharedKey": secret("a-very-secret-key"),
    }.items()
}
CONNECTION = Planned(type="aws:ec2/vpnConnection:VpnConnection", provider=AWS, props=TUNNEL_53)
LEASED_AWS = Planned(type="aws:directconnect/connection:Connection", provider=AWS, props={"requestMacsec": True})
TUNNEL = Planned(
    type="gcp:compute/vPNTunnel:VPNTunnel",
    provider=GCP,
    props={
        "ikeVersion": 2,
        "cipherSuite": {
            "phase1": {"encryptions": ["AES-GCM-16-256"], "prves": ["PRF-HMAC-SHA2-384"], "dhs": ["Group-20"]},
            "phase2": {"encryptions": ["AES-GCM-16-256"], "pfs": ["Group-20"]},
        },
    },
)
LEASED_GCP = Planned(
    type="gcp:compute/interconnect:Interconnect", provider=GCP, props={"macsecEnabled": True, "macsec": {"failOpen": False}}
)
POLICY = {
    "ikeEncryption": "GCMAES256",
    "ikeIntegrity": "SHA384",
    "dhGroup": "ECP384",
    "ipsecEncryption": "GCMAES256",
    "ipsecIntegrity": "GCMAES256",
    "pfsGroup": "ECP384",
}
LINK = {"name": "peer-0", "vpnConnectionProtocolType": "IKEv2", "ipsecPolicies": [POLICY], "sharedKey": secret("key")}
AZURE_CONNECTION = Planned(type="azure-native:network:VpnConnection", provider=AZURE, props={"vpnLinkConnections": [LINK]})
MACSEC = {"cakSecretIdentifier": UNKNOWN, "cknSecretIdentifier": UNKNOWN, "cipher": "GcmAesXpn256"}
LEASED_AZURE = Planned(
    type="azure-native:network:ExpressRoutePort",
    provider=AZURE,
    props={"links": [{"name": "link1", "macSecConfig": MACSEC}]},
)


def judged(resource: Planned) -> list[Finding]:
    return found(analyze(resource, Pack.EXPOSURE), RULE)


def link(**changes: Any) -> dict[str, Any]:
    return {"vpnLinkConnections": [{**LINK, **changes}]}


@pytest.mark.parametrize("resource", [CONNECTION, LEASED_AWS, TUNNEL, LEASED_GCP, AZURE_CONNECTION, LEASED_AZURE])
def test_strong_suites_that_are_stated_pass(resource: Planned) -> None:
    assert judged(resource) == []


@pytest.mark.parametrize(
    ("resource", "changes", "says"),
    [
        (CONNECTION, {"tunnel1IkeVersions": ["ikev1", "ikev2"]}, "tunnel1IkeVersions holds 'ikev1'"),
        (CONNECTION, {"tunnel2Phase2EncryptionAlgorithms": ["AES128"]}, "holds 'AES128'"),
        (CONNECTION, {"tunnel1Phase1IntegrityAlgorithms": ["SHA1", "SHA2-256"]}, "holds 'SHA1'"),
        (CONNECTION, {"tunnel1Phase1DhGroupNumbers": [2, 20]}, "tunnel1Phase1DhGroupNumbers holds 2"),
        (LEASED_AWS, {"requestMacsec": False}, "requestMacsec is not true"),
        (TUNNEL, {"ikeVersion": 1}, "ikeVersion is 1"),
        (
            TUNNEL,
            {"cipherSuite": {**TUNNEL.props["cipherSuite"], "phase2": {"encryptions": ["AES-CBC-128"]}}},
            "AES-CBC-128",
        ),
        (LEASED_GCP, {"macsecEnabled": False}, "macsecEnabled is not true"),
        (LEASED_GCP, {"macsec": {"failOpen": True}}, "macsec.failOpen is true"),
        (AZURE_CONNECTION, link(vpnConnectionProtocolType="IKEv1"), "link peer-0 speaks 'IKEv1'"),
        (AZURE_CONNECTION, link(ipsecPolicies=[{**POLICY, "dhGroup": "DHGroup2"}]), "dhGroup holds 'DHGroup2'"),
        (LEASED_AZURE, {"links": [{"name": "link1"}]}, "link link1 has no MACsec key"),
        (LEASED_AZURE, {"links": [{"macSecConfig": {**MACSEC, "cipher": "GcmAes128"}}]}, "holds 'GcmAes128'"),
    ],
)
def test_weak_suites_fail(resource: Planned, changes: dict[str, Any], says: str) -> None:
    assert any(says in hit.found for hit in judged(resource.but(**changes)))


@pytest.mark.parametrize(
    ("resource", "changes"),
    [
        (CONNECTION, {"tunnel1Phase1EncryptionAlgorithms": None}),
        (LEASED_AWS, {"requestMacsec": None}),
        (TUNNEL, {"cipherSuite": None}),
        (LEASED_GCP, {"macsecEnabled": None}),
        (AZURE_CONNECTION, {"vpnLinkConnections": None}),
        (AZURE_CONNECTION, link(ipsecPolicies=None)),
        (LEASED_AZURE, {"links": None}),
    ],
)
def test_what_is_left_to_the_cloud_fails(resource: Planned, changes: dict[str, Any]) -> None:
    assert judged(resource.but(**changes))


@pytest.mark.parametrize(
    ("resource", "changes"),
    [
        (CONNECTION, {"tunnel1Phase1EncryptionAlgorithms": [UNKNOWN]}),
        (TUNNEL, {"cipherSuite": UNKNOWN}),
        (AZURE_CONNECTION, {"vpnLinkConnections": UNKNOWN}),
        (LEASED_AWS, {"requestMacsec": UNKNOWN}),
    ],
)
def test_an_unknown_suite_is_undecided(resource: Planned, changes: dict[str, Any]) -> None:
    assert "undecided" in {hit.verdict for hit in judged(resource.but(**changes))}


def test_a_secret_suite_is_not_shown() -> None:
    hit = one(judged(CONNECTION.but(tunnel1Phase1EncryptionAlgorithms=[secret("AES128")])), RULE)
    assert "AES128" not in hit.found
