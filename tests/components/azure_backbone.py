"""Azure's end of the backbone for the components' tests: arguments, ends, tunnels, and what Azure would answer."""

from __future__ import annotations

import dataclasses
from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.interconnect.args import EndArgs, GatewayArgs, GatewayFacts, TunnelArgs
from components.interconnect.azure import IDS
from nautilus.federation.link import Port, Tunnel
from tests.components import azure_placement
from tests.components.azure_placement import ACCOUNT, LABELS, LOCATION

TUNNELS = tuple(
    Tunnel(index=index, inside=str(block), first=str(block[1]), second=str(block[2]))
    for index, block in enumerate(IPv4Network("169.254.21.32/28").subnets(new_prefix=30))
)
PORTS = tuple(
    Port(
        id=f"port-{letter}",
        carrier=f"carrier {letter.upper()}",
        bandwidth_gbps=10,
        macsec=True,
        vlan=109,
        near=f"172.20.9.{8 * number + 1}/30",
        far=f"172.20.9.{8 * number + 2}/30",
        far_asn=64601 + number,
    )
    for number, letter in enumerate("ab")
)


def gateway_args(**changes: Any) -> GatewayArgs:
    given: dict[str, Any] = {
        "location": LOCATION,
        "account": ACCOUNT,
        "zones": ("1", "2", "3"),
        "nodes": "10.9.0.0/16",
        "hub": "10.63.18.0/23",
        "block": "10.0.0.0/10",
        "reach": {"eu-west": "10.5.0.0/16", "eu-central": "10.7.0.0/16"},
        "asn": 65515,
        "ports": (),
        "inside": (("169.254.21.33", "169.254.21.37"), ("169.254.21.41", "169.254.21.45")),
        "log_key": "https://kv.vault.azure.net/keys/logs",
        "log_retention_days": 400,
        "labels": LABELS,
        "deletion_protection": True,
    }
    return GatewayArgs(**{**given, **changes})


def end(name: str, nodes: str, other: str, **changes: Any) -> EndArgs:
    """Give an Azure end; its ids are its own name and theirs."""
    facts = GatewayFacts(
        addresses=tuple(pulumi.Output.from_input(f"198.18.0.{place}") for place in (2, 3)),
        ids={key: pulumi.Output.from_input(f"{name}-{key}") for key in IDS},
    )
    made = EndArgs(
        placement=name,
        location=LOCATION,
        account=ACCOUNT,
        nodes=nodes,
        asn=65515,
        advertises=(nodes,),
        learns=(other,),
        facts=facts,
        labels=LABELS,
    )
    return dataclasses.replace(made, **changes)


def tunnel_args(peers: int, **changes: Any) -> TunnelArgs:
    given: dict[str, Any] = {
        "end": end("uk-south", "10.9.0.0/16", "10.5.0.0/16"),
        "peer": "eu-west",
        "peer_asn": 64517,
        "peer_addresses": tuple(f"203.0.113.{place + 1}" for place in range(peers)),
        "tunnels": TUNNELS,
        "secrets": tuple(pulumi.Output.secret(letter * 64) for letter in "abcd"),
        "first": peers == 2,
        "deletion_protection": True,
    }
    return TunnelArgs(**{**given, **changes})


def _gateway(inputs: dict[str, Any]) -> dict[str, Any]:
    addresses = [{"id": f"Instance{place}", "publicIpAddress": f"198.18.0.{place + 2}"} for place in range(2)]
    return {"name": inputs["gatewayName"], "ipConfigurations": addresses}


def _secret(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"secretUri": f"https://{inputs['vaultName']}.vault.azure.net/secrets/{inputs['secretName']}"}}


OUTPUTS = {
    **azure_placement.OUTPUTS,
    "azure-native:network:VirtualHub": lambda inputs: {"name": inputs["virtualHubName"]},
    "azure-native:network:VpnGateway": _gateway,
    "azure-native:network:ExpressRouteCircuit": lambda inputs: {"name": inputs["circuitName"]},
    "azure-native:network:ExpressRouteGateway": lambda inputs: {"name": inputs["expressRouteGatewayName"]},
    "azure-native:network:ExpressRoutePort": lambda inputs: (
        azure_placement.with_identity("expressRoutePortName")(inputs) if "identity" in inputs else {}
    ),
    "azure-native:keyvault:Secret": _secret,
    "random:index/randomPassword:RandomPassword": lambda _: {"result": "0" * 64},
}
"""What Azure answers beside the inputs, by type."""
