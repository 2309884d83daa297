"""Azure in the sandbox: azure-native's types, Azure Resource Manager's ids, and its rules as data.

Fidelity: `typed`. Inputs are checked against the SDK's types by the core; the rules here are data and code of ours, written
from Microsoft's documentation, and not its published interface description. There is no emulator: what is made is a
row of the ledger. Not modelled: quotas, which region offers which machine, and the name that a deleted vault keeps.
"""

from __future__ import annotations

from nautilus.sandbox.azure.provider import configure
from nautilus.sandbox.azure.table import HANDLERS
from nautilus.sandbox.handler import Package

PACKAGE = Package(name="azure-native", sdk="pulumi_azure_native", configure=configure, handlers=HANDLERS)
