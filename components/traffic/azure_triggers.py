"""What watches one Azure placement for the triggers of a failover, and whom it tells (FO-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import monitor, resources

from components import labels
from components.provider.azure_resource import physical
from components.traffic.args import TriggersArgs

_READERS: Final = "749f88d5-cbae-40b8-bcfc-e573ddc772fa"
"""The built-in role Monitoring Contributor: whoever holds it in the subscription is told by mail (Azure built-in roles)."""

_SHORT_NAME: Final = 12
"""The longest short name of an action group."""


@dataclass(frozen=True, kw_only=True)
class _Alarm:
    """A metric over one minute; `split` is the dimension that each series has of its own."""

    metric: str
    namespace: str
    below: float | None = None
    above: float | None = None
    split: str | None = None
    severity: int
    says: str


_BALANCER: Final = "Microsoft.Network/loadBalancers"
HEALTH: Final = _Alarm(
    metric="DipAvailability",
    namespace=_BALANCER,
    below=80,  # three of twelve failed leave 75 %, two leave 83 %
    split="BackendIPAddress",
    severity=0,
    says="A node failed three of the twelve checks of a minute.",
)
ERRORS: Final = _Alarm(
    metric="VipAvailability",
    namespace=_BALANCER,
    below=95,
    severity=0,
    says="More than 5 % of Azure's own connections to the front end failed.",
)
LOAD: Final = _Alarm(
    metric="node_cpu_usage_percentage",
    namespace="Microsoft.ContainerService/managedClusters",
    above=90,
    severity=1,
    says="The nodes are more than 90 % busy.",
)
PARTITION: Final = _Alarm(
    metric="BgpPeerStatus",
    namespace="Microsoft.Network/vpnGateways",
    below=0.25,  # of a link's two instances one holds the session, which is 0.5; none is 0
    split="BgpPeerAddress",
    severity=0,
    says="A session with another placement is down.",
)


class AzureTriggers(pulumi.ComponentResource):
    """An action group of a placement, and an alarm for each trigger of FO-2 that Azure can see.

    Guarantees an alarm within a minute or two of: a node that failed three checks (of the 5 s probe: 3 of 12 a minute, the
    metric being a share and no count of failures in a row); more than 5 % of Azure's own connections to the front end
    failing; a session of the backbone down; nodes above 90 % load; and of maintenance that Azure plans in the subscription.
    A manual failover is told to the action group: `topic` is its id. It cannot see latency above 100 ms or an application's
    errors: a pass-through balancer measures neither, so that the mesh's own metrics have to. An action group keeps no
    message and knows no customer key: `topic_key` has nothing to encrypt here, and a message holds ids and figures, no
    customer data.
    """

    topic: pulumi.Output[str]

    alarms: Mapping[str, monitor.MetricAlert]
    """Trigger to its alarm: `health`, `errors`, `load` and `partition`."""

    def __init__(self, name: str, args: TriggersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make them. Raises ValueError for entry ids without a `balancer`, or gateway ids without a gateway."""
        super().__init__("nautilus:traffic:AzureTriggers", name, None, opts)
        if "balancer" not in args.entry_ids:
            raise ValueError(f"triggers {name}: entry ids without `balancer`; give the entry's metric_ids")
        self._name = name
        self._tags = labels.for_azure(args.labels)
        self._child = pulumi.ResourceOptions(parent=self)
        self._group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=args.location.region,
            tags=self._tags,
            opts=self._child,
        ).name
        self._topic = monitor.ActionGroup(
            f"{name}-topic",
            action_group_name=physical(f"ag-{name}", 260),
            resource_group_name=self._group,
            location="global",
            group_short_name=physical(name, _SHORT_NAME),
            enabled=True,
            arm_role_receivers=[
                monitor.ArmRoleReceiverArgs(name="monitoring", role_id=_READERS, use_common_alert_schema=True)
            ],
            tags=self._tags,
            opts=self._child,
        )
        self.topic = self._topic.id
        watched = {
            "health": (HEALTH, args.entry_ids["balancer"]),
            "errors": (ERRORS, args.entry_ids["balancer"]),
            "load": (LOAD, args.cluster_id),
            "partition": (PARTITION, _gateway(args)),
        }
        self.alarms = MappingProxyType({key: self._watch(key, alarm, on) for key, (alarm, on) in watched.items()})
        self._announce(args.account.id)
        self.register_outputs({"topic": self.topic})

    def _watch(self, trigger: str, alarm: _Alarm, on: pulumi.Input[str]) -> monitor.MetricAlert:
        split = [monitor.MetricDimensionArgs(name=alarm.split, operator="Include", values=["*"])] if alarm.split else None
        return monitor.MetricAlert(
            f"{self._name}-{trigger}-alarm",
            rule_name=physical(f"{self._name}-{trigger}", 260),
            resource_group_name=self._group,
            location="global",
            description=alarm.says,
            enabled=True,
            severity=alarm.severity,
            scopes=[on],
            target_resource_type=alarm.namespace,
            evaluation_frequency="PT1M",
            window_size="PT1M",
            auto_mitigate=True,
            criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                all_of=[
                    monitor.MetricCriteriaArgs(
                        criterion_type="StaticThresholdCriterion",
                        name=trigger,
                        metric_namespace=alarm.namespace,
                        metric_name=alarm.metric,
                        operator="LessThan" if alarm.above is None else "GreaterThan",
                        threshold=_threshold(alarm),
                        time_aggregation="Average",
                        dimensions=split,
                    )
                ],
            ),
            actions=[monitor.MetricAlertActionArgs(action_group_id=self.topic)],
            tags=self._tags,
            opts=self._child,
        )

    def _announce(self, subscription: str) -> None:
        """Tell of maintenance that Azure plans for anything in the subscription."""
        conditions = {"category": "ServiceHealth", "properties.incidentType": "Maintenance"}
        monitor.ActivityLogAlert(
            f"{self._name}-maintenance-alarm",
            activity_log_alert_name=physical(f"{self._name}-maintenance", 260),
            resource_group_name=self._group,
            location="global",
            description="Azure announces planned maintenance.",
            enabled=True,
            scopes=[f"/subscriptions/{subscription}"],
            condition=monitor.AlertRuleAllOfConditionArgs(
                all_of=[
                    monitor.AlertRuleAnyOfOrLeafConditionArgs(field=field, equals=value)
                    for field, value in conditions.items()
                ]
            ),
            actions=monitor.ActionListArgs(action_groups=[monitor.ActionGroupArgs(action_group_id=self.topic)]),
            tags=self._tags,
            opts=self._child,
        )


def _gateway(args: TriggersArgs) -> pulumi.Output[str]:
    """Give the id of the gateway whose sessions are watched: what was handed over are names."""
    missing = [key for key in ("group", "vpn-gateway") if key not in args.gateway_ids]
    if missing:
        raise ValueError(f"triggers at {args.location.id}: gateway ids without {', '.join(missing)}; give the gateway's ids")
    return pulumi.Output.concat(
        f"/subscriptions/{args.account.id}/resourceGroups/",
        args.gateway_ids["group"],
        "/providers/Microsoft.Network/vpnGateways/",
        args.gateway_ids["vpn-gateway"],
    )


def _threshold(alarm: _Alarm) -> float:
    found = alarm.above if alarm.above is not None else alarm.below
    if found is None:
        raise ValueError(f"alarm on {alarm.metric}: it has no threshold")
    return found
