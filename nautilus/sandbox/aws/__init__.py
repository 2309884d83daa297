"""AWS offline: real resources in moto where moto tells the truth, calls checked against AWS's service models elsewhere.

Guarantees that what AWS would refuse is refused here too, as far as the tables beside this file say, and that a
restart fills moto again from the ledger with the same ids. Does not talk to AWS: no client of this package leaves the
process.
"""

from __future__ import annotations

from typing import Final

from nautilus.sandbox.aws import access, compute, eks, endpoints, firewall, iam, kms, routing, storage, vpc
from nautilus.sandbox.aws.account import configure
from nautilus.sandbox.aws.replay import start, stop
from nautilus.sandbox.handler import Package

ROWS: Final = tuple(
    row for table in (vpc, routing, firewall, endpoints, storage, kms, iam, compute, eks, access) for row in table.ROWS
)

PACKAGE: Final = Package(
    name="aws",
    sdk="pulumi_aws",
    configure=configure,
    handlers=tuple(row.handler() for row in ROWS),
    start=start,
    stop=stop,
)
