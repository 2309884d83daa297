"""The names of all fronts at Route 53 (DNS-1, DNS-2, AUD-1, KEY-1).

Guarantees a public zone that is signed (DNSSEC) with a key of its own, health checks of every endpoint that a record leads
to, each front's records after its algorithm, and, where a key for them is given, query logs.

Route 53 has its control plane, the signing key and query logs in us-east-1 and nowhere else; a zone holds names and public
addresses, no customer data. The parent domain delegates to `name_servers` and publishes the DS record in `delegation`; both
are its registrar's matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.network.aws_log_group import log_group
from components.provider import aws_names as names
from components.provider.aws_policy import allow, document
from components.traffic.args import NamesArgs
from components.traffic.aws_checks import Checks
from components.traffic.aws_records import Place, Tree
from components.traffic.aws_signing import signing_key

HOME: Final = "us-east-1"
"""The only region for the key that signs a zone and for its query logs (Route 53 Developer Guide)."""

_SOA_TIMES: Final = "1 7200 900 1209600"
"""Serial, refresh, retry and expiry as Route 53 sets them; no secondary server reads them."""

_SOA_MAILBOX: Final = "awsdns-hostmaster.amazon.com."


class AwsNames(pulumi.ComponentResource):
    """The zone and what is in it.

    `name_servers` are what the parent domain delegates to, `delegation` is its DS record; `zone_id` is for certificates.
    """

    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[list[str]]
    delegation: pulumi.Output[str]

    def __init__(self, name: str, args: NamesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:traffic:AwsNames", name, None, opts)
        if args.location.region != HOME:
            raise ValueError(f"{name}: Route 53 signs and logs in {HOME} only, not in {args.location.region}")
        tags = {**spelling.for_aws(args.labels), "Name": name}
        zone = self._zone(name, args, tags)
        self.delegation = self._sign(name, args, zone, tags)
        if args.log_key is not None:
            self._log(name, args, args.log_key, zone, tags)
        place = Place(name=name, args=args, zone=zone, checks=Checks(name, args, tags, self), parent=self)
        for front in sorted(args.fronts.values(), key=lambda one: one.id):
            Tree(front, place)
        self.zone_id = zone.zone_id
        self.name_servers = zone.name_servers.apply(list)
        self.register_outputs({"zone_id": self.zone_id, "delegation": self.delegation})

    def _zone(self, name: str, args: NamesArgs, tags: Mapping[str, str]) -> aws.route53.Zone:
        zone = aws.route53.Zone(
            f"{name}-zone",
            name=args.domain,
            comment="Names of the federation's fronts",
            force_destroy=False,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        # How long "no such address" is kept: a halted front must be found again as soon as it serves (HALT-1), and Route 53
        # begins with 900 s. A zone keeps its SOA record to the end, so that it is never deleted by itself.
        aws.route53.Record(
            f"{name}-soa-record",
            zone_id=zone.zone_id,
            name=args.domain,
            type="SOA",
            ttl=args.ttl_s,
            records=[pulumi.Output.concat(zone.primary_name_server, f". {_SOA_MAILBOX} {_SOA_TIMES} {args.ttl_s}")],
            allow_overwrite=True,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        return zone

    def _sign(self, name: str, args: NamesArgs, zone: aws.route53.Zone, tags: Mapping[str, str]) -> pulumi.Output[str]:
        key = signing_key(f"{name}-signing", args, tags, self)
        signer = aws.route53.KeySigningKey(
            f"{name}-signer",
            hosted_zone_id=zone.zone_id,
            key_management_service_arn=key.arn,
            name="nautilus",
            status="ACTIVE",
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.route53.HostedZoneDnsSec(
            f"{name}-signature",
            hosted_zone_id=signer.hosted_zone_id,
            signing_status="SIGNING",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[signer]),
        )
        return signer.ds_record

    def _log(
        self, name: str, args: NamesArgs, key: pulumi.Input[str], zone: aws.route53.Zone, tags: Mapping[str, str]
    ) -> None:
        path = f"/aws/route53/{args.domain}"
        group = log_group(
            f"{name}-queries",
            path=path,
            key=key,
            wanted_days=args.log_retention_days,
            tags=tags,
            protected=args.deletion_protection,
            parent=self,
        )
        policy = aws.cloudwatch.LogResourcePolicy(
            f"{name}-queries-policy",
            policy_name=f"{name}-queries",
            policy_document=document(
                allow(
                    "WriteQueries",
                    ("logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=(names.arn(args.location, args.account, "logs", f"log-group:{path}:*"),),
                    principals={"Service": (names.principal("route53"),)},
                    conditions={"StringEquals": {"aws:SourceAccount": args.account.id}},
                )
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.route53.QueryLog(
            f"{name}-query-log",
            zone_id=zone.zone_id,
            cloudwatch_log_group_arn=group.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
