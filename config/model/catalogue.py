"""The whole catalogue in one frozen value, as every reader of it sees it."""

from __future__ import annotations

from config.model.base import Id, LocationId, Model
from config.model.cluster import Cluster
from config.model.edge import Edge
from config.model.environment import Environment, EnvironmentName
from config.model.jurisdiction import Jurisdiction
from config.model.kubernetes import KubernetesSupport
from config.model.location import Location
from config.model.node_pool import NodePool
from config.model.operation import Operation
from config.model.recovery import Recovery
from config.model.route import Backbone
from config.model.traffic import Traffic


class Catalogue(Model):
    """Everything the federation is. Maps are keyed by the ids of what they hold."""

    jurisdictions: dict[Id, Jurisdiction]
    locations: dict[LocationId, Location]
    clusters: dict[Id, Cluster]
    node_pools: dict[Id, NodePool]
    environments: dict[EnvironmentName, Environment]
    kubernetes: KubernetesSupport
    backbone: Backbone
    traffic: Traffic
    operations: dict[EnvironmentName, Operation]
    recovery: Recovery
    edge: Edge
