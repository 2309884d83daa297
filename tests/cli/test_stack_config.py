"""Scratch copies of the stacks' configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nautilus.cli.exits import CommandError
from nautilus.cli.stack_config import add, merge, refresh_copy

SOURCE = "config:\n  nautilus:group: emea\n"
SALT = "encryptionsalt: v1:abc\n"


def test_the_copy_keeps_the_salt_that_the_engine_wrote(tmp_path: Path) -> None:
    source, copy = tmp_path / "source.yaml", tmp_path / "deep" / "copy.yaml"
    source.write_text(SOURCE)
    assert refresh_copy(source, copy, keep_source_encryption=False) == copy
    assert copy.read_text() == SOURCE
    copy.write_text(SOURCE + SALT)
    source.write_text(SOURCE.replace("emea", "apac"))
    refresh_copy(source, copy, keep_source_encryption=False)
    assert copy.read_text() == SOURCE.replace("emea", "apac") + SALT
    assert source.read_text() == SOURCE.replace("emea", "apac")
    assert [path.name for path in copy.parent.iterdir()] == ["copy.yaml"]


def test_the_sandbox_drops_the_sources_own_encryption_and_the_real_place_keeps_it() -> None:
    source = SOURCE + "secretsprovider: awskms://alias/x\nencryptedkey: k1\n"
    assert merge(source, SOURCE + SALT, keep_source_encryption=False) == SOURCE + SALT
    assert merge(source, "encryptedkey: old\n", keep_source_encryption=True) == source
    assert merge(SOURCE, "encryptedkey: old\n", keep_source_encryption=True) == SOURCE + "encryptedkey: old\n"


def test_values_below_the_top_level_are_no_encryption_fields() -> None:
    nested = "config:\n  nautilus:note:\n    encryptionsalt: kept\n"
    assert merge(nested, "", keep_source_encryption=False) == nested


@pytest.mark.parametrize("indent", ["  ", "    "])
def test_settings_of_ours_join_the_others(indent: str, tmp_path: Path) -> None:
    source, copy = tmp_path / "source.yaml", tmp_path / "copy.yaml"
    source.write_text(f"# why\nconfig: # ours\n{indent}nautilus:group: federation\n")
    refresh_copy(source, copy, keep_source_encryption=False, settings={"nautilus:contracts": '/a "b"/c: d.json'})
    assert yaml.safe_load(copy.read_text()) == {
        "config": {"nautilus:group": "federation", "nautilus:contracts": '/a "b"/c: d.json'}
    }
    refresh_copy(source, copy, keep_source_encryption=False)
    assert copy.read_text() == source.read_text()


@pytest.mark.parametrize("text", ["", "config: {}\n", "settings:\n  a: b\n"])
def test_a_configuration_without_a_block_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="no `config:` block"):
        add(text, {"nautilus:contracts": "x"})


@pytest.mark.parametrize("name", ["nautilus:contracts", '"nautilus:contracts"'])
def test_a_setting_that_is_ours_to_give_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="sets nautilus:contracts"):
        add(f"{SOURCE}  {name}: elsewhere\n", {"nautilus:contracts": "x"})
