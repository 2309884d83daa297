"""How each cloud builds its part of global traffic; importing no other cloud's SDK than the one asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import pulumi

from components.traffic.args import AnycastArgs, Endpoint, NamesArgs
from config.model import Cloud


class Anycast(Protocol):
    """What every cloud's anycast balancer gives: where names may point."""

    endpoint: Endpoint


@dataclass(frozen=True, kw_only=True)
class Builders:
    """One cloud's part in global traffic; the callables have the same shape on every cloud.

    `entry_ids` gives the keys of an entry's facts from its classes and zones alone. `query_logs` says that the provider of
    names keeps query logs under a key of ours.
    """

    entry: Callable[..., Any]
    triggers: Callable[..., Any]
    anycast: Callable[[str, AnycastArgs, pulumi.ResourceOptions], Anycast]
    names: Callable[[str, NamesArgs, pulumi.ResourceOptions], Any]
    entry_ids: Callable[[Iterable[str], Iterable[str]], tuple[str, ...]]
    query_logs: bool


def builders(cloud: Cloud) -> Builders:
    """Give the builders of a cloud."""
    match cloud:
        case Cloud.AWS:
            from components.traffic import aws_anycast, aws_entry, aws_names, aws_triggers  # noqa: PLC0415 - as said above

            return Builders(
                entry=aws_entry.AwsEntry,
                triggers=aws_triggers.AwsTriggers,
                anycast=aws_anycast.AwsAnycast,
                names=aws_names.AwsNames,
                entry_ids=_always(aws_entry.ENTRY_IDS),
                query_logs=True,
            )
        case Cloud.GCP:
            from components.traffic import gcp_anycast, gcp_entry, gcp_names, gcp_triggers  # noqa: PLC0415 - as said above

            return Builders(
                entry=gcp_entry.GcpEntry,
                triggers=gcp_triggers.GcpTriggers,
                anycast=gcp_anycast.GcpAnycast,
                names=gcp_names.GcpNames,
                entry_ids=gcp_entry.entry_ids,
                query_logs=True,
            )
        case Cloud.AZURE:
            from components.traffic import (  # noqa: PLC0415 - as said above
                azure_anycast,
                azure_entry,
                azure_names,
                azure_triggers,
            )

            return Builders(
                entry=azure_entry.AzureEntry,
                triggers=azure_triggers.AzureTriggers,
                anycast=azure_anycast.AzureAnycast,
                names=azure_names.AzureNames,
                entry_ids=_always(azure_entry.ENTRY_IDS),
                query_logs=False,
            )


def _always(ids: tuple[str, ...]) -> Callable[[Iterable[str], Iterable[str]], tuple[str, ...]]:
    def give(classes: Iterable[str], zones: Iterable[str]) -> tuple[str, ...]:
        del classes, zones
        return ids

    return give
