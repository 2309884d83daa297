"""Pub/Sub: topics, where their messages may rest, and who may publish.

Source: the API's own description (pubsub v1, Topic).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import address, digest, items, known
from nautilus.sandbox.gcp.places import REGIONS
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

TOPIC: Final = "gcp:pubsub/topic:Topic"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9._~+%-]{2,254}")


def _topic(request: Request) -> Iterator[Problem]:
    name = known(request, "name")
    if isinstance(name, str) and (not _NAME.fullmatch(name) or name.startswith("goog")):
        yield Problem(path="name", reason=f"{name} is not 3 to 255 letters, digits and -._~+%, a letter first, goog not")
    yield from rules.duration_s(
        "messageRetentionDuration", known(request, "messageRetentionDuration"), 600, 31 * rules.DAY_S
    )
    yield from rules.key(request, "kmsKeyName", known(request, "kmsKeyName"), None, agent="@gcp-sa-pubsub.")
    where = known(request, "messageStoragePolicy")
    if not isinstance(where, Mapping):
        return
    regions = where.get("allowedPersistenceRegions")
    if regions is not UNKNOWN and not regions:
        yield Problem(path="messageStoragePolicy.allowedPersistenceRegions", reason="at least one region must be allowed")
    for index, region in enumerate(items(regions)):
        if isinstance(region, str) and region not in REGIONS:
            path = f"messageStoragePolicy.allowedPersistenceRegions[{index}]"
            yield Problem(path=path, reason=f"region {region} does not exist")


def topic_link(request: Request) -> str:
    """Give the link of the topic that a membership is of, whether it was named or linked."""
    topic = str(request.inputs["topic"])
    return topic if "/" in topic else f"projects/{address(request)['project']}/topics/{topic}"


def _on_topic(request: Request) -> Iterator[Problem]:
    if not request.preview:
        yield from rules.exists(request, "topic", topic_link(request), "topic")


ROWS: Final = (
    Row(
        type=TOPIC,
        schema="pubsub.v1:Topic",
        id="projects/{project}/topics/{name}",
        replace_on="name project",
        rules=(_topic,),
        labels="labels",
    ),
    Row(
        type="gcp:pubsub/topicIAMMember:TopicIAMMember",
        id=lambda request: f"{topic_link(request)}/{request.inputs['role']}/{request.inputs['member']}",
        replace_on="project topic role member condition",
        rules=(rules.member, _on_topic),
        outputs=lambda request, _made: {"etag": digest(request.seed, 12)},
        defaults="project",
        shared=True,
    ),
)
