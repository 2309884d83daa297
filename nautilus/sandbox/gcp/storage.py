"""Where logs and objects rest: Cloud Logging's buckets, sinks and exclusions, and Cloud Storage buckets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import STORAGE, address, known, number
from nautilus.sandbox.gcp.places import BUCKET_WIDE, LOG_WIDE, REGIONS
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import Problem, Request

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_CLASSES: Final = frozenset(
    {"STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"}
)
_DESTINATION: Final = re.compile(
    r"logging\.googleapis\.com/(projects/[^/]+(/locations/[^/]+/buckets/[^/]+)?)|storage\.googleapis\.com/[^/]+"
    r"|bigquery\.googleapis\.com/projects/[^/]+/datasets/[^/]+|pubsub\.googleapis\.com/projects/[^/]+/topics/[^/]+"
)


def _log_bucket(request: Request) -> Iterator[Problem]:
    place, name = known(request, "location"), known(request, "bucketId")
    if isinstance(place, str) and place not in REGIONS | LOG_WIDE:
        yield Problem(path="location", reason=f"Cloud Logging has no location {place}")
    if isinstance(name, str) and not _ID.fullmatch(name):
        yield Problem(path="bucketId", reason=f"{name} is not 1 to 100 letters, digits, _, - and .")
    yield from rules.within("retentionDays", known(request, "retentionDays"), 1, 3650)
    cmek = known(request, "cmekSettings")
    if isinstance(cmek, Mapping):
        if place == "global":
            yield Problem(path="cmekSettings", reason="a global log bucket cannot have a customer-managed key")
        home = place if isinstance(place, str) else None
        yield from rules.key(request, "cmekSettings.kmsKeyName", cmek.get("kmsKeyName"), home, agent="@gcp-sa-logging.")


def _id(request: Request) -> Iterator[Problem]:
    name = known(request, "name")
    if isinstance(name, str) and not _ID.fullmatch(name):
        yield Problem(path="name", reason=f"{name} is not 1 to 100 letters, digits, _, - and .")


def filter_text(request: Request) -> Iterator[Problem]:
    """Refuse a log filter whose quotes or brackets do not match."""
    text = known(request, "filter")
    if not isinstance(text, str):
        return
    outside = re.sub(r'"(\\.|[^"\\])*"', "", text)
    if '"' in outside or outside.count("(") != outside.count(")"):
        yield Problem(path="filter", reason="quotes or brackets do not match")


def _sink(request: Request) -> Iterator[Problem]:
    target = known(request, "destination")
    if not isinstance(target, str):
        return
    if not _DESTINATION.fullmatch(target):
        yield Problem(path="destination", reason=f"{target} is not a bucket, topic, dataset or project as sinks name it")
    elif "/buckets/" in target and f"/{address(request)['project']}/" in target:
        yield from rules.exists(request, "destination", target.removeprefix("logging.googleapis.com/"), "log bucket")


def _bucket(request: Request) -> Iterator[Problem]:
    name, place = known(request, "name"), known(request, "location")
    if isinstance(name, str) and (not _BUCKET.fullmatch(name) or name.startswith("goog")):
        yield Problem(path="name", reason=f"{name} is not 3 to 63 lower-case letters, digits, -, _ and .")
    if isinstance(place, str) and place.lower() not in REGIONS | BUCKET_WIDE:
        yield Problem(path="location", reason=f"Cloud Storage has no location {place}")
    kind = known(request, "storageClass")
    if isinstance(kind, str) and kind not in _CLASSES:
        yield Problem(path="storageClass", reason=f"{kind} is not one of {', '.join(sorted(_CLASSES))}")
    lock = known(request, "retentionPolicy")
    versions = known(request, "versioning")
    if isinstance(lock, Mapping):
        period = lock.get("retentionPeriod")
        if isinstance(period, (int, str)) and not 1 <= int(period) <= 100 * 365 * rules.DAY_S:
            yield Problem(path="retentionPolicy.retentionPeriod", reason=f"{period} is outside 1 second to 100 years")
        if isinstance(versions, Mapping) and versions.get("enabled") is True:
            yield Problem(path="versioning.enabled", reason="a bucket with a retention policy cannot keep versions")
    encryption = known(request, "encryption")
    if isinstance(encryption, Mapping):
        home = place.lower() if isinstance(place, str) else None
        path, link = "encryption.defaultKmsKeyName", encryption.get("defaultKmsKeyName")
        yield from rules.key(request, path, link, home, agent="@gs-project-accounts.")


def _log_bucket_outputs(_request: Request, made: str) -> Mapping[str, Any]:
    return {"name": made, "lifecycleState": "ACTIVE"}


def _bucket_outputs(request: Request, made: str) -> Mapping[str, Any]:
    return {
        "selfLink": STORAGE + made,
        "url": f"gs://{made}",
        "projectNumber": int(number(address(request)["project"])[:12]),
        "timeCreated": CREATED,
        "updated": CREATED,
    }


ROWS: Final = (
    Row(
        type="gcp:logging/projectBucketConfig:ProjectBucketConfig",
        schema="logging.v2:LogBucket",
        id="projects/{project}/locations/{location}/buckets/{bucketId}",
        replace_on="project location bucketId",
        rules=(_log_bucket,),
        outputs=_log_bucket_outputs,
        defaults="",
    ),
    Row(
        type="gcp:logging/projectSink:ProjectSink",
        schema="logging.v2:LogSink",
        id="projects/{project}/sinks/{name}",
        replace_on="name project uniqueWriterIdentity customWriterIdentity",
        rules=(_id, filter_text, _sink),
        # A sink to a log bucket of its own project writes as the project itself.
        outputs=lambda _request, _made: {"writerIdentity": ""},
    ),
    Row(
        type="gcp:logging/projectExclusion:ProjectExclusion",
        schema="logging.v2:LogExclusion",
        id="projects/{project}/exclusions/{name}",
        replace_on="name project",
        rules=(_id, filter_text),
    ),
    Row(
        type="gcp:storage/bucket:Bucket",
        schema="storage.v1:Bucket",
        id="{name}",
        replace_on="name project location customPlacementConfig enableObjectRetention hierarchicalNamespace",
        rules=(_bucket,),
        outputs=_bucket_outputs,
        labels="labels",
    ),
)
