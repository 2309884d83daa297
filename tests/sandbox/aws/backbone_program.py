"""Two hubs on AWS, a link between them and tunnels to a pretended peer, as a program for the engine."""

from __future__ import annotations

import pulumi

from components.interconnect.args import EndArgs, GatewayArgs, NativeArgs, TunnelArgs
from components.interconnect.aws import AwsGateway, AwsLink, AwsTunnels
from components.keys.args import KeysArgs, Purpose
from components.keys.aws import AwsKeys
from components.network.args import NetworkArgs
from components.network.aws import AwsNetwork
from components.provider.aws import provider
from config.model import Account, Clause, Cloud, KeyProtection, KeyRules, Location, Source
from nautilus.federation.link import Port, Tunnel

SOURCE = Source(document="a test", verified=False)
LABELS = {"jurisdiction": "us"}
SETTINGS = pulumi.Config()
RULES = KeyRules(
    protection=KeyProtection.HSM,
    rotation_days=365,
    deletion_window_days=30,
    clause=Clause(id="TEST-1", says="keys stay", source=SOURCE),
)
PLACES = {"east": ("us-east-1", "100000000001", 0), "west": ("us-west-2", SETTINGS.get("western") or "100000000002", 9)}


def account(number: str) -> Account:
    role = f"arn:aws:iam::{number}:role"
    return Account(id=number, deployer=f"{role}/deployer", administrators=f"{role}/administrators")


def location(region: str) -> Location:
    return Location(
        id=f"aws/{region}",
        cloud=Cloud.AWS,
        region=region,
        place="somewhere",
        country="US",
        jurisdiction="us",
        latitude=0,
        longitude=0,
        zones=tuple(f"{region}{letter}" for letter in "abc"),
        source=SOURCE,
    )


def nodes(slot: int) -> str:
    return f"10.{slot}.0.0/16"


def placement(name: str) -> tuple[EndArgs, pulumi.ProviderResource]:
    region, number, slot = PLACES[name]
    here, home = location(region), account(number)
    pinned = provider(f"{name}-provider", here, home, LABELS)
    opts = pulumi.ResourceOptions(provider=pinned)
    keys = AwsKeys(
        f"{name}-keys",
        KeysArgs(
            location=here,
            account=home,
            rules=RULES,
            purposes=(Purpose.LOGS,),
            labels=LABELS,
            deletion_protection=False,
        ),
        opts,
    )
    network = AwsNetwork(
        f"{name}-network",
        NetworkArgs(
            location=here,
            account=home,
            zones=here.zones[:2],
            nodes=nodes(slot),
            pods=f"100.{64 + slot}.0.0/16",
            services="172.16.0.0/20",
            nat_per_zone=False,
            log_key=keys.keys[Purpose.LOGS],
            flow_log_retention_days=30,
            labels=LABELS,
            deletion_protection=False,
        ),
        opts,
    )
    other = 9 - slot
    gateway = AwsGateway(
        f"{name}-gateway",
        GatewayArgs(
            location=here,
            account=home,
            zones=here.zones[:2],
            nodes=nodes(slot),
            hub="10.62.0.0/23",
            block="10.0.0.0/10",
            reach={"other": nodes(other), "peer": nodes(2)},
            asn=64512 + slot,
            ports=ports() if name == "east" else (),
            log_key=keys.keys[Purpose.LOGS],
            log_retention_days=30,
            labels=LABELS,
            deletion_protection=False,
        ),
        network,
        opts,
    )
    end = EndArgs(
        placement=name,
        location=here,
        account=home,
        zones=here.zones[:2],
        nodes=nodes(slot),
        asn=64512 + slot,
        advertises=(nodes(slot),),
        learns=(nodes(other),),
        facts=gateway.facts,
        labels=LABELS,
    )
    return end, pinned


def ports() -> tuple[Port, ...]:
    return tuple(
        Port(
            id=f"port-{letter}",
            carrier="carrier",
            bandwidth_gbps=10,
            macsec=True,
            vlan=1000,
            near=f"169.254.20.{place}/30",
            far=f"169.254.20.{place + 1}/30",
            far_asn=64600,
        )
        for letter, place in (("a", 1), ("b", 5))
    )


east, east_provider = placement("east")
west, west_provider = placement("west")
AwsLink(
    "east-west",
    NativeArgs(
        ends=(east, west),
        providers=(east_provider, west_provider),
        tunnels=(),
        secrets=(),
        deletion_protection=False,
    ),
)
tunnels = AwsTunnels(
    "east-peer",
    TunnelArgs(
        end=east,
        peer="peer",
        peer_asn=64514,
        peer_addresses=("34.0.0.1", "34.0.0.2"),
        tunnels=tuple(
            Tunnel(
                index=i, inside=f"169.254.10.{4 * i}/30", first=f"169.254.10.{4 * i + 1}", second=f"169.254.10.{4 * i + 2}"
            )
            for i in range(4)
        ),
        secrets=tuple(pulumi.Output.secret(f"canary{number}" + "k" * 57) for number in range(4)),
        first=True,
        deletion_protection=False,
    ),
    pulumi.ResourceOptions(provider=east_provider),
)
pulumi.export("addresses", pulumi.Output.all(*tunnels.addresses))
