"""The command inspect: what an initializer draws for a network. It needs no Qt."""

import argparse
import json
import re
import tomllib
from typing import Any

import msgspec
import numpy as np

from engine.errors import UsageError
from engine.experiment import NetworkSpec
from engine.experiment_file import parse_scheme
from engine.initializers import SCHEMES, Initializer
from engine.inspection import LayerReport, inspect

EXAMPLES = 1000


def add_inspect_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `inspect` takes."""
    add = parser.add_argument
    add(
        "scheme",
        metavar="SCHEME",
        help=f"{', '.join(SCHEMES)}; or with parameters, as in an experiment file: "
        "'{ scheme = \"normal\", scale = 0.5 }'",
    )
    add("--layers", metavar="N0-N1-…", default="3-4-1", help="layer sizes (default: 3-4-1)")
    add("--hidden", metavar="NAME", default="tanh", help="the hidden units (default: tanh)")
    add("--seed", metavar="N", type=int, help="of the weights (default: the scheme's, or 0)")
    add("--json", action="store_true", help="print one JSON document")


def inspect_scheme(arguments: argparse.Namespace) -> int:
    """Draw the first parameters of a network, and print what came out."""
    init = _scheme(arguments.scheme, arguments.seed)
    spec = NetworkSpec(layers=_layers(arguments.layers), hidden=arguments.hidden)
    # What is drawn for the pass must not be what the weights were drawn from.
    rng = np.random.Generator(np.random.PCG64([init.seed, 1]))
    X = rng.standard_normal((spec.layers[0], EXAMPLES))
    reports = inspect(init, spec, X)
    if arguments.json:
        document = {
            "scheme": init.scheme,
            "formula": init.formula,
            "source": init.source,
            "seed": init.seed,
            "layers": [_row(report) for report in reports],
        }
        print(json.dumps(document, indent=2, allow_nan=False))
    else:
        print(_text(init, spec, reports))
    return 0


def _scheme(text: str, seed: int | None) -> Initializer:
    """Return the scheme that a name, or a table as in a file, stands for."""
    table: object = text
    if text.lstrip().startswith("{"):
        try:
            table = tomllib.loads(f"init = {text}")["init"]
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"scheme: is not TOML: {error}") from None
    init = parse_scheme(table)
    if seed is None:
        return init
    if seed < 0:
        raise UsageError(f"seed: give 0 or more, not {seed}")
    seeded: Initializer = msgspec.structs.replace(init, seed=seed)
    return seeded


def _layers(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d{1,5}(-\d{1,5})+", text.strip()):
        raise UsageError(f'layers: "{text}" are no layer sizes; write them as 3-4-1')
    return tuple(int(size) for size in text.strip().split("-"))


def _row(report: LayerReport) -> dict[str, Any]:
    promised = report.promised
    return {
        "layer": report.layer,
        "W": list(report.shapes[0]),
        "b": list(report.shapes[1]),
        "fits": report.fits,
        "mean": report.mean,
        "mean_error": report.mean_error,
        "deviation": report.deviation,
        "deviation_error": report.deviation_error,
        "promised_mean": None if promised is None else promised.mean,
        "promised_deviation": None if promised is None else promised.deviation,
        "z": {"mean": report.z_mean, "deviation": report.z_deviation},
        "a": {"mean": report.a_mean, "deviation": report.a_deviation},
        "saturated": report.saturated,
    }


def _text(init: Initializer, spec: NetworkSpec, reports: list[LayerReport]) -> str:
    sizes = "-".join(map(str, spec.layers))
    lines = [f"{init.scheme}: {init.formula}" if init.formula else init.scheme]
    if init.source:
        lines.append(f"source     {init.source}")
    lines += [f"layers     {sizes}, hidden units {spec.hidden}, seed {init.seed}", ""]
    for report in reports:
        (rows, columns), (height, width) = report.shapes
        fits = "as the layers ask" if report.fits else f"but the layers ask for {report.wanted}"
        lines += [
            f"layer {report.layer}",
            f"   W{report.layer} {rows} × {columns}, b{report.layer} {height} × {width}: {fits}",
            f"   mean       {report.mean:.4g} ± {report.mean_error:.2g}{_promise(report, 'mean')}",
            f"   deviation  {report.deviation:.4g} ± {report.deviation_error:.2g}"
            f"{_promise(report, 'deviation')}",
            f"   z          {report.z_mean:.4g} on average, deviation {report.z_deviation:.4g}",
            f"   a          {report.a_mean:.4g} on average, deviation {report.a_deviation:.4g}, "
            f"{report.saturated:.0%} saturated",
        ]
    lines.append(f"\nz and a: over {EXAMPLES:,} standard normal inputs; ±: the sampling error")
    return "\n".join(lines)


def _promise(report: LayerReport, name: str) -> str:
    if report.promised is None:
        return ""
    return f", promised {getattr(report.promised, name):.4g}"
