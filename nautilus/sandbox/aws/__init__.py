"""AWS offline: real resources in moto where moto tells the truth, calls checked against AWS's service models elsewhere.

Guarantees that what AWS would refuse is refused here too, as far as the tables beside this file say, and that a
restart fills moto again from the ledger with the same ids. Does not talk to AWS: no client of this package leaves the
process.
"""

from __future__ import annotations

from typing import Final

from nautilus.sandbox.aws import (
    accelerator,
    access,
    acl,
    alarms,
    compute,
    customer_gateway,
    directconnect,
    directconnect_session,
    dns_check,
    dns_record,
    dns_signing,
    dns_zone,
    eks,
    elb,
    elb_targets,
    endpoints,
    firewall,
    gateway,
    iam,
    identity_provider,
    kms,
    local_zone,
    log_policy,
    managed_policy,
    node_group,
    peering,
    routing,
    storage,
    topics,
    transit,
    transit_routing,
    vpc,
    vpn,
)
from nautilus.sandbox.aws.account import configure
from nautilus.sandbox.aws.replay import start, stop
from nautilus.sandbox.handler import Package

_NETWORK: Final = (local_zone, vpc, gateway, routing, firewall, acl, endpoints)
_BACKBONE: Final = (transit, transit_routing, customer_gateway, vpn, peering, directconnect, directconnect_session)
_TRAFFIC: Final = (elb_targets, elb, accelerator, dns_zone, dns_check, dns_record, dns_signing, topics, alarms)
_RIGHTS: Final = (kms, iam, managed_policy, identity_provider, log_policy)
_MACHINES: Final = (storage, compute, eks, node_group, access)

ROWS: Final = tuple(row for table in (*_NETWORK, *_BACKBONE, *_TRAFFIC, *_RIGHTS, *_MACHINES) for row in table.ROWS)

PACKAGE: Final = Package(
    name="aws",
    sdk="pulumi_aws",
    configure=configure,
    handlers=tuple(row.handler() for row in ROWS),
    start=start,
    stop=stop,
)
