"""What Azure refuses of balancers and global addresses; each case changes one thing of what is fine."""

from __future__ import annotations

import re

import pytest

from tests.sandbox.azure.front_end import GLOBAL, NETWORK, OWN, PROBE, REGIONAL, RULE, changed, front_end, problems

REFUSED: tuple[tuple[str, str, object, str], ...] = (
    ("regional", "location", "atlantis", "location: LocationNotAvailableForResourceType"),
    ("regional", "loadBalancerName", "two.", "loadBalancerName: InvalidResourceName"),
    ("regional", "sku.name", "Basic", "sku.name: BasicSkuRetired"),
    ("regional", "frontendIPConfigurations", [], "LoadBalancerFrontendIPConfigurationsMissing"),
    ("regional", "frontendIPConfigurations.0.publicIPAddress.id", f"{NETWORK}/publicIPAddresses/none", "ResourceNotFound"),
    (
        "regional",
        "frontendIPConfigurations.0.publicIPAddress.id",
        f"{NETWORK}/publicIPAddresses/taken",
        "InUse: .*/regional",
    ),
    ("regional", "frontendIPConfigurations.0.publicIPAddress.id", f"{NETWORK}/publicIPAddresses/global", "TierMismatch"),
    ("regional", "frontendIPConfigurations.0.publicIPAddress", None, "a frontend has a public address or a subnet"),
    ("regional", "probes", [PROBE, PROBE], "two of them have one name"),
    ("regional", "probes.0.intervalInSeconds", 4, "InvalidProbeInterval: 4 s; the least is 5"),
    ("regional", "probes.0.probeThreshold", 101, "InvalidProbeThreshold: 101; it takes 1 to 100"),
    ("regional", "probes.0.port", 0, "InvalidPort: 0"),
    ("regional", "probes.0.requestPath", "/healthz", "a TCP probe has none"),
    ("regional", "probes.0.protocol", "Http", "an HTTP probe needs a path"),
    ("regional", "loadBalancingRules.0.probe.id", f"{OWN}/probes/other", "InvalidResourceReference"),
    (
        "regional",
        "loadBalancingRules.0.backendAddressPool.id",
        f"{REGIONAL}/backendAddressPools/targets",
        "is no part of this",
    ),
    ("regional", "loadBalancingRules.0.frontendIPConfiguration", None, "MustReferenceFrontend"),
    ("regional", "loadBalancingRules", [RULE, {**RULE, "name": "two"}], "RulesUseSameFrontendPort: 8443"),
    ("regional", "loadBalancingRules.0.idleTimeoutInMinutes", 31, "InvalidIdleTimeout: 31 minutes; it takes 4 to 30"),
    ("regional", "loadBalancingRules.0.backendPort", 70000, "InvalidPort: 70000"),
    (
        "regional",
        "backendAddressPools.0.loadBalancerBackendAddresses",
        GLOBAL["backendAddressPools"][0]["loadBalancerBackendAddresses"],
        "only a global balancer leads to other balancers",
    ),
    ("global", "location", "japaneast", "GlobalTierNotSupportedInRegion: japaneast; home regions are centralus"),
    ("global", "probes", [PROBE], "GlobalLoadBalancerProbesNotSupported"),
    ("global", "loadBalancingRules.0.protocol", "Udp", "GlobalLoadBalancerProtocolNotSupported: Udp"),
    ("global", "outboundRules", [{"name": "out"}], "GlobalLoadBalancerOutboundRulesNotSupported"),
    ("global", "frontendIPConfigurations.0", {"name": "public", "subnet": {"id": "s"}}, "MustBePublic"),
    ("address", "location", "australiaeast", "GlobalTierNotSupportedInRegion: australiaeast"),
    ("address", "zones", ["1"], "GlobalPublicIPAddressZonesNotSupported"),
    ("address", "sku.name", "StandardV2", "the Global tier needs the Standard SKU"),
    ("address", "publicIPAllocationMethod", "Dynamic", "MustBeStatic"),
    ("address", "ddosSettings", {"ddosProtectionPlan": {"id": "plan"}}, "DdosProtectionPlanNotAllowed"),
)


@pytest.mark.parametrize(("name", "path", "value", "says"), REFUSED)
def test_refuses(name: str, path: str, value: object, says: str) -> None:
    assert re.search(says, problems(name, path, value))


@pytest.mark.parametrize(
    ("frontend", "says"),
    [
        (f"{REGIONAL}/frontendIPConfigurations/other", "has no frontend other"),
        (f"{NETWORK}/loadBalancers/none/frontendIPConfigurations/public", "ResourceNotFound"),
        (f"{NETWORK}/loadBalancers/inside/frontendIPConfigurations/public", "InternalLoadBalancerNotSupported"),
        (f"{NETWORK}/loadBalancers/abroad/frontendIPConfigurations/public", "RegionNotSupported: a balancer in westus3"),
        (f"{NETWORK}/loadBalancers/top/frontendIPConfigurations/public", "cannot stand behind another"),
        (REGIONAL, "is not the id of a balancer's frontend"),
    ],
)
def test_refuses_what_cannot_stand_behind_a_global_balancer(frontend: str, says: str) -> None:
    made = front_end()
    for name, region, tier in (("abroad", "westus3", "Regional"), ("top", "uksouth", "Global")):
        made.make(
            "network:LoadBalancer",
            resourceGroupName="rg",
            loadBalancerName=name,
            location=region,
            sku={"name": "Standard", "tier": tier},
            frontendIPConfigurations=[{"name": "public", "publicIPAddress": {"id": name}}],
        )
    path = "backendAddressPools.0.loadBalancerBackendAddresses.0.loadBalancerFrontendIPConfiguration.id"
    found = "\n".join(made.problems("network:LoadBalancer", changed(GLOBAL, path, frontend)))
    assert says in found


def test_refuses_one_entry_twice_behind_a_global_balancer() -> None:
    path = "backendAddressPools.0.loadBalancerBackendAddresses"
    (member,) = GLOBAL["backendAddressPools"][0]["loadBalancerBackendAddresses"]
    found = front_end().problems("network:LoadBalancer", changed(GLOBAL, path, [member, {**member, "name": "two"}]))
    assert [one for one in found if "DuplicateBackendAddress" in one]
