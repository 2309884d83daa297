"""Where a run goes: the offline sandbox, or the real clouds. Both give the engine its environment and their stacks' state.

The sandbox starts itself and takes up what an interrupted run left behind. The real place refuses a shell that is attached
to a sandbox, takes backend and secrets provider of each stack from the catalogue, and never breaks a lock: the holder may be
on another machine.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nautilus.cli import applied, stack_config
from nautilus.cli.engine import Engine, environment
from nautilus.cli.exits import CommandError
from nautilus.cli.project import Project
from nautilus.cli.state import FileBackend, Holder, Snapshot, snapshot
from stacks import handover

if TYPE_CHECKING:
    from config.model.environment import Environment

SANDBOX_MARKS = ("NAUTILUS_SANDBOX", "PULUMI_DEBUG_PROVIDERS")
"""Variables that a sandbox leaves in a shell; with them set the engine would not reach the real clouds."""


NO_SUCH_STACK: Final = "no stack named"
"""What the engine says of a stack that its backend does not hold."""


class Place(ABC):
    """What a run needs of the place it goes to. Safe to use from several threads, one stack each."""

    name: str

    def __init__(self, project: Project, engine: Engine) -> None:
        self.project = project
        self.engine = engine
        self.folder = project.work / self.name

    @abstractmethod
    def start(self) -> None:
        """Make the place ready, or raise CommandError when it must not or cannot be used."""

    @abstractmethod
    def variables(self, stack: str) -> Mapping[str, str]:
        """Return the environment variables of the place for one stack, without the process's own."""

    @abstractmethod
    def initialise(self, stack: str) -> None:
        """Make sure that the stack exists; an existing one is left as it is."""

    @abstractmethod
    def snapshot(self, stack: str) -> Snapshot:
        """Return what the stack's state holds now."""

    @abstractmethod
    def recover(self, stack: str) -> str:
        """Take up what an interrupted run left and say what was done, "" for nothing. Raises CommandError if it cannot."""

    def fidelity(self, stack: str) -> Mapping[str, int]:
        """Return resources of the stack by how truly they are emulated; nothing in the real clouds."""
        del stack
        return {}

    def as_applied(self, stack: str) -> bool:
        """Whether all that decides what an apply does is as it was after the last one; False where nobody can know."""
        del stack
        return False

    def note_applied(self, stack: str) -> None:
        """Remember that what is there now has been applied."""
        del stack

    def environment(self, stack: str) -> dict[str, str]:
        """Return the whole environment of an engine call on the stack."""
        root = {"NAUTILUS_ROOT": str(self.project.root)}
        return environment(os.environ, {**self.variables(stack), **root}, self.engine.executable)

    def config_file(self, stack: str) -> Path:
        """Return the stack's scratch configuration, brought up to date with `config/stacks` and what was handed over."""
        contracts = self._contracts(stack)
        settings = {f"{handover.NAMESPACE}:{handover.SETTING}": str(contracts)} if contracts.exists() else {}
        return stack_config.refresh_copy(
            self.project.stack_file(stack),
            self._copy(stack),
            keep_source_encryption=self.name == "real",
            settings=settings,
        )

    def hand_over(self, stack: str, sources: Sequence[str]) -> tuple[str, ...]:
        """Give the stack what the sources' contracts say now, each read from its own backend (docs/adr/0007).

        Returns the sources that have no contract yet. Raises CommandError where one cannot be read or holds a secret.
        """
        with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, len(sources))) as pool:
            outputs = dict(zip(sources, pool.map(lambda source: self.snapshot(source).outputs, sources), strict=True))
        try:
            contracts = {source: handover.pick(source, found) for source, found in outputs.items()}
        except handover.HandoverError as error:
            raise CommandError(str(error)) from error
        handover.write(self._contracts(stack), contracts)
        return tuple(source for source, contract in contracts.items() if contract is None)

    def _contracts(self, stack: str) -> Path:
        return self.folder / "stacks" / f"{stack}.contracts.json"

    def _copy(self, stack: str) -> Path:
        return self.folder / "stacks" / f"Pulumi.{stack}.yaml"

    def _init_folder(self) -> Path:
        """Return a folder with a bare project of the same name: `stack init` writes its salt there, where the copies are."""
        folder = self.folder / "stacks"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"name: {self.project.name}\nruntime: python\n"
        file = folder / "Pulumi.yaml"
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        return folder


CHECKPOINTS: Final = "NAUTILUS_CHECKPOINTS"
AT_THE_END: Final = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""How the engine is told to write a state once; it takes the first to believe the second."""


class Sandbox(Place):
    """The offline clouds under `.nautilus/sandbox` of the project."""

    name = "sandbox"

    def __init__(self, project: Project, engine: Engine) -> None:
        super().__init__(project, engine)
        self._variables: dict[str, str] = {}

    def start(self) -> None:
        """Start the resident process, or find it running. Raises CommandError when it cannot be started."""
        from nautilus.sandbox import control, guard  # noqa: PLC0415 - heavy, and not needed for the real clouds

        try:
            control.start(self.folder)
            self._variables = dict(control.environment(self.folder))
        except (control.ControlError, guard.NotOurs) as error:
            raise CommandError(str(error), f"the sandbox's log is {self.folder / 'log' / 'sandbox.log'}") from error

    def variables(self, stack: str) -> Mapping[str, str]:
        """Return the variables that attach the engine to the resident process; the same for every stack.

        The state is written once at the end of a run, not after each step: an interrupted run is taken up from the
        sandbox's ledger, whose creates adopt what is there (docs/adr/0004). `NAUTILUS_CHECKPOINTS=1` writes each step.
        """
        del stack
        return self._variables if os.environ.get(CHECKPOINTS) == "1" else {**self._variables, **AT_THE_END}

    @property
    def shell(self) -> Mapping[str, str]:
        """The variables for a shell in which plain `pulumi` works on the sandbox; it writes its state at each step."""
        return self._variables

    @property
    def backend(self) -> FileBackend:
        """The sandbox's state, in its own folder."""
        url = self._variables["PULUMI_BACKEND_URL"]
        return FileBackend(Path(url.removeprefix("file://").partition("?")[0]), self.project.name)

    def as_applied(self, stack: str) -> bool:
        """Compare the mark of the last apply with that of what is there now."""
        try:
            return self._applied(stack).read_text() == self._mark(stack)
        except FileNotFoundError:
            return False

    def note_applied(self, stack: str) -> None:
        """Keep the mark of what is there now."""
        self._applied(stack).write_text(self._mark(stack))

    def _applied(self, stack: str) -> Path:
        return self.folder / "stacks" / f"{stack}.applied"

    def _mark(self, stack: str) -> str:
        own = (self.config_file(stack), self._contracts(stack), self.backend.file(stack))
        return applied.mark(self.project.root, self.engine.executable, own)

    def initialise(self, stack: str) -> None:
        """Make sure that the stack exists, without a process where its state file is there already."""
        if not self.backend.exists(stack):
            # What an earlier sandbox left in the copy belongs to its passphrase, not to this one's.
            self._copy(stack).unlink(missing_ok=True)
            self.engine.ask(("stack", "init", stack, "--no-select"), self.environment(stack), folder=self._init_folder())

    def snapshot(self, stack: str) -> Snapshot:
        """Read the state file. Raises CommandError when it is damaged, with the way back."""
        try:
            return self.backend.snapshot(stack)
        except ValueError as error:
            raise CommandError(
                f"the state of {stack} is damaged: {error}", "restore the .bak file beside it, or run `pulumi state repair`"
            ) from error

    def holders(self, stack: str) -> tuple[Holder, ...]:
        """Return who holds the stack's locks, living or dead."""
        return self.backend.holders(stack)

    def recover(self, stack: str) -> str:
        """Break dead processes' locks and settle the operations they left open. Raises CommandError for a living holder."""
        holders = self.holders(stack)
        living = [holder for holder in holders if holder.alive]
        if living:
            raise CommandError(
                f"{stack} is held by {living[0]}", "wait until that run ends, or stop it, and run the command again"
            )
        pending = self.snapshot(stack).pending
        if not holders and not pending:
            return ""
        variables = self.environment(stack)
        if holders:
            self.engine.ask(("cancel", "--yes", "--stack", stack), variables)
        if pending:
            self.engine.ask(
                (
                    *("refresh", "--clear-pending-creates", "--yes", "--skip-preview", "--stack", stack),
                    *("--config-file", str(self.config_file(stack))),
                ),
                variables,
            )
        return f"took up an interrupted run: {len(holders)} dead lock(s) broken, {pending} open operation(s) settled"

    def fidelity(self, stack: str) -> Mapping[str, int]:
        """Return how many of the stack's resources are emulated, model-checked or typed."""
        from nautilus.sandbox import control  # noqa: PLC0415 - as in `start`

        return {str(name): count for name, count in control.fidelity_counts(self.folder, stack).items()}


class Real(Place):
    """The real clouds: state and secrets of each stack live in its jurisdiction (`environments/*.yaml`, `state`)."""

    name = "real"

    def __init__(self, project: Project, engine: Engine, declared: Environment) -> None:
        super().__init__(project, engine)
        self.declared = declared

    def start(self) -> None:
        """Refuse a shell that is attached to a sandbox; there is nothing to start."""
        self.refuse_sandbox()

    def refuse_sandbox(self) -> None:
        """Raise CommandError in a shell that is attached to a sandbox."""
        left = [name for name in SANDBOX_MARKS if os.environ.get(name)]
        if left:
            raise CommandError(
                f"--real refuses to run while {' and '.join(left)} is set: this shell is attached to a sandbox",
                "open a new shell, or unset what `nautilus sandbox env` exported",
            )

    def _home(self, stack: str) -> tuple[str, str]:
        group = stack.removeprefix(f"{self.declared.id}-")
        home = self.declared.state.get(group)
        if home is None:
            raise CommandError(
                f"the environment {self.declared.id} declares no state for the group {group}",
                f"add state.{group} to config/catalogue/environments/{self.declared.id}.yaml",
            )
        return home.backend, home.secrets_provider

    def variables(self, stack: str) -> Mapping[str, str]:
        """Return the stack's own backend."""
        return {"PULUMI_BACKEND_URL": self._home(stack)[0]}

    def destinations(self, stacks: tuple[str, ...]) -> list[str]:
        """Return one line a stack that says where its state and its secrets go."""
        return [f"{stack}: state {self._home(stack)[0]}, secrets {self._home(stack)[1]}" for stack in stacks]

    def accounts(self) -> list[str]:
        """Return one line for each jurisdiction and cloud with the account, project or subscription that is changed."""
        return [
            f"{jurisdiction} {cloud}: {account.id}"
            for jurisdiction, clouds in sorted(self.declared.accounts.items())
            for cloud, account in sorted(clouds.items())
        ]

    def initialise(self, stack: str) -> None:
        """Create the stack under its secrets provider; that it exists already is fine."""
        try:
            self.engine.ask(
                ("stack", "init", stack, "--no-select", "--secrets-provider", self._home(stack)[1]),
                self.environment(stack),
                folder=self._init_folder(),
            )
        except CommandError as error:
            if "already exists" not in error.message:
                raise

    def snapshot(self, stack: str) -> Snapshot:
        """Ask the backend for the state, nothing where the stack was never initialised.

        Secrets stay encrypted and the answer stays in memory.
        """
        try:
            exported = json.loads(self.engine.ask(("stack", "export", "--stack", stack), self.environment(stack)))
        except CommandError as error:
            if NO_SUCH_STACK not in error.message:
                raise
            return Snapshot()
        return snapshot(exported.get("deployment") or {})

    def recover(self, stack: str) -> str:
        """Refuse a stack with open operations: only a person can see in the cloud what became of them."""
        pending = self.snapshot(stack).pending
        if pending:
            raise CommandError(
                f"{stack} has {pending} operation(s) that were begun and never confirmed",
                f"look for the resources in the cloud, then settle them with `pulumi refresh --stack {stack}`",
            )
        return ""
