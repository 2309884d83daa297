from __future__ import annotations

from pathlib import Path

import pytest

import config
from policies import reference
from policies.kit.registry import Pack, rules


def test_the_page_is_fresh_and_names_every_rule() -> None:
    assert reference.main(["--check"]) == 0
    page = (config.root() / reference.FOLDER / "rules.md").read_text()
    assert [rule.id for pack in Pack for rule in rules(pack) if f"| {rule.id} |" not in page] == []


def test_a_stale_page_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(config, "root", lambda: tmp_path)
    assert reference.main(["--check"]) == 1
    assert "rules.md is stale" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
