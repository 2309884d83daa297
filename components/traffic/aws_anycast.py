"""The anycast balancer of one jurisdiction on AWS: a Global Accelerator (DNS-1, DNS-5, FO-1, HALT-1).

Guarantees two static addresses that pass TCP through, unread, to the jurisdiction's own entries; a traffic dial a placement
from its share; and, while the jurisdiction is halted, an accelerator that is disabled and serves nobody.

A placement without a share has its dial at zero: Global Accelerator looks past the dial only when nothing else is healthy,
which is what a standby is for (Developer Guide, "Failover for unhealthy endpoints"). For a load balancer it takes the health
from the balancer's own target groups, not from the group's settings here, which count for other endpoints. It sees clients'
addresses and encrypted packets at Amazon's edge, keeps none of them, and writes no flow logs: those need a bucket, and the
VPC's flow logs at the entry record the same packets in the jurisdiction. Its control plane is in one region for all accounts
(us-west-2), to which the SDK turns by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.traffic.args import AnycastArgs, Backing, Endpoint
from components.traffic.aws_short import ACCELERATOR_NAME, short

_FULL_DIAL: Final = 100
_WEIGHT: Final = 128
"""Of the only endpoint in its group; any weight but zero means the same (Global Accelerator API, 0 to 255)."""


class AwsAnycast(pulumi.ComponentResource):
    """The accelerator; `endpoint` is where names may point: its two static addresses."""

    endpoint: Endpoint

    def __init__(self, name: str, args: AnycastArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:traffic:AwsAnycast", name, None, opts)
        if not args.backings:
            raise ValueError(f"{name}: an anycast balancer needs at least one placement behind it")
        here = pulumi.ResourceOptions(parent=self)
        accelerator = aws.globalaccelerator.Accelerator(
            f"{name}-accelerator",
            name=short(name, ACCELERATOR_NAME),
            ip_address_type="IPV4",
            enabled=args.enabled,
            attributes=aws.globalaccelerator.AcceleratorAttributesArgs(flow_logs_enabled=False),
            tags={**spelling.for_aws(args.labels), "Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        ports = sorted({served.port for served in args.classes.values()})
        listener = aws.globalaccelerator.Listener(
            f"{name}-listener",
            accelerator_arn=accelerator.arn,
            protocol="TCP",
            client_affinity="SOURCE_IP" if args.affinity else "NONE",
            port_ranges=[aws.globalaccelerator.ListenerPortRangeArgs(from_port=port, to_port=port) for port in ports],
            opts=here,
        )
        dialled = dials(args.backings)
        groups = [
            self._group(f"{name}-{placement}-group", listener, backing, dialled[placement], args)
            for placement, backing in sorted(args.backings.items())
        ]
        # Whoever points a name here waits until there is something behind it.
        both = pulumi.Output.all(accelerator.ip_sets, *[group.arn for group in groups]).apply(
            lambda known: [str(one) for one in known[0][0]["ip_addresses"]]
        )
        address = both.apply(lambda known: known[0])
        self.endpoint = Endpoint(
            id=f"{args.jurisdiction}-aws",
            location=_most(args.backings).location,
            address=address,
            second=both.apply(lambda known: known[1]),
        )
        self.register_outputs({"address": address})

    def _group(
        self,
        logical: str,
        listener: aws.globalaccelerator.Listener,
        backing: Backing,
        dial: float,
        args: AnycastArgs,
    ) -> aws.globalaccelerator.EndpointGroup:
        first = min(args.classes.values(), key=lambda served: (served.tier, served.id))
        return aws.globalaccelerator.EndpointGroup(
            logical,
            listener_arn=listener.arn,
            endpoint_group_region=backing.location.region,
            traffic_dial_percentage=dial,
            health_check_protocol="TCP",
            health_check_port=first.port,
            health_check_interval_seconds=args.probe.interval_s,
            threshold_count=args.probe.threshold,
            endpoint_configurations=[
                aws.globalaccelerator.EndpointGroupEndpointConfigurationArgs(
                    endpoint_id=backing.entry["balancer"], weight=_WEIGHT, client_ip_preservation_enabled=True
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )


def dials(backings: Mapping[str, Backing]) -> Mapping[str, float]:
    """Give each placement's traffic dial in percent, relative to the largest share, to two decimals.

    Where no placement has a share (the jurisdiction is a standby of others only) every dial is full.
    """
    largest = max(backing.share for backing in backings.values())
    if largest <= 0:
        return dict.fromkeys(backings, float(_FULL_DIAL))
    return {name: round(backing.share / largest * _FULL_DIAL, 2) for name, backing in backings.items()}


def _most(backings: Mapping[str, Backing]) -> Backing:
    return min(backings.values(), key=lambda backing: (-backing.share, backing.placement))
