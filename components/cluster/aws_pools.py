"""The managed node groups of an EKS cluster (CLU-4, NET-3).

Guarantees nodes in the private tier without a public address, disks under the volumes' key, instance metadata by token
and one hop only, so that no pod reaches the node's credentials, and the tuning that the pool asks for. Bounds are the
environment's; what an autoscaler made of them since is left alone.

It does not offer spot capacity: a reclaimed trading node is a failover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pulumi
import pulumi_aws as aws

from components.cluster.args import ClusterArgs
from components.cluster.aws_node_config import user_data
from components.network.aws import zone_letter
from config.model import PoolSize
from nautilus.federation.plan import PoolPlan

EFFECTS: Final = MappingProxyType(
    {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
)
"""Kubernetes' taint effects as the EKS API spells them."""

SITE_LABEL: Final = "nautilus/site"
"""What the nodes of a site are told by, so that a workload can be bound to the exchange it trades on."""

_LOCAL_ZONE_DISK: Final = "gp2"
"""The disk type that every Local Zone has; gp3 is in the newer ones only (AWS Local Zones features; not verified)."""

_ROOT_DEVICE: Final = "/dev/xvda"
"""The root disk of AL2023 images."""


@dataclass(frozen=True, kw_only=True)
class Pools:
    """Makes the node groups of one cluster; `name` and `parent` are the component's, `before` is what they wait for."""

    name: str
    args: ClusterArgs
    cluster: aws.eks.Cluster
    role_arn: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    edge_subnet_ids: Mapping[str, pulumi.Input[str]]
    security_group_ids: Sequence[pulumi.Input[str]]
    tags: Mapping[str, str]
    before: Sequence[pulumi.Resource]
    parent: pulumi.Resource

    def make(self) -> Mapping[str, aws.eks.NodeGroup]:
        """Give the node groups by name: one a pool, or one a pool and zone where the pool wants a placement group.

        A site in a Local Zone has a group of its own, tuned as its kind is.
        """
        groups: dict[str, aws.eks.NodeGroup] = {}
        for pool_id, plan in self.args.pools.items():
            if not plan.pool.tuning.placement_group:
                template = self._template(pool_id, plan, None)
                groups[pool_id] = self._group(pool_id, plan, plan.size, self._in(self.args.zones), template)
                continue
            # A cluster placement group lies in one zone: each zone gets its own, and its share of the nodes.
            for zone, size in spread(plan.size, self.args.zones).items():
                group_id = f"{pool_id}-{zone_letter(zone)}"
                template = self._template(group_id, plan, self._placement(group_id))
                groups[group_id] = self._group(group_id, plan, size, self._in((zone,)), template)
        for site_id, edge in self.args.edge.items():
            # No placement group: a cluster's racks are not offered in a Local Zone.
            template = self._template(site_id, edge.pool, None, disk=_LOCAL_ZONE_DISK)
            subnets = [self.edge_subnet_ids[site_id]]
            labels = {SITE_LABEL: site_id}
            groups[site_id] = self._group(site_id, edge.pool, edge.pool.size, subnets, template, labels=labels)
        return MappingProxyType(groups)

    def _in(self, zones: Sequence[str]) -> list[pulumi.Input[str]]:
        return [self.subnet_ids[zone] for zone in zones]

    def _placement(self, group_id: str) -> aws.ec2.PlacementGroup:
        return aws.ec2.PlacementGroup(
            f"{self.name}-{group_id}-placement",
            name=f"{self.name}-{group_id}",
            strategy="cluster",
            tags=self._labels(group_id),
            opts=pulumi.ResourceOptions(parent=self.parent),
        )

    def _template(
        self, group_id: str, plan: PoolPlan, placement: aws.ec2.PlacementGroup | None, *, disk: str = "gp3"
    ) -> aws.ec2.LaunchTemplate:
        labels = self._labels(group_id)
        return aws.ec2.LaunchTemplate(
            f"{self.name}-{group_id}-template",
            name=f"{self.name}-{group_id}",
            description=f"Nodes of pool {group_id} of {self.name}",
            # Here and not in the node group: another machine type then rolls the nodes instead of replacing the group.
            instance_type=plan.machine,
            update_default_version=True,
            ebs_optimized="true",
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=1,
                http_protocol_ipv6="disabled",
                instance_metadata_tags="disabled",
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=_ROOT_DEVICE,
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=plan.pool.disk_gib,
                        volume_type=disk,
                        encrypted="true",
                        kms_key_id=self.args.volumes_key,
                        delete_on_termination="true",
                    ),
                )
            ],
            monitoring=aws.ec2.LaunchTemplateMonitoringArgs(enabled=True),
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=list(self.security_group_ids),
                )
            ],
            placement=None if placement is None else aws.ec2.LaunchTemplatePlacementArgs(group_name=placement.name),
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=labels)
                for kind in ("instance", "network-interface", "volume")
            ],
            user_data=user_data(plan.pool.tuning),
            tags=labels,
            opts=pulumi.ResourceOptions(parent=self.parent),
        )

    def _group(
        self,
        group_id: str,
        plan: PoolPlan,
        size: PoolSize,
        subnet_ids: Sequence[pulumi.Input[str]],
        template: aws.ec2.LaunchTemplate,
        *,
        labels: Mapping[str, str] = MappingProxyType({}),
    ) -> aws.eks.NodeGroup:
        return aws.eks.NodeGroup(
            f"{self.name}-{group_id}-nodes",
            cluster_name=self.cluster.name,
            node_group_name=group_id,
            node_role_arn=self.role_arn,
            subnet_ids=list(subnet_ids),
            version=self.args.kubernetes_version,
            ami_type="AL2023_x86_64_STANDARD",
            capacity_type="ON_DEMAND",
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=size.min, desired_size=size.desired, max_size=size.max
            ),
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
            labels={**plan.pool.labels, **labels},
            taints=[
                aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=EFFECTS[taint.effect])
                for taint in plan.pool.taints
            ],
            tags=self._labels(group_id),
            # The desired size belongs to the autoscaler from the first minute: putting it back in each deployment would
            # take nodes away in the middle of a trading day. Bounds stay guarded, and so does everything else (GOV-003).
            opts=pulumi.ResourceOptions(
                parent=self.parent, depends_on=list(self.before), ignore_changes=["scalingConfig.desiredSize"]
            ),
        )

    def _labels(self, group_id: str) -> dict[str, str]:
        return {**self.tags, "Name": f"{self.name}-{group_id}"}


def spread(size: PoolSize, zones: Sequence[str]) -> Mapping[str, PoolSize]:
    """Share a pool's nodes out over zones: sums are kept, no two zones differ by more than one, earlier zones get more.

    A zone whose share of the maximum is nothing is left out, because EKS asks for a maximum of at least one.
    """

    def share(total: int, place: int) -> int:
        return total // len(zones) + (1 if place < total % len(zones) else 0)

    shares = {
        zone: (share(size.min, place), share(size.desired, place), share(size.max, place))
        for place, zone in enumerate(zones)
    }
    return {zone: PoolSize(min=least, desired=desired, max=most) for zone, (least, desired, most) in shares.items() if most}
