"""Reports of attacks on the claims: as experiments in text form, and stored between sessions."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import final

import msgspec

from engine.claims.attack.attack import Attack, Finding
from engine.claims.attack.search import Search
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import Claim
from engine.ensemble.fingerprint import fingerprint
from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.io.staged_output import write_text
from engine.library.experiment_file import format_experiment


@final
class Report(msgspec.Struct, frozen=True):
    """The result of an attack on one claim.

    Attributes
    ----------
    tried : int
        The number of experiments that satisfy the condition.
    contradicted : tuple of str
        Experiments that contradict the claim, as TOML.
    closest : tuple of str
        Up to three experiments that come closest to contradicting it, as TOML.
    """

    tried: int = 0
    contradicted: tuple[str, ...] = ()
    closest: tuple[str, ...] = ()


Reports = Mapping[str, Report]
"""Reports by the ids of their claims."""


class _Stored(msgspec.Struct):
    fingerprint: str
    reports: dict[str, Report]


def attacks() -> dict[str, Attack[object]]:
    """Return the attacks by the ids of their claims."""
    return {claim.id: claim.attack for claim in CLAIMS if isinstance(claim.attack, Attack)}


def attack_all(
    seconds: float, seed: int = 0, report: Callable[[float], None] = lambda _: None
) -> Reports:
    """Attack all claims for a time, and store the reports; claims that cannot be have none.

    From time to time `report` is called with the seconds that have passed.
    """
    search = Search(attacks(), seed)
    search.run(seconds, report)
    reports = {
        claim.id: report_of(claim, search.findings[claim.id])
        for claim in CLAIMS
        if claim.id in search.findings
    }
    with suppress(InitscopeError, OSError):  # only the browser reads them
        storage_path().parent.mkdir(parents=True, exist_ok=True)
        stored = _Stored(fingerprint(), reports)
        write_text(storage_path(), msgspec.json.encode(stored).decode())
    return reports


def report_of(claim: Claim, finding: Finding) -> Report:
    """Return a finding as texts."""
    closest = [experiment for _, experiment in finding.closest]
    return Report(
        finding.tried,
        _texts(claim, "counterexample", finding.contradicted),
        _texts(claim, "closest call", closest),
    )


def stored_reports() -> Reports:
    """Return the reports of the last attack by this version of the engine; empty without any."""
    with suppress(OSError, msgspec.MsgspecError):
        stored = msgspec.json.decode(storage_path().read_bytes(), type=_Stored)
        if stored.fingerprint == fingerprint():
            return stored.reports
    return {}


def storage_path() -> Path:
    """Return the file of stored reports."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(home or Path.home() / ".cache", "initscope", "attacks.json")


def _texts(
    claim: Claim, kind: str, experiments: list[Experiment] | tuple[Experiment, ...]
) -> tuple[str, ...]:
    verdict = f"It {claim.stated.value} {claim.when}".rstrip()
    notes = f"{claim.says} {verdict}. {claim.reason}"
    return tuple(
        format_experiment(each.replace(title=f"{claim.id}: {kind} {number}", notes=notes))
        for number, each in enumerate(experiments, start=1)
    )
