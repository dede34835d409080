"""The catalogue finds every package of studies, wherever the program is installed."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.experiment.experiment import Experiment
from engine.studies.catalogue import STUDIES, open_scene

ROOT = Path(__file__).parents[3]
PACKAGES = {
    folder.name
    for folder in (ROOT / "engine" / "studies").iterdir()
    if (folder / "__init__.py").exists() and folder.name != "base"
}


def test_every_package_registers_a_study() -> None:
    assert {kind.study.__module__ for kind in STUDIES.values()} == {
        f"engine.studies.{name}.study" for name in PACKAGES
    }
    assert len(PACKAGES) >= 7


def test_studies_are_found_in_a_zip_archive(tmp_path: Path) -> None:
    archive = tmp_path / "program.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for source in (ROOT / "engine").rglob("*.py"):
            file.write(source, source.relative_to(ROOT))
    program = (
        f"import sys\nsys.path.insert(0, {str(archive)!r})\nimport engine\n"
        "from engine.studies.catalogue import STUDIES\nprint(engine.__file__)\nprint(*STUDIES)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    origin, kinds = done.stdout.splitlines()
    assert str(archive) in origin
    assert kinds.split() == list(STUDIES)


@pytest.mark.parametrize("kind", STUDIES)
def test_a_spec_with_its_defaults_makes_a_valid_experiment(kind: str) -> None:
    experiment = Experiment(scene=STUDIES[kind].spec())
    assert experiment.kind == kind
    assert type(open_scene(experiment)) is STUDIES[kind].study
