"""What keys a placement has, whatever the cloud (KEY-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.model import Account, KeyRules, Location


class Purpose(StrEnum):
    """What a key protects. One key a purpose, so that losing or destroying one touches nothing else."""

    CLUSTER = "cluster"
    """The envelope of the Kubernetes secrets."""
    VOLUMES = "volumes"
    """Node disks and persistent volumes."""
    LOGS = "logs"
    """Control-plane and flow logs."""
    DATA = "data"
    """Databases, caches, queues and object stores."""


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """The keys of one placement, in one location.

    `purposes` are the keys to make. `rules` come from the jurisdiction. `labels` are Nautilus' labels, which each cloud's
    file spells as that cloud allows. `deletion_protection` is the environment's.
    """

    location: Location
    account: Account
    rules: KeyRules
    purposes: tuple[Purpose, ...]
    labels: Mapping[str, str]
    deletion_protection: bool
