"""Leased ports in Azure: two sessions a port, a site a port, MACsec keys that only the ports' identity reads."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from pulumi.runtime import rpc

from components.interconnect.azure_ports import sessions
from components.interconnect.azure_sites import site
from tests.components.azure_backbone import OUTPUTS, PORTS
from tests.components.azure_placement import ACCOUNT
from tests.components.interconnect.test_azure_gateway import gateway, made


def test_a_port_has_a_session_on_each_link(record: Any) -> None:
    assert sessions(PORTS[0]) == ("172.20.9.0/30", "172.20.9.4/30")
    peering = made(record).one("one-ports-port-b-peering").inputs
    assert (peering["primaryPeerAddressPrefix"], peering["secondaryPeerAddressPrefix"]) == (
        "172.20.9.8/30",
        "172.20.9.12/30",
    )
    assert (peering["peeringName"], peering["vlanId"], peering["peerASN"]) == ("AzurePrivatePeering", 109, 64602)


@pytest.mark.parametrize(
    ("near", "far", "why"),
    [
        ("172.20.9.1/30", "172.20.9.5/30", "are not the two addresses of one /30"),
        ("172.20.9.1/29", "172.20.9.2/29", "are not the two addresses of one /30"),
        ("172.20.9.1/30", "172.20.9.1/30", "are not the two addresses of one /30"),
        ("172.20.9.5/30", "172.20.9.6/30", "is not the beginning of a /29"),
    ],
)
def test_refuses_addresses_that_leave_no_second_session(near: str, far: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        sessions(dataclasses.replace(PORTS[0], near=near, far=far))


def test_the_two_ports_of_a_region_are_in_two_buildings(record: Any) -> None:
    seen = made(record).of("azure-native:network:ExpressRoutePort")
    places = {name: one["peeringLocation"] for name, one in seen.items()}
    assert places == {"one-ports-port-a": "Equinix-London-LD5", "one-ports-port-b": "Telehouse-London-North2"}


@pytest.mark.parametrize(
    "region", ["australiaeast", "centralus", "eastus2", "japaneast", "southeastasia", "uksouth", "westus2"]
)
def test_every_region_with_a_port_has_two_sites(region: str) -> None:
    assert site(region, 0) != site(region, 1)


@pytest.mark.parametrize(
    ("region", "port", "why"), [("ukwest", 0, "no peering location is known"), ("uksouth", 2, "port 3; it has 2")]
)
def test_refuses_a_site_there_is_not(region: str, port: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        site(region, port)


def test_a_circuit_takes_its_whole_port(record: Any) -> None:
    circuit = made(record).one("one-ports-port-a-circuit").inputs
    assert circuit["expressRoutePort"] == {"id": "one-ports-port-a-id"}
    assert circuit["bandwidthInGbps"] == 10
    assert circuit["globalReachEnabled"] is False


def test_the_gateway_is_as_wide_as_its_ports_up_to_what_azure_has(record: Any) -> None:
    def bounds(gbps: int) -> Any:
        ports = tuple(dataclasses.replace(port, bandwidth_gbps=gbps) for port in PORTS)
        inputs = record(lambda: gateway(ports=ports), OUTPUTS).one("one-ports-gateway").inputs
        return inputs["autoScaleConfiguration"]["bounds"]

    assert bounds(10) == bounds(100) == {"min": 10, "max": 10}
    one = record(lambda: gateway(ports=PORTS[:1]), OUTPUTS).one("one-ports-gateway").inputs
    assert one["autoScaleConfiguration"]["bounds"] == {"min": 5, "max": 10}


def test_both_links_are_under_macsec(record: Any) -> None:
    port = made(record).one("one-ports-port-a").inputs
    assert [link["name"] for link in port["links"]] == ["link1", "link2"]
    vault = made(record).one("one-ports-macsec-vault").inputs
    secrets = f"https://{vault['vaultName']}.vault.azure.net/secrets"
    for link in port["links"]:
        assert link["macSecConfig"] == {
            "cknSecretIdentifier": f"{secrets}/port-a-ckn",
            "cakSecretIdentifier": f"{secrets}/port-a-cak",
            "cipher": "GcmAesXpn256",
            "sciState": "Enabled",
        }
    assert port["identity"]["userAssignedIdentities"] == ["one-ports-macsec-identity-id"]


def test_keys_are_hexadecimal_secrets_in_a_closed_vault(record: Any) -> None:
    seen = made(record)
    vault = seen.one("one-ports-macsec-vault").inputs["properties"]
    assert (vault["publicNetworkAccess"], vault["enablePurgeProtection"]) == ("Disabled", True)
    key = seen.one("one-ports-macsec-port-a-cak").inputs
    assert (key["length"], key["lower"], key["upper"], key["overrideSpecial"]) == (64, False, False, "abcdef")
    kept = seen.one("one-ports-macsec-port-a-cak-secret").inputs
    assert (kept["secretName"], rpc.unwrap_rpc_secret(kept["properties"])["value"]) == ("port-a-cak", "0" * 64)


def test_a_port_without_macsec_needs_no_vault(record: Any) -> None:
    plain = tuple(dataclasses.replace(port, macsec=False) for port in PORTS)
    seen = record(lambda: gateway(ports=plain), OUTPUTS)
    assert not seen.of("azure-native:keyvault:Vault")
    port = seen.one("one-ports-port-a").inputs
    assert "identity" not in port
    assert not any("macSecConfig" in link for link in port["links"])


def test_refuses_an_account_without_a_tenant(record: Any) -> None:
    with pytest.raises(ValueError, match="needs its tenant"):
        record(lambda: gateway(ports=PORTS, account=ACCOUNT.model_copy(update={"tenant": None})), OUTPUTS)
