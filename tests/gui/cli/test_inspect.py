"""The command inspect: its output and its errors."""

import json

import pytest

import main
from engine.nn.initializers import SCHEMES


def inspected(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main.main(["inspect", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_default_network_is_that_of_the_lesson(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = inspected(capsys, "normal")
    assert (code, err) == (0, "")
    assert out.startswith("normal: N(0, scale²)\nlayers     3-4-1")
    assert "W1 4 × 3, b1 4 × 1: as required" in out
    assert "W2 1 × 4, b2 1 × 1: as required" in out
    assert "promised 0.01" in out
    assert "hidden units tanh, output sigmoid" in out
    assert out.count("within 2 standard errors of what is promised") == 1
    assert "off by 2.3 standard errors, more than 2" in out
    assert "the shapes of all layers fit" in out


def test_histograms_of_weights_and_theory_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = inspected(capsys, "he-normal", "--layers", "300-200-1", "--hidden", "relu")
    bars = [line.split("|")[1] for line in out.splitlines() if line.count("|") == 2]
    assert len(bars) == 4  # of two layers
    drawn, promised = bars[:2]
    assert len(drawn) == len(promised)
    assert drawn.index("█") == pytest.approx(len(drawn) // 2, abs=3)
    assert promised[len(promised) // 2] in "▇█"
    assert "% inactive" in out
    _, out, _ = inspected(capsys, "zeros")
    drawn, promised = [line.split("|")[1] for line in out.splitlines() if "|" in line][:2]
    assert drawn == promised == "     █     "
    assert "exactly what is promised" in out


def test_shapes_of_many_layers_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = inspected(capsys, "normal", "--layers", "2-3-4-5-4-3-1")
    assert "the shapes of all layers fit" in out


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "explicit"])
def test_every_scheme_can_be_inspected(capsys: pytest.CaptureFixture[str], scheme: str) -> None:
    code, out, _ = inspected(capsys, scheme, "--layers", "784-100-10", "--hidden", "relu", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["scheme"] == scheme
    assert [layer["W"] for layer in document["layers"]] == [[100, 784], [10, 100]]
    first = document["layers"][0]
    if first["promised_deviation"] is not None and scheme != "symmetric":
        apart = abs(first["deviation"] - first["promised_deviation"])
        assert apart <= 5.0 * first["deviation_error"] + 1e-12


def test_parameters_and_seeds_are_used(capsys: pytest.CaptureFixture[str]) -> None:
    table = '{ scheme = "normal", scale = 0.5, seed = 4 }'
    _, out, _ = inspected(capsys, table, "--json")
    _, same, _ = inspected(capsys, '{ scheme = "normal", scale = 0.5 }', "--seed", "4", "--json")
    assert out == same
    assert json.loads(out)["layers"][0]["promised_deviation"] == 0.5
    _, other, _ = inspected(capsys, table, "--seed", "5", "--json")
    assert other != out


def test_the_example_for_explicit_weights_works(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = inspected(capsys, "explicit")
    code, out, _ = inspected(capsys, err.split("'")[1], "--layers", "2-1-1")
    assert code == 0
    assert "W1 1 × 2, b1 1 × 1: as required" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["heNrmal"], 'did you mean "he-normal"'),
        (["normal", "--layers", "3"], 'layers: expected sizes such as 3-4-1, got "3"'),
        (["normal", "--layers", "0-1"], "layers"),
        (["normal", "--layers", "٣-1"], 'layers: expected sizes such as 3-4-1, got "٣-1"'),
        (["normal", "--hidden", "tan"], 'did you mean "tanh"'),
        (["normal", "--seed", "-1"], "seed: expected 0 or more, got -1"),
        (["{ scheme = "], "scheme: is not TOML"),
        (['{ scheme = "normal", scale = -1 }'], "init.scale: expected a number, at least 0"),
        (['{ scheme = "normal", skale = 1 }'], 'did you mean "scale"'),
        (["explicit"], "W: give W1 to W2"),
        (["explicit"], "write '{ scheme = \"explicit\", W1 = [[0.5, -0.5]], W2 = [[1.0]] }'"),
    ],
)
def test_wrong_arguments_are_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    code, out, err = inspected(capsys, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.startswith("initscope: ")
    assert err.count("\n") == 1


def test_name_of_another_library_shows_the_scheme_and_how_they_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = inspected(capsys, "tf.keras.initializers.HeNormal()")
    assert code == 0
    assert out.startswith("he-normal: N(0, 2/n_in)\nsource     He et al. 2015")
    assert "note       Keras and JAX draw it from a normal that is cut off" in out
    _, out, _ = inspected(capsys, "0.5 * randn", "--json")
    document = json.loads(out)
    assert (document["scheme"], document["note"]) == ("normal", "")
    assert document["layers"][0]["promised_deviation"] == 0.5
