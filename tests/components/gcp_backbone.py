"""One gateway, one end and one link of Google Cloud, as their components' tests have them."""

from __future__ import annotations

from typing import Any

import pulumi

from components.interconnect.args import EndArgs, GatewayArgs, GatewayFacts
from components.interconnect.gcp import IDS
from components.network.args import NetworkArgs
from config.model import Account, Cloud, Location, Source
from nautilus.federation.link import Port, Tunnel
from nautilus.sandbox.gcp import PACKAGE, discovery
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import Request, Target

GATEWAY = "gcp:compute/haVpnGateway:HaVpnGateway"
TUNNEL = "gcp:compute/vPNTunnel:VPNTunnel"
PEER = "gcp:compute/routerPeer:RouterPeer"
INTERFACE = "gcp:compute/routerInterface:RouterInterface"
POLICY = "gcp:compute/routerRoutePolicy:RouterRoutePolicy"
FIREWALL = "gcp:compute/firewall:Firewall"
FLOWS = "gcp:networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig"

_PROJECT = "projects/nautilus-test-us"


def _link(kind: str) -> Any:
    return lambda inputs: {"selfLink": f"{_PROJECT}/{kind}/{inputs['name']}"}


OUTPUTS = {
    "gcp:compute/address:Address": _link("addresses"),
    TUNNEL: _link("regions/us-west2/vpnTunnels"),
    "gcp:compute/interconnectAttachment:InterconnectAttachment": _link("regions/us-west2/interconnectAttachments"),
    GATEWAY: lambda inputs: {"vpnInterfaces": [{"id": n, "ipAddress": f"{inputs['name']}/{n}"} for n in (0, 1)]},
}

ACCOUNT = Account(id="nautilus-test-us", deployer="d@p.iam.gserviceaccount.com", administrators="x", number="1")
KEY = "projects/p/locations/us-west2/keyRings/r/cryptoKeys/logs"


def location(region: str = "us-west2", place: str = "Los Angeles") -> Location:
    return Location(
        id=f"gcp/{region}",
        cloud=Cloud.GCP,
        region=region,
        place=place,
        country="US",
        jurisdiction="us",
        latitude=34.05,
        longitude=-118.24,
        source=Source(document="a test", verified=False),
    )


def network(labels: dict[str, str]) -> NetworkArgs:
    return NetworkArgs(
        location=location(),
        account=ACCOUNT,
        zones=("us-west2-a",),
        nodes="10.1.0.0/16",
        pods="100.65.0.0/16",
        services="172.16.16.0/20",
        nat_per_zone=False,
        log_key=KEY,
        flow_log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


def port(place: int) -> Port:
    return Port(
        id=f"port-{'ab'[place]}",
        carrier=f"carrier {'AB'[place]}",
        bandwidth_gbps=(10, 100)[place],
        macsec=True,
        vlan=1001,
        near=f"192.168.4.{8 * place + 1}/30",
        far=f"192.168.4.{8 * place + 2}/30",
        far_asn=64600 + place,
    )


def gateway(labels: dict[str, str], *, ports: int = 2) -> GatewayArgs:
    return GatewayArgs(
        location=location(),
        account=ACCOUNT,
        zones=("us-west2-a",),
        nodes="10.1.0.0/16",
        hub="192.168.8.0/23",
        block="10.0.0.0/8",
        reach={"one": "10.0.0.0/16", "two": "10.2.0.0/16"},
        asn=64513,
        ports=tuple(port(place) for place in range(ports)),
        log_key=KEY,
        log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


def end(labels: dict[str, str], place: int = 1, region: str = "us-west2") -> EndArgs:
    """One end; `place` 1 or 2 makes its ranges and numbers."""
    ids = {key: pulumi.Output.from_input(f"{key}-{place}") for key in IDS}
    addresses = tuple(pulumi.Output.from_input(f"198.18.{place}.{n}") for n in (0, 1))
    return EndArgs(
        placement=f"place-{place}",
        location=location(region),
        account=ACCOUNT,
        nodes=f"10.{place}.0.0/16",
        asn=64512 + place,
        advertises=(f"10.{place}.0.0/16",),
        learns=(f"10.{3 - place}.0.0/16",),
        facts=GatewayFacts(addresses=addresses, ids=ids),
        labels=labels,
    )


TUNNELS = tuple(
    Tunnel(index=n, inside=f"169.254.21.{4 * n}/30", first=f"169.254.21.{4 * n + 1}", second=f"169.254.21.{4 * n + 2}")
    for n in range(4)
)


def secrets() -> tuple[pulumi.Output[str], ...]:
    return tuple(pulumi.Output.secret("k" * 63 + str(n)) for n in range(4))


def refused(seen: Any) -> dict[str, Any]:
    """Everything that the sandbox would refuse of a recording's resources in a preview, and what no schema knows."""
    rows = {handler.type: handler for handler in PACKAGE.handlers}
    target = Target(cloud="gcp", account="nautilus-test-us", region="us-west2")
    found: dict[str, Any] = {}
    for one in seen.registered:
        if one.type.startswith(("nautilus:", "pulumi:")):
            continue
        row: Row = rows[one.type].refuse.__self__  # type: ignore[union-attr]
        strange = discovery.unmatched(row.schema, one.inputs) if row.schema else []
        request = Request(urn=one.name, type=one.type, name=one.name, inputs=one.inputs, target=target, preview=True)
        problems = list(row.handler().refuse(request))  # type: ignore[misc]
        if strange or problems:
            found[one.name] = strange or problems
    return found
