"""SSH signatures of approval records: `allowed_signers` read strictly, checked and made with `ssh-keygen -Y`.

ssh-keygen does the cryptography. This module decides what it may see: only lines that were understood whole, one key each, no
wildcards, no certificate authorities, and only for our namespace. What cannot be checked is never approved.
"""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .approval import normal
from .errors import ApprovalRefused, ContentRefused, visible

NAMESPACE = "briefing-approval"
LONGEST = 16 * 1024
_TYPES = ("ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa")
_LINE = re.compile(r'(\S+) ((?:[a-z-]+="[^"]*",?)+) (\S+) (\S+)(?: [^\x00-\x1f]*)?')
_OPTION = re.compile(r'([a-z-]+)="([^"]*)"(?:,|$)')
_TIME_LIMIT_S = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """One line of `allowed_signers`: who, with which key, from when to when."""

    address: str
    type: str
    key: str  # base64
    after: datetime | None = None
    before: datetime | None = None


def signers(data: bytes, name: str = "allowed_signers") -> tuple[Signer, ...]:
    """Who may sign. Raises ContentRefused: file, line, what is allowed.

    A line is `address namespaces="briefing-approval"[,valid-after="20260101"][,valid-before="20270101"] type key [comment]`.
    """
    out = []
    text = normal(data).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if not match or visible(line) != line:
            raise ContentRefused(f'{name}:{number}: must be: address namespaces="{NAMESPACE}" key-type key, found {visible(line)[:60]!r}')
        address, options, kind, key = match.groups()
        try:
            out.append(_signer(address, options, kind, key))
        except ValueError as error:
            raise ContentRefused(f"{name}:{number}: {error}") from error
    return tuple(out)


def _signer(address: str, options: str, kind: str, key: str) -> Signer:
    if not re.fullmatch(r"[^@\s<>,*?!\"]+@[^@\s<>,*?!\"]+", address):
        raise ValueError(f"{visible(address)[:60]!r} must be one plain address, without wildcards or lists")
    found = dict(_OPTION.findall(options))
    if _OPTION.sub("", options) or len(found) != len(_OPTION.findall(options)):
        raise ValueError(f"its options are not understood: {visible(options)[:60]!r}")
    unknown = sorted(set(found) - {"namespaces", "valid-after", "valid-before"})
    if unknown:
        raise ValueError(f"the option {unknown[0]} is not allowed; allowed are namespaces, valid-after, valid-before")
    if found.get("namespaces") != NAMESPACE:
        raise ValueError(f'must say namespaces="{NAMESPACE}" and nothing else')
    if kind not in _TYPES:
        raise ValueError(f"key type {visible(kind)[:40]!r} is not allowed; allowed are {', '.join(_TYPES)}")
    try:
        blob = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("its key is not base64; copy the line of the .pub file") from error
    if not blob.startswith(len(kind).to_bytes(4, "big") + kind.encode()):
        raise ValueError(f"its key is not of the type {kind}")
    return Signer(address=address, type=kind, key=key, after=_moment(found.get("valid-after")), before=_moment(found.get("valid-before")))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{8}(\d{6})?Z?", text):
        raise ValueError(f"{visible(text)[:40]!r} must be a day such as 20261231")
    digits = text.removesuffix("Z")
    return datetime.strptime(digits, "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d").replace(tzinfo=UTC)


def revoked_keys(data: bytes, name: str = "revoked_keys") -> frozenset[str]:
    """Keys that never count, in base64, from lines of `type key [comment]`. Raises ContentRefused for any other line: a list half read revokes half."""
    out = set()
    for number, line in enumerate(normal(data).decode("utf-8", "replace").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) < 2 or fields[0] not in _TYPES or not re.fullmatch(r"[A-Za-z0-9+/]+=*", fields[1]):
            raise ContentRefused(f"{name}:{number}: must be a public key such as ssh-ed25519 AAAA…, found {visible(line)[:60]!r}")
        out.add(fields[1])
    return frozenset(out)


def verify(data: bytes, signature: bytes, address: str, at: datetime, allowed: Sequence[Signer], revoked: Collection[str] = ()) -> None:
    """Returns only where `address` signed these bytes with a key that is allowed at `at` and not revoked.

    `revoked` holds public keys in base64: signatures by them never count, whatever their date.
    Raises ApprovalRefused with the reason and the way back; each reason reads differently.
    """
    if not shutil.which("ssh-keygen"):
        raise ApprovalRefused("signatures cannot be checked: ssh-keygen is missing; install OpenSSH")
    if len(signature) > LONGEST:
        raise ApprovalRefused("its signature file is too long to be one; sign the record again")
    own = [s for s in allowed if s.address.casefold() == address.casefold()]
    if not own:
        raise ApprovalRefused(f"{address} has no key in allowed_signers; an editor who is listed must sign, or add the key first")
    unspoilt = [s for s in own if s.key not in revoked]
    if not unspoilt:
        raise ApprovalRefused(f"the key of {address} is revoked; approve again with a valid key")
    valid = [s for s in unspoilt if (s.after is None or at >= s.after) and (s.before is None or at < s.before)]
    if not valid:
        raise ApprovalRefused(f"the key of {address} was not valid on {at.date().isoformat()}; sign with a valid key")
    with tempfile.TemporaryDirectory(prefix="briefing-") as folder:
        here = Path(folder)
        (here / "allowed").write_text("".join(f'{address} namespaces="{NAMESPACE}" {s.type} {s.key}\n' for s in valid), encoding="utf-8")
        (here / "sig").write_bytes(normal(signature))
        done = _run(["-Y", "verify", "-f", str(here / "allowed"), "-I", address, "-n", NAMESPACE, "-s", str(here / "sig")], normal(data))
    if done.returncode == 0 and done.stdout.startswith(b"Good "):
        return
    said = visible((done.stderr + done.stdout).decode("utf-8", "replace").strip().split("\n")[-1])[:120]
    raise ApprovalRefused(f"its signature is not by a listed key of {address} over these bytes ({said}); approve again and sign")


def sign(record: Path, key: Path) -> Path:
    """Signs a record file with a private (or agent-held public) key; gives the path of the signature beside it.

    Raises ApprovalRefused where ssh-keygen is missing or fails.
    """
    if not shutil.which("ssh-keygen"):
        raise ApprovalRefused("the record cannot be signed: ssh-keygen is missing; install OpenSSH")
    out = record.with_name(record.name + ".sig")
    done = _run(["-Y", "sign", "-f", str(key), "-n", NAMESPACE], record.read_bytes())
    if done.returncode or b"BEGIN SSH SIGNATURE" not in done.stdout:
        said = visible(done.stderr.decode("utf-8", "replace").strip().split("\n")[-1])[:160]
        raise ApprovalRefused(f"ssh-keygen did not sign ({said}); check the key's path and try `briefing approve` again")
    out.write_bytes(done.stdout)
    return out


def _run(args: list[str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *args], input=stdin, capture_output=True, check=False, timeout=_TIME_LIMIT_S)
    except subprocess.TimeoutExpired as error:
        raise ApprovalRefused(f"ssh-keygen took longer than {_TIME_LIMIT_S} s; try again") from error
