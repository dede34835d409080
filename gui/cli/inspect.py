"""The command `inspect`: draws the initial weights of a network. It needs no Qt."""

import argparse
import json
import re
import tomllib
from typing import Any

import numpy as np

from engine import UsageError, counted
from engine.experiment import NetworkSpec
from engine.library.experiment_file import parse_scheme
from engine.nn import SCHEMES, Explicit, Initializer, LayerReport, histogram, inspect
from gui.cli.arguments import add_json, whole

EXAMPLES = 1000
EXPLICIT_EXAMPLE = "'{ scheme = \"explicit\", W1 = [[0.5, -0.5]], W2 = [[1.0]] }'"
BLOCKS = " ▁▂▃▄▅▆▇█"
BINS = 41


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `inspect`."""
    add = parser.add_argument
    add(
        "scheme",
        metavar="SCHEME",
        help=f"{', '.join(SCHEMES)}, or their names in PyTorch, Keras and JAX; with "
        "parameters as in an experiment file: '{ scheme = \"normal\", scale = 0.5 }'",
    )
    add("--layers", metavar="N0-N1-…", default="3-4-1", help="layer sizes (default: 3-4-1)")
    add(
        "--hidden",
        metavar="NAME",
        default="tanh",
        help="hidden activation (default: tanh)",
    )
    add("--seed", metavar="N", type=whole, help="seed of the weights (default: the scheme's, or 0)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw the initial parameters of a network, and print their statistics."""
    init = _scheme(arguments.scheme, arguments.seed)
    spec = NetworkSpec(layers=_layers(arguments.layers), hidden=arguments.hidden)
    # The inputs must be independent of the weights.
    rng = np.random.Generator(np.random.PCG64([init.seed, 1]))
    X = rng.standard_normal((spec.layers[0], EXAMPLES))
    try:
        reports = inspect(init, spec, X)
    except UsageError as error:
        if isinstance(init, Explicit):
            raise UsageError(f"{error}; for --layers 2-1-1, write {EXPLICIT_EXAMPLE}") from None
        raise
    if arguments.json:
        document = {
            "scheme": init.scheme,
            "formula": init.formula,
            "source": init.source,
            "note": init.note,
            "seed": init.seed,
            "layers": [_row(report) for report in reports],
        }
        print(json.dumps(document, indent=2, allow_nan=False))
    else:
        print(_text(init, spec, reports))
    return 0


def _scheme(text: str, seed: int | None) -> Initializer:
    """Return the scheme of a name, or of a table as in an experiment file."""
    table: object = text
    if text.lstrip().startswith("{"):
        try:
            table = tomllib.loads(f"init = {text}")["init"]
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"scheme: is not TOML: {error}") from None
    init = parse_scheme(table)
    if seed is not None and seed < 0:
        raise UsageError(f"seed: expected 0 or more, got {seed}")
    return init if seed is None else init.replace(seed=seed)


def _layers(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[0-9]{1,5}(-[0-9]{1,5})+", text.strip()):
        raise UsageError(f'layers: expected sizes such as 3-4-1, got "{text}"')
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
        "draws": report.draws,
        "promised_mean": None if promised is None else promised.mean,
        "promised_deviation": None if promised is None else promised.deviation,
        "verdict": report.verdict,
        "z": {"mean": report.z_mean, "deviation": report.z_deviation},
        "a": {"mean": report.a_mean, "deviation": report.a_deviation},
        "saturated": report.saturated,
    }


def _text(init: Initializer, spec: NetworkSpec, reports: list[LayerReport]) -> str:
    sizes = "-".join(map(str, spec.layers))
    lines = [f"{init.scheme}: {init.formula}" if init.formula else init.scheme]
    if init.source:
        lines.append(f"source     {init.source}")
    if init.note:
        lines.append(f"note       {init.note}")
    units = f"hidden units {spec.hidden}, output {spec.output}"
    lines += [f"layers     {sizes}, {units}, seed {init.seed}", ""]
    for report in reports:
        lines += _layer_lines(report)
    misfits = [f"{report.layer}" for report in reports if not report.fits]
    fit = "the shapes of all layers fit" if reports[1:] else "the shapes fit"
    lines += [
        "",
        f"shapes do not fit in layers {', '.join(misfits)}" if misfits else fit,
        f"z and a: over {EXAMPLES:,} standard normal inputs",
        "±: the standard error; by chance alone, one number in twenty is off by more than two",
    ]
    return "\n".join(lines)


def _layer_lines(report: LayerReport) -> list[str]:
    (rows, columns), (height, width) = report.shapes
    fits = "as required" if report.fits else f"but the layer sizes require {report.wanted}"
    copies = ""
    if report.mean_error and report.draws < report.weights.size:
        copies = f", from {counted(report.draws, 'draw')}"
    idle = f", {report.saturated:.0%} {report.idle}" if report.idle else ""
    lines = [
        f"layer {report.layer}",
        f"   W{report.layer} {rows} × {columns}, b{report.layer} {height} × {width}: {fits}",
        f"   mean       {report.mean:.4g} ± {report.mean_error:.2g}{_promise(report, 'mean')}"
        f"{copies}",
        f"   deviation  {report.deviation:.4g} ± {report.deviation_error:.2g}"
        f"{_promise(report, 'deviation')}",
    ]
    if report.verdict:
        lines.append(f"   {report.verdict}")
    return [
        *lines,
        *_histogram_lines(report),
        f"   z          {report.z_mean:.4g} on average, deviation {report.z_deviation:.4g}",
        f"   a          {report.a_mean:.4g} on average, deviation {report.a_deviation:.4g}{idle}",
    ]


def _histogram_lines(report: LayerReport) -> list[str]:
    """Return the histogram of the weights as a row of bars, above a row of the theory."""
    found = histogram(report, BINS)
    top = float(max(found.drawn.max(), np.nan_to_num(found.promised).max()))
    drawn, promised = (
        np.rint((len(BLOCKS) - 1) * heights / top) for heights in (found.drawn, found.promised)
    )
    # Show a single weight, however low its bar.
    rows = {"drawn": np.maximum(drawn, found.drawn > 0.0)}
    if report.promised is not None:
        rows["promised"] = promised
    ends = f"{found.edges[0]:.3g} … {found.edges[-1]:.3g}"
    return [
        f"   {name:<10} |{''.join(BLOCKS[int(level)] for level in levels)}|  {ends}"
        for name, levels in rows.items()
    ]


def _promise(report: LayerReport, name: str) -> str:
    if report.promised is None:
        return ""
    return f", promised {getattr(report.promised, name):.4g}"
