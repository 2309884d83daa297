"""How each cloud builds its end of the backbone (NET-1, NET-2).

Guarantees that the three clouds are built by the same steps, and that a cloud's SDK is imported only where that cloud is
wanted: an SDK costs memory and start-up time. It builds nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pulumi

from components.interconnect.args import NativeArgs, TunnelArgs
from config.model import Cloud


class Tunnels(Protocol):
    """One end of four tunnels: the public addresses that the other end connects to."""

    addresses: tuple[pulumi.Output[str], ...]


@dataclass(frozen=True, kw_only=True)
class Builders:
    """One cloud's part in links.

    `ids` are the keys of a gateway's `facts.ids`, `addresses` how many public addresses a gateway hands over. `secret_of`
    gives for a tunnel's index the index of the secret that a peer must use where this cloud's end is the first.
    """

    provider: Callable[..., pulumi.ProviderResource]
    tunnels: Callable[[str, TunnelArgs, pulumi.ResourceOptions], Tunnels]
    link: Callable[[str, NativeArgs, pulumi.ResourceOptions], Any]
    ids: tuple[str, ...]
    addresses: int
    secret_of: Callable[[int], int]


def builders(cloud: Cloud) -> Builders:
    """Give the builders of a cloud."""
    match cloud:
        case Cloud.AWS:
            from components.interconnect import aws  # noqa: PLC0415 - as the module says
            from components.provider.aws import provider as aws_provider  # noqa: PLC0415 - as above

            return Builders(
                provider=aws_provider,
                tunnels=aws.AwsTunnels,
                link=aws.AwsLink,
                ids=aws.IDS,
                addresses=0,
                secret_of=_own,
            )
        case Cloud.GCP:
            from components.interconnect import gcp  # noqa: PLC0415 - as above
            from components.provider.gcp import provider as gcp_provider  # noqa: PLC0415 - as above

            return Builders(
                provider=gcp_provider,
                tunnels=gcp.GcpTunnels,
                link=gcp.GcpLink,
                ids=gcp.IDS,
                addresses=2,
                secret_of=_own,
            )
        case Cloud.AZURE:
            from components.interconnect import azure  # noqa: PLC0415 - as above
            from components.provider.azure import provider as azure_provider  # noqa: PLC0415 - as above

            return Builders(
                provider=azure_provider,
                tunnels=azure.AzureTunnels,
                link=azure.AzureLink,
                ids=azure.IDS,
                addresses=2,
                secret_of=azure.secret_of,
            )


def _own(index: int) -> int:
    """Each tunnel has a secret of its own."""
    return index
