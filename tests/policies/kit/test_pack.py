from __future__ import annotations

import importlib
from pathlib import Path

import pulumi_policy
import pytest
import yaml
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2

import policies.rules
from policies.kit import pack as kit_pack
from policies.kit import registry
from policies.kit.finding import parse
from policies.kit.pack import policies as policies_of
from policies.kit.registry import Pack, rules
from tests.policies.analyzer import servicer

RULES = Path(policies.rules.__file__).parent
PACKS = RULES.parent / "packs"
PREFIXES = ("require_", "forbid_", "restrict_")


REGISTERED = {
    Pack.JURISDICTION: ["jurisdiction-resources", "jurisdiction-stack"],
    Pack.EXPOSURE: ["exposure-resources"],
    Pack.RESILIENCE: ["resilience-resources", "resilience-stack"],
}
HOLDS = {
    Pack.JURISDICTION: [
        *(f"RES-{number:03}" for number in range(1, 11)),
        *(f"KEY-{number:03}" for number in range(1, 10)),
        "REP-007",
        "REP-008",
    ],
    Pack.EXPOSURE: ["NET-008", "NET-010"],
    Pack.RESILIENCE: [f"FLT-{number:03}" for number in range(1, 9)],
}


@pytest.mark.parametrize("pack", Pack)
def test_few_policies_are_registered_and_all_are_mandatory(pack: Pack) -> None:
    made = policies_of(pack)
    assert [policy.name for policy in made] == REGISTERED[pack]
    assert {policy.enforcement_level for policy in made} == {pulumi_policy.EnforcementLevel.MANDATORY}
    info = servicer(pack).GetAnalyzerInfo(empty_pb2.Empty(), None)
    assert {policy.enforcementLevel for policy in info.policies} == {analyzer_pb2.MANDATORY}


def test_every_rule_file_is_listed_and_holds_one_rule() -> None:
    files = {path for path in RULES.glob("*/*.py") if path.name.startswith(PREFIXES)}
    written = {importlib.import_module(f"policies.rules.{path.parent.name}.{path.stem}").RULE.id for path in files}
    listed = [rule.id for pack in Pack for rule in rules(pack)]
    assert len(files) == len(written) == len(listed)
    assert written == set(listed)


@pytest.mark.parametrize("pack", Pack)
def test_a_pack_holds_the_rules_of_the_catalogue(pack: Pack) -> None:
    assert [rule.id for rule in rules(pack)] == HOLDS[pack]


def test_a_rule_id_used_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    first = rules(Pack.JURISDICTION)[0]
    monkeypatch.setattr(registry, "_RULES", {Pack.JURISDICTION: (first, first)})
    registry._checked.cache_clear()
    with pytest.raises(ValueError, match="used twice: RES-001"):
        rules(Pack.JURISDICTION)
    monkeypatch.undo()
    registry._checked.cache_clear()


@pytest.mark.parametrize("pack", Pack)
def test_every_pack_has_a_folder_the_engine_can_load(pack: Pack) -> None:
    project = yaml.safe_load((PACKS / pack / "PulumiPolicy.yaml").read_text())
    assert project["runtime"]["name"] == "python"
    assert (PACKS / pack / project["runtime"]["options"]["virtualenv"]).resolve() == RULES.parents[1] / ".venv"
    assert f"serve(Pack.{pack.name})" in (PACKS / pack / "__main__.py").read_text()


@pytest.mark.parametrize("pack", Pack)
def test_serving_marks_secrets_and_hands_over_the_policies(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    served: dict[str, object] = {}
    monkeypatch.setattr(kit_pack, "PolicyPack", lambda **arguments: served.update(arguments))
    kit_pack.serve(pack)
    assert served["name"] == str(pack)
    assert served["enforcement_level"] is pulumi_policy.EnforcementLevel.MANDATORY


def test_what_cannot_be_read_does_not_pass() -> None:
    struct = struct_pb2.Struct()
    struct.update({"name": "x"})
    request = analyzer_pb2.AnalyzeRequest(type="aws:ec2/vpc:Vpc", urn="not a urn", name="x", properties=struct)
    found = [one for diagnostic in servicer().Analyze(request, None).diagnostics for one in parse(diagnostic.message)]
    assert {one.rule for one in found} >= {"RES-001", "RES-002"}
