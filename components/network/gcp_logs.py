"""Where the logs of one thing go on Google Cloud: a regional, encrypted bucket, and nowhere else (AUD-1, KEY-1, RES-010)."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.provider import gcp_names
from config.model import Account, Location


@dataclass(frozen=True, kw_only=True)
class LogHomeArgs:
    """What is kept and where. `condition` is a Cloud Logging filter; `retention_days` 1 to 3650; `key` a crypto key id."""

    location: Location
    account: Account
    condition: str
    key: pulumi.Input[str]
    retention_days: int
    deletion_protection: bool


class GcpLogHome(pulumi.ComponentResource):
    """A log bucket in the location's region, a sink that fills it and an exclusion that keeps `_Default` from a copy.

    Guarantees that entries which match rest in the region under the placement's key; the project's `_Default` bucket is
    global. Sink and bucket share the project, so no writer needs a grant. It does not move admin-activity audit logs:
    Google keeps them in the project's `_Required` bucket, whose place an organisation sets. The bucket is not locked.
    """

    def __init__(self, name: str, args: LogHomeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket first; the exclusion only once the sink keeps the entries."""
        super().__init__("nautilus:network:GcpLogHome", name, None, opts)
        bucket_id = gcp_names.short(name, 100)
        self.bucket = gcp.logging.ProjectBucketConfig(
            f"{name}-bucket",
            project=args.account.id,
            location=args.location.region,
            bucket_id=bucket_id,
            description=f"Logs of {name}",
            retention_days=args.retention_days,
            cmek_settings={"kms_key_name": args.key},
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        self.sink = gcp.logging.ProjectSink(
            f"{name}-sink",
            name=gcp_names.short(f"{name}-sink", 100),
            project=args.account.id,
            destination=gcp_names.log_bucket(args.account.id, args.location.region, bucket_id),
            filter=args.condition,
            unique_writer_identity=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.bucket]),
        )
        self.exclusion = gcp.logging.ProjectExclusion(
            f"{name}-exclusion",
            name=gcp_names.short(f"{name}-exclusion", 100),
            project=args.account.id,
            description="Kept in the region instead",
            filter=args.condition,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.sink]),
        )
        self.register_outputs({"bucket": self.bucket.id})
