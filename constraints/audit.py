"""Known vulnerabilities of what is installed by default, as pip-audit's service tells them: `make audit`."""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOCK = Path(__file__).with_name("run.txt")
PIP_AUDIT = ("pip_audit", "--progress-spinner", "off", "--disable-pip", "--require-hashes", "--requirement", str(LOCK))


def main() -> None:
    """Print what the service says; exit with 1 where it names a vulnerability or the lock cannot be read."""
    lock = _pip_audit("--dry-run")
    if lock.returncode:
        sys.exit(f"pip-audit failed before it asked its service about {LOCK}: {_last_line(lock.stderr)}")
    answer = _pip_audit("--format", "json")
    if not answer.stdout:
        print(not_run(_last_line(answer.stderr)))  # noqa: T201
        return
    dependencies = json.loads(answer.stdout)["dependencies"]
    print(verdict(dependencies))  # noqa: T201
    sys.exit(bool(findings(dependencies)))


def not_run(reason: str) -> str:
    """The line for a service that gave no answer."""
    return f"pip-audit: not run ({reason})"


def verdict(dependencies: Sequence[dict[str, Any]]) -> str:
    """What pip-audit's JSON says: one line for each vulnerability, then how many packages the service knows."""
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    if len(unknown) == len(dependencies):
        return not_run(f"its service knows none of the {len(dependencies)} packages")
    found = findings(dependencies)
    n_known = len(dependencies) - len(unknown)
    summary = f"pip-audit: {len(found)} known vulnerabilities in {n_known} packages"
    return "\n".join([*found, summary, *(f"not run for {name}: unknown to its service" for name in unknown)])


def findings(dependencies: Sequence[dict[str, Any]]) -> list[str]:
    """One line for each vulnerability: package, version, identifier, versions that mend it."""
    return [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version'}"
        for one in dependencies
        for flaw in one.get("vulns", ())
    ]


def _pip_audit(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *PIP_AUDIT, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command  # nosec B603


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no answer"])[-1]


if __name__ == "__main__":
    main()
