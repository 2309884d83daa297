"""`nautilus route` shows path, floor, expected round trip, budget and law, and refuses what means nothing (NET-1…4)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nautilus.cli.exits import ExitCode
from nautilus.cli.main import main
from nautilus.cli.project import REPOSITORY
from tests.fixtures.catalogues import copied


def run(capsys: pytest.CaptureFixture[str], *words: str, root: Path = REPOSITORY) -> tuple[int, str, str]:
    code = main(["route", *words, "-C", str(root)])
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), err


@pytest.fixture(autouse=True)
def _leaves_the_root_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what the command exports, so that no test reads another one's catalogue."""
    monkeypatch.setenv("NAUTILUS_ROOT", str(REPOSITORY))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with a catalogue of its own, free to change."""
    (tmp_path / "Pulumi.yaml").write_text((REPOSITORY / "Pulumi.yaml").read_text())
    return copied(tmp_path)


def test_a_route_of_one_leg(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "asia-se-1", "asia-south-1")
    assert code == ExitCode.FINE
    assert "path: nautilus-enterprise-asia-se-1 → nautilus-enterprise-asia-south-1" in out
    assert "floor: 39.0 ms along the path, 39.0 ms direct" in out
    assert "expected: 58 to 59 ms, P95" in out
    assert "budget: 75 ms: met" in out
    assert "rbi-2018" in out
    assert "not legal advice" in out


def test_a_refusal_in_transit_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "asia-ne-1", "eu-central-1")
    assert code == ExitCode.FINE
    assert "P95 summed over the legs" in out
    assert "whose gateway could read" in out.replace("│ │ │ │ ", "")


def test_what_was_not_measured_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "eu-west-1", "eu-north-1")
    assert code == ExitCode.FINE
    assert "expected: not measured" in out
    assert "budget: 75 ms: unknown" in out


def test_a_missed_budget_ends_with_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "config/catalogue/backbone.yaml"
    text = file.read_text()
    assert "    budget_ms: 90\n" in text
    file.write_text(text.replace("    budget_ms: 90\n", "    budget_ms: 75\n", 1))
    code, out, err = run(capsys, "us-east-1", "uk-south-1", root=root)
    assert code == ExitCode.FAILED, err
    assert "expected: 80 ms, P95" in out
    assert "budget: 75 ms: missed" in out


def test_a_budget_below_the_floor_ends_with_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "config/catalogue/backbone.yaml"
    text = file.read_text()
    place = text.index("  asia-ne-au-east:")
    file.write_text(text[:place] + text[place:].replace("budget_ms: 120", "budget_ms: 75", 1))
    code, _, err = run(capsys, "asia-ne-1", "au-east-1", root=root)
    assert code == ExitCode.BAD_CATALOGUE
    assert "at least 78.3 ms: the floor from Tokyo to Sydney" in err


def test_no_route_ends_with_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "config/catalogue/backbone.yaml"
    backbone = yaml.safe_load(file.read_text())
    for name in ("us-east-analytics-aws", "us-central-analytics-gcp"):
        del backbone["routes"][name]
    file.write_text(yaml.safe_dump(backbone))
    code, _, err = run(capsys, "us-east-1", "analytics-global-1", root=root)
    assert code == ExitCode.FAILED, err
    assert "no route joins us-east-1 and analytics-global-1" in err
    assert "fix: add one to config/catalogue/backbone.yaml" in err


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("us-esat-1", "us-west-1", "'us-esat-1' names no single end of a route"),
        ("aws", "us-west-1", "nautilus-edge-global-east-1-aws"),
        ("us-east-1", "nautilus-enterprise-us-east-1", "are the same place"),
        ("edge-global-east-1", "edge-global-east-1-gcp", "are the same place"),
    ],
)
def test_a_name_that_means_nothing_or_the_same_ends_with_64(
    here: str, there: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, here, there)
    assert code == ExitCode.USAGE
    assert said in err
