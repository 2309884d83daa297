"""An environment: its accounts, address block, sizes and budget (CLU-5)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from config.model.base import Cloud, Id, Model


class EnvironmentName(StrEnum):
    """The three environments."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class PoolSize(Model):
    """Bounds of a node pool, in nodes over all zones; `desired` is where it starts."""

    min: int = Field(ge=0)
    desired: int = Field(ge=0)
    max: int = Field(ge=1)


class Account(Model):
    """Where resources of one jurisdiction live in one cloud.

    `id` is the AWS account (12 digits), the GCP project or the Azure subscription (UUID). `tenant` is the Azure tenant
    (UUID). `number` is the GCP project's number. `deployer` is the AWS role, GCP service account or Azure object id that
    deploys; `administrators` administers keys and is another principal of the same account.
    """

    id: str
    deployer: str
    administrators: str
    tenant: str | None = None
    number: str | None = None


class StateHome(Model):
    """Where a stack's state and secrets live: a backend URL and a secrets provider URL, both inside one jurisdiction."""

    jurisdiction: Id
    backend: str
    secrets_provider: str


class Environment(Model):
    """One environment.

    `node_block` is the /10 that holds every placement's node range. `sizes` is keyed by a node pool's `sizing`.
    `accounts` is keyed by jurisdiction, then cloud. `state` is keyed by stack group (`americas` … `federation`).
    Budget in US dollars a month and cluster. `dedicated_ports` says whether the leased ports of dedicated routes are built;
    without them those routes have their tunnels alone.
    """

    id: EnvironmentName
    node_block: str
    deletion_protection: bool
    log_retention_days: int = Field(ge=1)
    nat_per_zone: bool
    dedicated_ports: bool
    sizes: dict[Id, PoolSize]
    accounts: dict[Id, dict[Cloud, Account]]
    state: dict[Id, StateHome]
    monthly_budget_usd: int = Field(ge=1)
