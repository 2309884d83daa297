"""What a node is told when it starts."""

from __future__ import annotations

import base64
import json
from email import message_from_string
from typing import Any

import pytest

from components.cluster.aws_node_config import kernel_parameters, user_data
from config.model import Tuning


def parts(tuning: Tuning) -> dict[str, Any]:
    message = message_from_string(base64.b64decode(user_data(tuning)).decode())
    assert message.is_multipart()
    return {part.get_content_type(): part.get_payload() for part in message.get_payload()}


def test_an_untuned_node_runs_no_script() -> None:
    assert list(parts(Tuning())) == ["application/node.eks.aws"]


def test_node_config_is_what_nodeadm_reads() -> None:
    config = json.loads(parts(Tuning(cpu_manager_static=True, topology_single_numa=True))["application/node.eks.aws"])
    assert config["apiVersion"] == "node.eks.aws/v1alpha1"
    assert config["spec"]["kubelet"]["config"] == {
        "maxPods": 110,
        "cpuManagerPolicy": "static",
        "cpuManagerPolicyOptions": {"full-pcpus-only": "true"},
        "topologyManagerPolicy": "single-numa-node",
        "topologyManagerScope": "pod",
    }


def test_huge_pages_and_parameters_are_set_before_the_kubelet_starts() -> None:
    script = parts(Tuning(huge_pages_2mi=4096, sysctls={"net.core.somaxconn": "16384"}))["text/x-shellscript"]
    assert "net.core.somaxconn = 16384\nvm.nr_hugepages = 4096\nEOF\n" in script
    assert script.startswith("#!/bin/bash\nset -euo pipefail\n")


def test_the_same_tuning_gives_the_same_text() -> None:
    one = Tuning(sysctls={"net.core.rmem_max": "1", "net.core.wmem_max": "2"})
    other = Tuning(sysctls={"net.core.wmem_max": "2", "net.core.rmem_max": "1"})
    assert user_data(one) == user_data(other)


@pytest.mark.parametrize("key", ["", "somaxconn", "net.core.x; reboot", "net/core", "$(id).x", "Net.core"])
def test_a_name_that_is_no_kernel_parameter_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not the name of a kernel parameter"):
        kernel_parameters(Tuning(sysctls={key: "1"}))


@pytest.mark.parametrize("value", ["", "1\nEOF\nreboot", "$(id)", "1;2", "a  b"])
def test_a_value_a_shell_could_take_for_more_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="use letters, digits, dots, hyphens and single blanks"):
        kernel_parameters(Tuning(sysctls={"net.core.somaxconn": value}))
