"""The commands and pictures of the README work as written."""

import re
import shlex
from argparse import ArgumentParser
from pathlib import Path

import pytest

from engine.library.experiment_file import parse_experiment
from engine.nn.datasets import DATASETS
from engine.nn.initializers import SCHEMES
from engine.training.comparison import compare
from gui.cli.export import add_arguments
from gui.document.opening import open_experiment

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_experiment_file_can_be_trained() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert compare(parse_experiment(text)).last_index == 400


def test_every_scheme_and_data_set_is_named() -> None:
    assert not {scheme for scheme in SCHEMES if f"`{scheme}`" not in README}
    assert not {dataset for dataset in DATASETS if dataset not in README}


@pytest.mark.parametrize("line", re.findall(r"main\.py export (.*)", README.replace("\\\n", " ")))
def test_the_export_commands_are_understood(line: str) -> None:
    parser = ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args(shlex.split(line.split("`")[0], comments=True))
    if not arguments.experiment.endswith(".gif"):
        open_experiment(arguments.experiment)


def test_pictures_of_the_readme_exist() -> None:
    pictures = re.findall(r"\]\((assets/[^)]*)\)", README)
    assert len(pictures) >= 4
    assert all((ROOT / picture).is_file() for picture in pictures)
