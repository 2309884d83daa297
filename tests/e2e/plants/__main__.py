"""The real program with one planted violation, run by the real engine (`nautilus:plant` in the stack's configuration)."""

from __future__ import annotations

import asyncio
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi

import config
import stacks
from components.provider.aws import provider
from config.loader import load
from config.model import Cloud, EnvironmentName

sys.path.insert(0, str(Path(__file__).parent))

from plants import PLANTS, Marker, Plant  # the folder is the program: the engine runs it by path

plant = next(plant for plant in PLANTS if plant.name == pulumi.Config("nautilus").require("plant"))


def unknown() -> pulumi.Output[Any]:
    """Give an output that no preview can know."""

    def settled(value: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_event_loop().create_future()
        future.set_result(value)
        return future

    return pulumi.Output(set(), settled(None), settled(False))


def value_of(value: Any) -> Any:
    """Give what a plant's value stands for."""
    match value:
        case Marker.UNKNOWN:
            return unknown()
        case Marker.ABSENT:
            return None
        case _:
            return value


def violate(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Change the resource that the plant names, or that one of its further changes does."""
    change = next((one for one in plant.changes if (one.type, one.resource) == (args.type_, args.name)), None)
    if change is None:
        return None
    props = {**args.props, **{name: value_of(value) for name, value in change.set.items()}}
    options = args.opts
    if plant.region is not None:
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=moved(plant)))
    return pulumi.ResourceTransformationResult(props=props, opts=options)


def moved(plant: Plant) -> pulumi.ProviderResource:
    """Give a provider of the same jurisdiction's account, pinned to another region: all is right but the place."""
    catalogue = load(config.root())
    location = catalogue.locations[f"aws/{plant.region}"]
    account = catalogue.environments[EnvironmentName.PROD].accounts[str(location.jurisdiction)][Cloud.AWS]
    labels = {"jurisdiction": str(location.jurisdiction)}
    return provider("planted-provider", location, account, labels, pulumi.ResourceOptions())


pulumi.runtime.register_stack_transformation(violate)
if plant.add_dynamic:
    from pulumi.dynamic import CreateResult, Resource, ResourceProvider

    class Nowhere(ResourceProvider):
        """A provider of something that has no place."""

        def create(self, props: dict[str, Any]) -> CreateResult:
            """Give back what came in."""
            return CreateResult(id_="nowhere", outs=props)

    class Thing(Resource):
        """Something that no rule knows a place for."""

    Thing(Nowhere(), "planted", {})

runpy.run_path(str(Path(stacks.__file__).parent / "__main__.py"), run_name="__main__")
