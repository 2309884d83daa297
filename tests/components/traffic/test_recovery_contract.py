"""What recovery reads is what the traffic components plan: names, types and settings of every front (FO-3, FLT-001)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import config
from components.traffic.args import AnycastArgs, Backing, Endpoint, NamesArgs
from components.traffic.aws_anycast import AwsAnycast
from components.traffic.aws_names import AwsNames
from components.traffic.azure_anycast import AzureAnycast
from components.traffic.azure_names import AzureNames
from components.traffic.gcp_anycast import GcpAnycast
from components.traffic.gcp_names import GcpNames
from config.loader import load
from config.model import Cloud, EnvironmentName, Location, Mechanism, Scenario
from nautilus.federation.front import endpoints, fronts
from nautilus.federation.loss import sites
from nautilus.federation.planned import Plan, Planned
from nautilus.federation.recovery import Recoveries, Verdict
from tests.components.conftest import Recording
from tests.components.gcp_front import OUTPUTS as GCP_OUTPUTS
from tests.components.traffic.aws_traffic import OUTPUTS

CATALOGUE = load(config.root())
PROD = EnvironmentName.PROD
ANYCAST = {Cloud.AWS: AwsAnycast, Cloud.GCP: GcpAnycast, Cloud.AZURE: AzureAnycast}
NAMES = {Cloud.AWS: AwsNames, Cloud.GCP: GcpNames, Cloud.AZURE: AzureNames}
HOMES = {Cloud.AWS: "aws/us-east-1", Cloud.GCP: "gcp/us-central1", Cloud.AZURE: "azure/eastus2"}


def build() -> None:
    """Declare every anycast balancer and every name of production, as the federation stack has them."""
    made = {name: anycast(name, members) for name, members in endpoints(CATALOGUE).items()}
    for cloud, names in NAMES.items():
        names(
            f"names-{cloud}",
            NamesArgs(
                domain=f"prod.{CATALOGUE.traffic.domains[cloud]}",
                account=CATALOGUE.environments[PROD].accounts["us"][cloud],
                location=CATALOGUE.locations[HOMES[cloud]],
                fronts={front.id: front for front in fronts(CATALOGUE, PROD)},
                endpoints=made,
                regions={name: endpoint.location.region for name, endpoint in made.items()},
                probe=CATALOGUE.traffic.names[cloud],
                health_path=CATALOGUE.traffic.health_path,
                ttl_s=CATALOGUE.traffic.ttl_s,
                labels={},
                deletion_protection=False,
            ),
        )


def anycast(name: str, members: tuple[str, ...]) -> Endpoint:
    jurisdiction, _, word = name.rpartition("-")
    cloud = Cloud(word)
    facts = {"balancer": "arn:balancer", "frontend": "frontend", "address": "192.0.2.1"}
    groups = {f"{service}-0": "group" for service in CATALOGUE.traffic.classes}
    backings = {
        member: Backing(placement=member, location=place(member), share=1.0, entry=groups if cloud is Cloud.GCP else facts)
        for member in members
    }
    made: Any = ANYCAST[cloud](
        f"{jurisdiction}-anycast-{cloud}",
        AnycastArgs(
            jurisdiction=jurisdiction,
            account=CATALOGUE.environments[PROD].accounts[jurisdiction][cloud],
            classes=CATALOGUE.traffic.classes,
            backings=backings,
            probe=CATALOGUE.traffic.anycast[cloud],
            affinity=True,
            enabled=True,
            labels={},
            deletion_protection=False,
        ),
    )
    found: Endpoint = made.endpoint
    return found


def place(placement: str) -> Location:
    return CATALOGUE.locations[sites(CATALOGUE)[placement].location]


@pytest.fixture(scope="module")
def planned(record: Callable[..., Recording]) -> tuple[Planned, ...]:
    recording = record(build, {**GCP_OUTPUTS, **OUTPUTS})
    stack = f"{PROD}-federation"
    return tuple(
        Planned(
            urn=f"urn:pulumi:{stack}::nautilus::{one.type}::{one.name}",
            type=one.type,
            name=one.name,
            stack=stack,
            inputs=one.inputs,
        )
        for one in recording.registered
    )


def test_every_record_check_and_balancer_is_found_under_its_name(planned: tuple[Planned, ...]) -> None:
    recoveries = Recoveries(Plan(planned), CATALOGUE, PROD)
    chains = [
        outcome.chain
        for scenario in (Scenario.REGION, Scenario.PROVIDER, Scenario.TRADING)
        for outcome in recoveries.of(scenario)
        if outcome.chain is not None
    ]
    assert {chain.by for chain in chains} >= {Mechanism.AWS_NAMES, Mechanism.GCP_NAMES, Mechanism.AZURE_NAMES}
    missing = {stage.subject for chain in chains for stage in chain.stages if stage.says == "not planned"}
    assert missing == set()


def test_settings_are_the_catalogue_s(planned: tuple[Planned, ...]) -> None:
    recoveries = Recoveries(Plan(planned), CATALOGUE, PROD)
    said = {
        (outcome.chain.by, stage.says)
        for outcome in recoveries.of(Scenario.PROVIDER)
        if outcome.chain is not None
        for stage in outcome.chain.stages
        if stage.says.startswith(("every", "TTL"))
    }
    for mechanism, cloud in ((Mechanism.GCP_NAMES, Cloud.GCP), (Mechanism.AZURE_NAMES, Cloud.AZURE)):
        probe = CATALOGUE.traffic.names[cloud]
        assert (mechanism, f"TTL {CATALOGUE.traffic.ttl_s} s") in said
        assert any(by == mechanism and says.startswith(f"every {probe.interval_s} s, ") for by, says in said)


def test_the_resumption_reads_the_zone_s_own_record(planned: tuple[Planned, ...]) -> None:
    recoveries = Recoveries(Plan(planned), CATALOGUE, PROD)
    kept = {
        outcome.provider: outcome.chain.dominant.subject
        for outcome in recoveries.of(Scenario.REGULATORY_HALT)
        if outcome.chain is not None
    }
    assert kept["aws"] == "the engine"


def test_what_is_planned_between_placements_misses_no_target(planned: tuple[Planned, ...]) -> None:
    recoveries = Recoveries(Plan(planned), CATALOGUE, PROD)
    looked = (Scenario.REGION, Scenario.PROVIDER, Scenario.TRADING, Scenario.BREACH_HALT, Scenario.REGULATORY_HALT)
    outcomes = [outcome for scenario in looked for outcome in recoveries.of(scenario)]
    assert {outcome.scenario for outcome in outcomes} == set(looked)
    missed = {(one.loss, one.front, one.provider, one.rto_s) for one in outcomes if one.verdict is Verdict.MISSED}
    assert missed == set()
