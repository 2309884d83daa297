"""One placement of the real catalogue as a program of its own; the environment says which."""

from __future__ import annotations

import os

import pulumi

from components.placement import Placement
from config import loader, root
from config.model import EnvironmentName, Group
from nautilus.federation.front import served
from nautilus.federation.link import gateway
from nautilus.federation.plan import placements

_CATALOGUE = loader.load(root())
_ENVIRONMENT = EnvironmentName(os.environ["ONE_ENVIRONMENT"])

for group in Group:
    for plan in placements(_CATALOGUE, _ENVIRONMENT, group):
        if plan.name == os.environ["ONE_PLACEMENT"]:
            built = Placement(plan.name, plan, gateway(_CATALOGUE, plan), served(_CATALOGUE, plan))
            pulumi.export("cluster", built.cluster.cluster_id)
            pulumi.export("certificate", built.cluster.certificate_authority)
