"""Verdicts that reports are made of, and a marker that no report may let through as anything but text."""

from __future__ import annotations

from nautilus.cli.events import Diagnostic, Drift
from nautilus.cli.findings import Finding
from nautilus.cli.verdict import Result, StackVerdict, Verdict

HOSTILE = (
    "a|b <img src=x onerror=alert(1)> `c` *d* [e](http://f) @everyone #12 $x$ \x1b[31m\x00\u202e\ud800 & </details>\n# g"
)


def urn(stack: str, name: str, kind: str = "aws:s3/bucket:Bucket") -> str:
    return f"urn:pulumi:{stack}::nautilus::nautilus:federation:Placement${kind}::{name}"


def finding(rule: str = "RES-002", resource: str = "urn:x", found: str = "f", *, mandatory: bool = True) -> Finding:
    return Finding(
        rule=rule, resource=resource, found=found, allowed="a", clause="c", fix="x", pack="p", mandatory=mandatory
    )


def whole(*stacks: StackVerdict, command: str = "preview") -> Verdict:
    return Verdict(command=command, environment="prod", place="sandbox", stacks=stacks, seconds=1.5)


def stack(name: str = "prod-emea", result: Result = Result.FINE, *findings: Finding) -> StackVerdict:
    return StackVerdict(stack=name, result=result, changes={"same": 3}, resources=3, findings=list(findings))


def every_kind(text: str = "said") -> Verdict:
    """A verdict of every result, with everything that a stack can have; `text` is in each field that others fill."""
    return whole(
        StackVerdict(
            stack="prod-emea",
            result=Result.STOPPED,
            changes={"create": 2, "same": 5, "import": 1},
            resources=8,
            findings=[
                Finding(
                    rule=rule,
                    resource=urn("prod-emea", text),
                    found=text,
                    allowed=text,
                    clause=text,
                    fix=text,
                    pack=text,
                    mandatory=must,
                )
                for rule, must in (("RES-002", True), ("their-rule", True), ("KEY-001", False))
            ],
            diagnostics=[Diagnostic(severity=kind, urn=urn("prod-emea", text), text=text) for kind in ("error", "warning")],
            drift=[Drift(urn=text, properties=(text,)), Drift(urn=text, properties=(), gone=True)],
            guarded={urn("prod-emea", text): "replace"},
            protected=(text,),
            packs=("jurisdiction",),
            fidelity={"emulated": 3},
            seconds={"preview": 1.0, "up": 2.0},
            notes=[text],
        ),
        StackVerdict(stack="prod-apac", result=Result.FAILED, diagnostics=[Diagnostic(severity="error", urn="", text=text)]),
        *(
            stack(f"prod-{result.name.lower()}", result)
            for result in (Result.FINE, Result.DRIFTED, Result.INTERRUPTED, Result.HELD, Result.SKIPPED)
        ),
    )
