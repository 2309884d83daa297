"""What watches one placement on AWS and whom it tells (FO-2, HALT-1).

Guarantees a notification topic under the placement's own key, which takes messages from this account's alarms and events
only, and the triggers that AWS can see: three minutes in a row with a target that failed its checks, more than 5 % of
connections reset by targets, more than 90 % of the connections that targets can take, a backbone over which nothing arrives,
and maintenance that AWS Health announces. A manual failover is told at the topic; nobody watches for it.

A Network Load Balancer measures no latency, so that nothing here sees 100 ms: the mesh does, at every call. Nor does it see
how busy nodes are; the cluster's own monitoring does. CloudWatch has a balancer's figures each minute: these alarms tell
people and plans, they are not what moves traffic within seconds. Who is subscribed to the topic is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.provider import aws_names as names
from components.provider.aws_policy import allow, document_output
from components.traffic.args import TriggersArgs
from components.traffic.aws_entry import BALANCER_METRIC, TARGETS_METRIC

PERIOD_S: Final = 60
"""How often a balancer and a transit gateway report (CloudWatch metrics of both, user guides)."""

CHECKS_IN_A_ROW: Final = 3
ERRORS_PERCENT: Final = 5
LOAD_PERCENT: Final = 90
"""FO-2's figures."""

TARGET_CONNECTIONS: Final = 55_000
"""What one target takes at a time without the client's address preserved (Network Load Balancers, "Client IP
preservation")."""

GATEWAY_ID: Final = "transit-gateway"
ATTACHMENT_ID: Final = "vpc-attachment"
"""Keys of the gateway's ids that are the dimensions TransitGateway and TransitGatewayAttachment; without both there is no
alarm for a partition."""

_BALANCERS: Final = "AWS/NetworkELB"
_GATEWAYS: Final = "AWS/TransitGateway"
_MOST_TARGETS: Final = 8
"""Target groups of one alarm beside the balancer: an alarm takes ten metrics and expressions (PutMetricAlarm)."""

Query = aws.cloudwatch.MetricAlarmMetricQueryArgs
Metric = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs


class AwsTriggers(pulumi.ComponentResource):
    """The topic and the alarms; `topic` is the topic's ARN, known once it takes messages."""

    topic: pulumi.Output[str]

    def __init__(self, name: str, args: TriggersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:traffic:AwsTriggers", name, None, opts)
        self._name, self._args, self._tags = name, args, spelling.for_aws(args.labels)
        self._here = pulumi.ResourceOptions(parent=self)
        self._topic = aws.sns.Topic(
            f"{name}-topic",
            name=f"{name}-topic",
            display_name=f"Failover triggers of {name}",
            kms_master_key_id=args.topic_key,
            tags={**self._tags, "Name": f"{name}-topic"},
            opts=self._here,
        )
        policy = self._admit()
        self.topic = pulumi.Output.all(self._topic.arn, policy.id).apply(lambda known: str(known[0]))
        self._checks()
        self._errors()
        self._load()
        self._partition()
        self._maintenance()
        self.register_outputs({"topic": self.topic})

    def _admit(self) -> aws.sns.TopicPolicy:
        own = {"StringEquals": {"aws:SourceAccount": self._args.account.id}}
        return aws.sns.TopicPolicy(
            f"{self._name}-topic-policy",
            arn=self._topic.arn,
            policy=document_output(
                allow(
                    "Tell",
                    ("sns:Publish",),
                    resources=(self._topic.arn,),
                    principals={"Service": (names.principal("cloudwatch"),)},
                    conditions=own,
                ),
                # EventBridge is denied by a topic policy that has a condition for it (EventBridge user guide, "Using
                # resource-based policies"); what it may tell is the rule's to say.
                allow(
                    "TellOfMaintenance",
                    ("sns:Publish",),
                    resources=(self._topic.arn,),
                    principals={"Service": (names.principal("events"),)},
                ),
                allow(
                    "TellByHand",
                    ("sns:Publish",),
                    resources=(self._topic.arn,),
                    principals={"AWS": (self._args.account.administrators, self._args.account.deployer)},
                ),
            ),
            opts=self._here,
        )

    def _targets(self) -> Mapping[str, pulumi.Input[str]]:
        """Give the target groups' dimensions by class."""
        found = {
            key.removeprefix(TARGETS_METRIC): self._args.entry_ids[key]
            for key in sorted(self._args.entry_ids)
            if key.startswith(TARGETS_METRIC)
        }
        if not found or BALANCER_METRIC not in self._args.entry_ids:
            raise ValueError(f"{self._name}: the entry gave no balancer or no targets to watch")
        return found

    def _checks(self) -> None:
        """One alarm for a class: which one is down decides what has to move."""
        for key, group in self._targets().items():
            self._alarm(
                f"checks-{key}",
                f"Targets of {key} fail their health checks",
                (self._of_balancer("failing", "UnHealthyHostCount", "Maximum", group, returned=True),),
                threshold=0,
                periods=CHECKS_IN_A_ROW,
            )

    def _errors(self) -> None:
        self._alarm(
            "errors",
            f"More than {ERRORS_PERCENT} % of connections are reset by targets",
            (
                self._of_balancer("resets", "TCP_Target_Reset_Count", "Sum"),
                self._of_balancer("flows", "NewFlowCount", "Sum"),
                Query(id="errors", label="errors %", expression="IF(flows > 0, 100 * resets / flows, 0)", return_data=True),
            ),
            threshold=ERRORS_PERCENT,
            periods=1,
        )

    def _load(self) -> None:
        groups = list(self._targets().values())
        if len(groups) > _MOST_TARGETS:
            raise ValueError(f"{self._name}: {len(groups)} service classes, but one alarm can look at {_MOST_TARGETS} only")
        healthy = [f"healthy{number}" for number in range(len(groups))]
        hosts = " + ".join(f"FILL({one}, 0)" for one in healthy)
        load = f"IF({hosts} > 0, 100 * flows / ({TARGET_CONNECTIONS} * ({hosts})), 0)"
        self._alarm(
            "load",
            f"More than {LOAD_PERCENT} % of the connections that healthy targets take",
            (
                self._of_balancer("flows", "ActiveFlowCount", "Maximum"),
                *(
                    self._of_balancer(one, "HealthyHostCount", "Minimum", group)
                    for one, group in zip(healthy, groups, strict=True)
                ),
                Query(id="load", label="load %", expression=load, return_data=True),
            ),
            threshold=LOAD_PERCENT,
            periods=1,
        )

    def _partition(self) -> None:
        """The meshes ask each other all the time: a minute in which nothing arrives is no quiet minute."""
        gateway, attachment = (self._args.gateway_ids.get(key) for key in (GATEWAY_ID, ATTACHMENT_ID))
        if gateway is None or attachment is None:
            return
        arriving = Query(
            id="arriving",
            return_data=True,
            metric=Metric(
                namespace=_GATEWAYS,
                # Out of the transit gateway, into the VPC.
                metric_name="BytesOut",
                period=PERIOD_S,
                stat="Sum",
                dimensions={"TransitGateway": gateway, "TransitGatewayAttachment": attachment},
            ),
        )
        self._alarm(
            "partition",
            "Nothing arrives over the backbone",
            (arriving,),
            threshold=1,
            periods=CHECKS_IN_A_ROW,
            below=True,
            missing="breaching",
        )

    def _maintenance(self) -> None:
        rule = aws.cloudwatch.EventRule(
            f"{self._name}-maintenance",
            name=f"{self._name}-maintenance",
            description="Maintenance and incidents that AWS Health announces",
            event_pattern=pulumi.Output.json_dumps(
                {
                    "source": ["aws.health"],
                    "detail-type": ["AWS Health Event"],
                    "detail": {"eventTypeCategory": ["issue", "scheduledChange"]},
                },
                sort_keys=True,
            ),
            state="ENABLED",
            tags={**self._tags, "Name": f"{self._name}-maintenance"},
            opts=self._here,
        )
        aws.cloudwatch.EventTarget(
            f"{self._name}-maintenance-told",
            rule=rule.name,
            target_id="topic",
            arn=self.topic,
            opts=self._here,
        )

    def _of_balancer(
        self,
        query: str,
        metric: str,
        stat: str,
        group: pulumi.Input[str] | None = None,
        *,
        returned: bool = False,
    ) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
        dimensions: dict[str, pulumi.Input[str]] = {"LoadBalancer": self._args.entry_ids[BALANCER_METRIC]}
        if group is not None:
            dimensions["TargetGroup"] = group
        return Query(
            id=query,
            return_data=returned,
            metric=Metric(namespace=_BALANCERS, metric_name=metric, period=PERIOD_S, stat=stat, dimensions=dimensions),
        )

    def _alarm(
        self,
        role: str,
        says: str,
        queries: Sequence[aws.cloudwatch.MetricAlarmMetricQueryArgs],
        *,
        threshold: float,
        periods: int,
        below: bool = False,
        missing: str = "notBreaching",
    ) -> None:
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-{role}",
            name=f"{self._name}-{role}",
            alarm_description=says,
            comparison_operator="LessThanThreshold" if below else "GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=periods,
            datapoints_to_alarm=periods,
            metric_queries=list(queries),
            treat_missing_data=missing,
            actions_enabled=True,
            alarm_actions=[self.topic],
            ok_actions=[self.topic],
            tags={**self._tags, "Name": f"{self._name}-{role}"},
            opts=self._here,
        )
