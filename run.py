#!/usr/bin/env python3
"""The project's one entry: `python3 run.py demo | test | audit | bench NAME | eval NAME | lock`.

Standard library only. Makes `.venv`, installs exactly what the lock file says (hashes checked), then runs inside it.
Uses uv where it is installed, because it is faster; pip does the same work.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)

USAGE = """usage: python3 run.py COMMAND

  demo [--serve]     a sample week, from feeds to an approved edition, its site and its email
  test [ARGS]        lint, types and tests
  audit              accessibility, links and page weight of the demo's site
  bench NAME         time and memory beside a peer (--json, --corpus DIR)
  eval NAME          quality beside a baseline (--json, --corpus DIR)
  setup              make .venv for your own briefing; then use .venv/bin/briefing
  lock               write requirements.lock and requirements-dev.lock anew (needs uv)
"""


def main(argv: list[str]) -> int:
    """Set up what the command needs and run it; its exit code."""
    if sys.version_info < OLDEST:
        return fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}. Start run.py with a newer python3.")
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if argv else 2
    name, rest = argv[0], argv[1:]
    if name == "lock":
        return lock()
    if name not in {"demo", "test", "audit", "bench", "eval", "setup"}:
        return fail(f"unknown command {name!r}.\n\n{USAGE}")
    if not shutil.which("git"):
        return fail("git is missing: editors approve in git. On Debian or Ubuntu: apt-get install git")
    problem = setup("requirements.lock" if name in {"demo", "setup"} else "requirements-dev.lock")
    if problem:
        return fail(problem)
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    env["VIRTUAL_ENV"] = str(VENV)
    env["PATH"] = f"{BIN}{os.pathsep}{env.get('PATH', '')}"
    if name == "setup":
        print(f"Ready. Try: {BIN.relative_to(ROOT) / 'briefing'} --help")
        return 0
    if name == "test":
        return test(rest, env)
    module = {"demo": ["briefing.cli", "demo"], "audit": ["evals", "audit"], "bench": ["bench"], "eval": ["evals"]}[name]
    return subprocess.call([str(PYTHON), "-m", *module, *rest], cwd=ROOT, env=env)


def test(rest: list[str], env: dict[str, str]) -> int:
    """Lint, format, types, then the tests; with arguments, only pytest with those."""
    steps = [["pytest", *rest]] if rest else [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["pytest", "-q"]]
    for step in steps:
        print(f"$ {' '.join(step)}", flush=True)
        code = subprocess.call([str(PYTHON), "-m", *step], cwd=ROOT, env=env)
        if code:
            return code
    return 0


def setup(lock_name: str) -> str:
    """Make `.venv` as the lock says; returns what is wrong, or an empty text. Does nothing where it already is so."""
    wanted = hashlib.sha256(b"\0".join((ROOT / f).read_bytes() for f in (lock_name, "pyproject.toml"))).hexdigest()
    stamp = VENV / f".{lock_name}.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return ""
    print(f"Setting up .venv from {lock_name} (once; about half a minute)", file=sys.stderr, flush=True)
    uv = shutil.which("uv")
    steps = []
    if not PYTHON.exists():
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            return "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv; then run this again."
        steps.append([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [uv, "pip", "--quiet"] if uv else [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    to = ["--python", str(PYTHON)] if uv else []
    fast = ["--compile-bytecode"] if uv else []  # pip compiles by itself; without it every start compiles anew
    steps.append([*pip, "install", *to, *fast, "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock_name)])
    steps.append([*pip, "install", *to, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, env=env, check=False)
        if done.returncode:
            stamp.unlink(missing_ok=True)
            shown = " ".join([Path(step[0]).name, *step[1:]])
            return f"setting up .venv failed at: {shown}\nCheck the network or the package index settings of pip, then run this again."
    stamp.write_text(wanted, encoding="utf-8")
    return ""


def lock() -> int:
    """Both lock files anew: every hash, no address."""
    uv = shutil.which("uv")
    if not uv:
        return fail("uv is needed to write the lock files: pip install uv")
    common = [
        uv,
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
        "--no-annotate",
        "--python-version",
        "3.11",
        "pyproject.toml",
    ]
    for extra, out in (([], "requirements.lock"), (["--extra", "dev", "--extra", "bench", "-c", "requirements.lock"], "requirements-dev.lock")):
        code = subprocess.call([*common, *extra, "-o", out], cwd=ROOT, stdout=subprocess.DEVNULL)
        if code:
            return code
    return 0


def fail(message: str) -> int:
    """Say what is wrong; exit code 2."""
    print(f"run.py: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
