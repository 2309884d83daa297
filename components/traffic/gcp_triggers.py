"""What watches one placement on Google Cloud and whom it tells: a topic and an alarm a trigger (FO-2, KEY-1)."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.provider import gcp_names
from components.traffic.args import TriggersArgs
from components.traffic.gcp_conditions import COUNTED, MINUTE, LogEntry, Threshold, counted, entries, thresholds

ENTRY_METRICS = ("groups",)
"""What `TriggersArgs.entry_ids` has to hold: what the names of the entry's groups have in common."""

GATEWAY_METRICS = ("vpn_gateway",)
"""What `TriggersArgs.gateway_ids` has to hold: the VPN gateway's id."""

RETENTION_S = 7 * 24 * 60 * 60
"""How long the topic keeps what it was told, in seconds, so that a subscriber that was down can read it again."""

LOG_ALARM_PERIOD = "300s"
"""How often an alarm on log entries may tell at most."""

AUTO_CLOSE = "1800s"
"""After how long without data an incident is closed; Cloud Monitoring takes no less."""

_PUBSUB = "serviceAccount:service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com"
_NOTIFIER = "serviceAccount:service-{number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
"""Who keeps messages under the key, and who tells of incidents (IAM documentation, "Service agents", 2026-11)."""


class GcpTriggers(pulumi.ComponentResource):
    """One topic that keeps its messages in the placement's region under its key, and alarms that publish to it.

    Guarantees that every trigger of FO-2 that the cloud sees has one alarm with FO-2's figure (`gcp_conditions` says which
    and what the metrics cannot see), that Cloud Monitoring and nobody else may publish by way of an alarm, and that
    Pub/Sub refuses to take or give messages outside the region. Alarms come after a minute or more: Cloud Monitoring aligns
    by 60 s and metrics arrive up to 210 s late. They tell people and the failover plan; what moves clients within seconds
    is the balancer's own health check. A manual trigger is a message that an operator publishes to the topic. It subscribes
    nobody. Alarm policies, counted metrics and incidents are kept by project, in no region, and hold names and figures.
    """

    def __init__(self, name: str, args: TriggersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make topic and alarms. Raises ValueError for an account without a project number, KeyError without a gateway."""
        super().__init__("nautilus:traffic:GcpTriggers", name, None, opts)
        if args.account.number is None:
            raise ValueError(f"GCP project {args.account.id} has no number: give `number` in the environment's accounts")
        self._args = args
        self._own = pulumi.ResourceOptions(parent=self)
        self.topic = self._topic(name, args.account.number)
        self._channel = gcp.monitoring.NotificationChannel(
            f"{name}-channel",
            project=args.account.id,
            display_name=f"{name} topic",
            type="pubsub",
            enabled=True,
            labels={"topic": self.topic.id},
            user_labels=dict(for_gcp(args.labels)),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._publisher]),
        )
        self._alarms(name)
        self.register_outputs({"topic": self.topic.id})

    def _topic(self, name: str, number: str) -> gcp.pubsub.Topic:
        grant = gcp.kms.CryptoKeyIAMMember(
            f"{name}-topic-key",
            crypto_key_id=self._args.topic_key,
            role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
            member=_PUBSUB.format(number=number),
            opts=self._own,
        )
        topic = gcp.pubsub.Topic(
            f"{name}-topic",
            name=gcp_names.short(f"{name}-topic", 255),
            project=self._args.account.id,
            kms_key_name=self._args.topic_key,
            message_retention_duration=f"{RETENTION_S}s",
            message_storage_policy=gcp.pubsub.TopicMessageStoragePolicyArgs(
                allowed_persistence_regions=[self._args.location.region], enforce_in_transit=True
            ),
            labels=dict(for_gcp(self._args.labels)),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[grant]),
        )
        self._publisher = gcp.pubsub.TopicIAMMember(
            f"{name}-publisher",
            project=self._args.account.id,
            topic=topic.name,
            role="roles/pubsub.publisher",
            member=_NOTIFIER.format(number=number),
            opts=self._own,
        )
        return topic

    def _alarms(self, name: str) -> None:
        metrics = self._metrics(name)
        region = self._args.location.region
        for trigger, conditions in thresholds(region, metrics["connections"], metrics["errors"]).items():
            self._alarm(f"{name}-{trigger}", [self._threshold(condition) for condition in conditions])
        for trigger, entry in entries(region).items():
            self._alarm(f"{name}-{trigger}", [_matched(entry)], of_logs=True)

    def _metrics(self, name: str) -> Mapping[str, str]:
        """Make the counted metrics and give their names by role."""
        groups = pulumi.Output.from_input(self._args.entry_ids[ENTRY_METRICS[0]]).apply(counted)
        names = {role: gcp_names.short(f"{name}-{role}", 100) for role in ("connections", "errors")}
        self._counted = [
            gcp.logging.Metric(
                f"{name}-{role}-count",
                name=physical,
                project=self._args.account.id,
                description=COUNTED[role],
                filter=groups[role],
                metric_descriptor=gcp.logging.MetricMetricDescriptorArgs(metric_kind="DELTA", value_type="INT64", unit="1"),
                opts=self._own,
            )
            for role, physical in names.items()
        ]
        return names

    def _threshold(self, condition: Threshold) -> gcp.monitoring.AlertPolicyConditionArgs:
        filters: pulumi.Input[str] = condition.filter
        if condition.of_gateway:
            gateway = pulumi.Output.from_input(self._args.gateway_ids[GATEWAY_METRICS[0]])
            filters = gateway.apply(
                lambda found: f'{condition.filter} AND metric.labels.gateway_name="{found.rpartition("/")[2]}"'
            )
        aggregation = gcp.monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
            alignment_period=MINUTE, per_series_aligner=condition.aligner, cross_series_reducer=condition.reducer
        )
        denominator = gcp.monitoring.AlertPolicyConditionConditionThresholdDenominatorAggregationArgs(
            alignment_period=MINUTE, per_series_aligner=condition.aligner, cross_series_reducer=condition.reducer
        )
        return gcp.monitoring.AlertPolicyConditionArgs(
            display_name=condition.says,
            condition_threshold=gcp.monitoring.AlertPolicyConditionConditionThresholdArgs(
                filter=filters,
                aggregations=[aggregation],
                denominator_filter=condition.over,
                denominator_aggregations=[denominator] if condition.over else None,
                comparison="COMPARISON_GT" if condition.above else "COMPARISON_LT",
                threshold_value=condition.value,
                duration=MINUTE,
            ),
        )

    def _alarm(self, name: str, conditions: list[gcp.monitoring.AlertPolicyConditionArgs], *, of_logs: bool = False) -> None:
        limit = gcp.monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(period=LOG_ALARM_PERIOD)
        gcp.monitoring.AlertPolicy(
            name,
            project=self._args.account.id,
            display_name=name,
            combiner="OR",
            enabled=True,
            severity="CRITICAL",
            conditions=conditions,
            notification_channels=[self._channel.id],
            # Asked of alarms on log entries, refused for others.
            alert_strategy=gcp.monitoring.AlertPolicyAlertStrategyArgs(
                auto_close=AUTO_CLOSE, notification_rate_limit=limit if of_logs else None
            ),
            user_labels=dict(for_gcp(self._args.labels)),
            # A condition names a counted metric by text; Cloud Monitoring refuses one that is not there.
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._counted),
        )


def _matched(entry: LogEntry) -> gcp.monitoring.AlertPolicyConditionArgs:
    return gcp.monitoring.AlertPolicyConditionArgs(
        display_name=entry.says,
        condition_matched_log=gcp.monitoring.AlertPolicyConditionConditionMatchedLogArgs(filter=entry.filter),
    )
