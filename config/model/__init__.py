"""The catalogue's models, one idea a file; import them from here."""

from config.model.base import Clause, Cloud, DataClass, Group, Id, LocationId, Model, Source
from config.model.catalogue import Catalogue
from config.model.cluster import Cluster, Placement, Role
from config.model.environment import Account, Environment, EnvironmentName, PoolSize, StateHome
from config.model.jurisdiction import Jurisdiction, KeyProtection, KeyRules, Residency
from config.model.kubernetes import KubernetesRelease, KubernetesSupport
from config.model.location import Location
from config.model.node_pool import NodePool, Taint, Tuning
from config.model.route import (
    Averages,
    Backbone,
    Encryption,
    Medium,
    Path,
    Percentile,
    QosClass,
    RoundTrip,
    Route,
    RouteKind,
    Site,
)

__all__ = [
    "Account",
    "Averages",
    "Backbone",
    "Catalogue",
    "Clause",
    "Cloud",
    "Cluster",
    "DataClass",
    "Encryption",
    "Environment",
    "EnvironmentName",
    "Group",
    "Id",
    "Jurisdiction",
    "KeyProtection",
    "KeyRules",
    "KubernetesRelease",
    "KubernetesSupport",
    "Location",
    "LocationId",
    "Medium",
    "Model",
    "NodePool",
    "Path",
    "Percentile",
    "Placement",
    "PoolSize",
    "QosClass",
    "Residency",
    "Role",
    "RoundTrip",
    "Route",
    "RouteKind",
    "Site",
    "Source",
    "StateHome",
    "Taint",
    "Tuning",
]
