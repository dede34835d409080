"""Actions that open: built-in experiments, files, points, damaged files, by click and by drop."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from engine.experiment.experiment import (
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.library.built_ins import built_in
from engine.library.experiment_file import format_experiment
from engine.nn.initializers import Normal, Zeros
from engine.points import write_points
from engine.studies.ensemble.study import EnsembleSpec
from tests.trust.robot.actions import action
from tests.trust.robot.session import Session

QUICK = (
    *("constant", "random-scale", "moons", "depth-relu", "depth-tanh", "breaking-symmetry"),
    *("perceptron-xor", "saturation-scale", "induction", "logistic-starts", "equal-rows"),
    *("zero-start-unbalanced", "variance-of-sums", "broken-by-hand", "relu-dead", "learning-rates"),
)
"""Built-in experiments that are trained in a second or so."""


def write_files(folder: Path) -> None:
    """Write the files that the robot opens."""
    runs = (Run(name="B & <i>", init=Normal(scale=0.3, seed=2)), Run(init=Zeros()))
    files = {
        "small": Experiment(title="[*] & <b>small</b>", training=TrainingSpec(steps=20), runs=runs),
        "long": Experiment(title="long", training=TrainingSpec(steps=3_000_000)),
        "edited": Experiment(
            title="edited",
            notes="# Notes\n\n![x](http://localhost/x.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |",
            data=DataSpec(points=((0.5, 1.0, 1.0), (1.0, -1.0, 0.0), (2.0, 0.25, 1.0))),
            training=TrainingSpec(steps=12, batch_size=2),
            runs=(Run(edits=(Edit(step=5, parameter="W1", index=(0, 0), value=0.5),)),),
        ),
        "wide": Experiment(
            title="wide",
            network=NetworkSpec(layers=(2, 3, 4, 2, 1), hidden="relu"),
            training=TrainingSpec(steps=30),
            runs=(*runs, Run(init=Normal(scale=30.0, seed=1))),
        ),
        "many": Experiment(
            title="many",
            training=TrainingSpec(steps=20),
            runs=runs,
            scene=EnsembleSpec(seeds=20),
        ),
    }
    for name, experiment in files.items():
        Path(folder, f"{name}.toml").write_text(format_experiment(experiment), encoding="utf-8")
    Path(folder, "damaged.toml").write_text("format = 1\ntitle = 3\n[[run]]\n", encoding="utf-8")
    Path(folder, "cut.toml").write_text('format = 1\ntitle = "', encoding="utf-8")
    write_points(Path(folder, "points.csv"), built_in("moons").load_data())
    Path(folder, "damaged.csv").write_text("x1,x2,y\n1,2\n", encoding="utf-8")


def any_file(session: Session) -> Path:
    return session.rng.choice(sorted(session.folder.iterdir()))


@action(6)
def open_built_in(session: Session) -> str:
    name = session.rng.choice(QUICK)
    session.window.open_file(name)
    return name


@action(3)
def open_file(session: Session) -> str:
    path = any_file(session)
    session.window.open_file(str(path))
    return path.name


@action(1)
def open_at(session: Session) -> str:
    """Open as a claim does: at a frame."""
    name, index = session.rng.choice(QUICK), session.rng.choice([0, 1, 7, 50, 10**6])
    session.requested = index
    session.window.open_at(name, index)
    return f"{name} at {index}"


@action(2)
def choose_example(session: Session) -> str:
    """Choose a built-in experiment in the form, by keys."""
    box = session.window.controls.findChild(QComboBox, "chooser")
    assert box
    box.setFocus()
    name = box.itemText(session.rng.randrange(box.count()))
    if name.startswith(("Five ways", "How large may", "Twenty layers")):
        return "nothing"
    QTest.keyClicks(box, name[:6])
    return repr(name[:6])


@action(2)
def drop(session: Session) -> str:
    """Drop a file, or text, somewhere."""
    window, rng = session.window, session.rng
    path = any_file(session)
    data = QMimeData()
    if rng.random() < 0.8:
        data.setUrls([QUrl.fromLocalFile(str(path))])
    else:
        data.setText("0.25")
    place = QPoint(rng.randrange(window.width()), rng.randrange(window.height()))
    arguments = data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(place, Qt.DropAction.CopyAction, *arguments))
    QApplication.sendEvent(window, QDropEvent(QPointF(place), Qt.DropAction.CopyAction, *arguments))
    return path.name if data.hasUrls() else "text"


@action(2)
def change_file(session: Session) -> str:
    """Change the file of the document, as another program does."""
    path = session.window.document.path
    if path is None or not path.is_file():
        return "nothing"
    changed = built_in("constant").replace(title=f"changed {session.rng.randrange(1000)}")
    path.write_text(format_experiment(changed), encoding="utf-8")
    session.changed_files[path] = path.read_bytes(), session.questions
    return path.name
