"""The symmetry-breaking study: one weight nudged by ever smaller ε, and the growth of the gap."""

from collections.abc import Generator, Mapping
from math import log
from typing import Annotated, ClassVar, final

import numpy as np
from msgspec import Meta

from engine import Array, Positive, counted, error_prefix, require
from engine.editing.parameters import Parameter, nudged, with_edit
from engine.experiment import (
    MAX_RUNS,
    PARTS,
    Experiment,
    Index,
    ParameterName,
    Run,
    SceneSpec,
    Steps,
    check_position,
)
from engine.io.tables import TableValue
from engine.studies.base.study import Study, register_study
from engine.studies.symmetry_breaking.growth import LinearSegment, fit_linear_segment
from engine.studies.symmetry_breaking.nudge import (
    Nudge,
    epsilon_text,
    nudge_sizes,
    visibility_texts,
)
from engine.studies.symmetry_breaking.response import Response, response
from engine.training import (
    Descent,
    Event,
    EventKind,
    first_true,
    in_chunks,
    ordered,
    parameters_of_units,
    unit_gap,
)

MOST_NUDGED_STEPS = 100_000
MOST_NUDGED_NUMBERS = 1_000_000
"""The most parameters and activations of a network that is trained with every ε in one stack."""


class BreakingSpec(SceneSpec, frozen=True, tag="breaking"):
    """One weight of a symmetric run nudged by ever smaller ε, until its units visibly differ."""

    uses = PARTS
    run_fields = Run.__struct_fields__
    trains_in_batches = True
    run_references = ("run",)
    about: ClassVar[Mapping[str, str]] = {
        "run": "The run that is nudged",
        "step": "The frame of the nudge",
        "parameter": "The array of the nudged parameter: W1, b1, W2, …",
        "index": "Its row and column there, from 0; of a bias its row",
        "visible": "The gap above which units differ visibly",
    }

    run: Annotated[int, Meta(ge=0, lt=MAX_RUNS)] = 0
    step: Steps = 0
    parameter: ParameterName = "W1"
    index: Index = (0, 0)
    visible: Positive = 0.1

    def check(self, experiment: Experiment) -> None:
        layers = experiment.network.layers
        require(
            self.run < len(experiment.runs),
            f"scene.run: there is no run {self.run}; the first one is 0",
        )
        require(
            self.step < experiment.training.steps,
            f"scene.step: nothing is trained from frame {self.step:,} on; give one before "
            f"{experiment.training.steps:,}",
        )
        require(
            max(layers[1:-1], default=1) >= 2,
            "network.layers: this scene needs a hidden layer of two units or more",
        )
        require(
            experiment.training.steps <= MOST_NUDGED_STEPS,
            f"training.steps: at most {MOST_NUDGED_STEPS:,} in this scene",
        )
        require(
            experiment.network.parameter_count + experiment.load_data().examples * sum(layers)
            <= MOST_NUDGED_NUMBERS,
            "network.layers: too large to be trained with all nudges together; use fewer "
            "units or examples",
        )
        with error_prefix("scene."):
            check_position(layers, self.parameter, self.index)


NUDGES = "How small a nudge breaks the symmetry?"
"""The undo text of `with_nudges`."""


def with_nudges(experiment: Experiment, run: int, step: int) -> Experiment:
    """Return the study that nudges the first weight of a run at a frame by ever smaller ε.

    Raises
    ------
    UsageError
        If the network has no hidden layer of two units, or is too large.
    """
    step = min(step, max(0, experiment.training.steps - 1))
    return experiment.replace(scene=BreakingSpec(run=run, step=step), panels=())


SMALL = 0.1
"""A gap below this share of a visible one is small: it grows as the linearised equations do."""


@register_study(BreakingSpec)
@final
class BreakingStudy(Study):
    """A run, and the same run with one weight nudged at one frame by each ε, as one stack.

    Attributes
    ----------
    parameter : Parameter
        The parameter that is nudged.
    epsilons : tuple of (float or None)
        The sizes of the nudges; None for one unit in the last place.
    value : float
        Its value before; NaN until the run is trained up to there.
    runs : tuple of Run
        The nudged runs, one for each of `epsilons`; empty until `value` is known.
    gaps : array (nudges, frames)
        The gap between hidden units (see `Diagnostics`); NaN from where a run diverges.
    was_symmetric : bool
        Whether all units of each layer were equal up to the nudge.
    nudges : tuple of Nudge
        The results, one for each ε; empty until the study is complete.
    response : Response or None
        Of the largest nudge that stays small, far below a visible gap; None if there is none.
    """

    spec: BreakingSpec

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.parameter = Parameter(self.spec.run, self.spec.parameter, *self.spec.index)
        self.value = np.nan
        self.runs: tuple[Run, ...] = ()
        self.epsilons = nudge_sizes(self.spec.visible)
        self.gaps = np.full((len(self.epsilons), experiment.training.steps + 1), np.nan)
        self.was_symmetric = True
        self.nudges: tuple[Nudge, ...] = ()
        self.response: Response | None = None
        self._plain: Experiment = experiment.replace(scene=None, panels=())

    @property
    def summary(self) -> str:
        run = self.experiment.runs[self.spec.run]
        was = "" if np.isnan(self.value) else f" = {self.value:.6g}"
        return (
            f"{run.name or run.init.scheme}  ·  {self.experiment.data.set_name}  ·  "
            f"{self.parameter.name}{was} + ε at frame {self.spec.step:,}"
        )

    def caption(self, index: int) -> str:
        return f"frame {index:,}"

    def nudged_experiment(self, number: int) -> Experiment:
        """Return a training of the run without and with one of the nudges."""
        run = self._plain.runs[self.spec.run]
        other = self.runs[number].replace(name=f"ε = {epsilon_text(self.epsilons[number])}")
        return self._plain.replace(runs=(run, other))

    def compute_frames(self) -> Generator[None, None, None]:
        data, step = self.experiment.load_data(), self.spec.step
        alone = Descent(self._plain, [self._plain.runs[self.spec.run]], data)
        alone.begin()
        yield from self._train(alone, step)
        row = alone.stack.layout.position(self.spec.parameter, self.spec.index)
        self.value = float(alone.stack.theta[row, 0])
        self.runs = tuple(
            with_edit(self._plain, self.parameter, step, nudged(self.value, epsilon, True)).runs[
                self.spec.run
            ]
            for epsilon in self.epsilons
        )
        together = Descent(self._plain, self.runs, data)
        together.begin()
        yield from self._train(together, self.planned_index, self.gaps)
        self.was_symmetric = self._gap(alone, 1)[0] == 0.0 and not self.gaps[:, :step].any()
        self.response = self._response()
        self.nudges = tuple(self._nudge(number) for number in range(len(self.epsilons)))
        self.events = self._events()
        self.last_index = self.planned_index
        yield

    def _train(
        self, descent: Descent, last: int, gaps: Array | None = None
    ) -> Generator[None, None, None]:
        """Train to a frame, yielding about every millisecond; store the gap of every frame."""

        def train(frame: int) -> None:
            if gaps is not None:
                gaps[:, frame] = self._gap(descent, len(gaps))
                self.last_index = frame
            if frame < last:
                descent.step()

        yield from in_chunks(train, last + 1)

    def _gap(self, descent: Descent, n: int) -> Array:
        layout, theta = descent.stack.layout, descent.stack.theta[:, :n]
        layers = [parameters_of_units(layout, theta, layer) for layer in range(1, layout.depth)]
        gap = unit_gap(layers, n)
        return np.where(np.isfinite(gap), gap, np.nan)

    def _response(self) -> Response | None:
        """Return the response to the largest nudge whose gap stays small."""
        for gap in self.gaps[:-1]:
            known = gap[np.isfinite(gap)]
            if known.max(initial=0.0) < SMALL * self.spec.visible:
                return response(gap, self.spec.step)
        return None

    def _nudge(self, number: int) -> Nudge:
        step, gap = self.spec.step, self.gaps[number, self.spec.step :]
        place = step, self.spec.parameter, self.parameter.indices
        value = next(
            edit.value
            for edit in self.runs[number].edits
            if (edit.step, edit.parameter, edit.index) == place
        )
        broken, visible = first_true(gap > 0.0), first_true(gap > self.spec.visible)
        growth = None
        if broken is not None:
            # A visible gap no longer grows; a gap of 0 has no logarithm.
            later = gap[broken:]
            end = first_true(~(later > 0.0) | (later > self.spec.visible))
            growth = fit_linear_segment(np.log(later[:end]))
            if growth is not None:
                shift = step + broken
                growth = growth._replace(first=growth.first + shift, last=growth.last + shift)
        return Nudge(
            name=epsilon_text(self.epsilons[number]),
            change=value - self.value,
            broken=None if broken is None else step + broken,
            visible=None if visible is None else step + visible,
            growth=growth,
        )

    def _events(self) -> tuple[Event, ...]:
        text = f"{self.parameter.name} nudged by ε"
        events = [Event(self.spec.step, 0, EventKind.SYMMETRY_BROKEN, text)]
        for nudge in self.nudges:
            if nudge.visible is not None:
                text = f"ε = {nudge.name}: units visibly differ"
                events.append(Event(nudge.visible, 0, EventKind.SYMMETRY_VISIBLE, text))
        return ordered(events)

    def table(self, index: int) -> list[dict[str, TableValue]]:
        none = LinearSegment(-1, -1, np.nan, np.nan, np.nan)
        return [
            {
                "frame": index,
                "epsilon": nudge.name,
                "change": nudge.change,
                "gap": float(self.gaps[number, index]),
                "frames_until_visible": self.frames_until_visible(nudge),
                "e_foldings_per_100_frames": 100.0 * (nudge.growth or none).rate,
                "fitted_from": (nudge.growth or none).first,
                "fitted_to": (nudge.growth or none).last,
                "r_squared": (nudge.growth or none).r_squared,
            }
            for number, nudge in enumerate(self.nudges)
        ]

    def frames_until_visible(self, nudge: Nudge) -> int:
        """Return the number of frames from the nudge until units visibly differ; −1 if never."""
        return -1 if nudge.visible is None else nudge.visible - self.spec.step

    def outcome(self, number: int) -> str:
        """Return the result of a nudge in a few words."""
        nudge = self.nudges[number]
        if nudge.broken is None:
            return "lost by rounding"
        if nudge.visible is not None:
            frames = self.frames_until_visible(nudge)
            return f"visible after {counted(frames, 'frame')}"
        if self.gaps[number, -1] == 0.0:
            return "equal again, by rounding"
        return f"not visible by frame {self.planned_index:,}"

    @property
    def typical_rate(self) -> float:
        """The median growth rate over all ε, in e-foldings a frame; NaN without growth."""
        rates = [nudge.growth.rate for nudge in self.nudges if nudge.growth is not None]
        return float(np.median(rates)) if rates else np.nan

    @property
    def longer(self) -> Experiment | None:
        """The study with more steps, if nudges are invisible that grow.

        The steps suffice for the smallest power of ten if fast growth continues. Where it has
        ended, they are five times as many.
        """
        smallest, last, grown = self.gaps[-2, -1], self.planned_index, self.response
        if not self.nudges or grown is None or grown.change <= 0.0 or grown.first < 0:
            return None
        steps = 5.0 * last
        if not grown.has_ended and smallest > 0.0:
            steps = last + 1.3 * log(self.spec.visible / smallest) / grown.rate
        most = min(round(float(f"{steps:.2g}")), MOST_NUDGED_STEPS)
        if most <= last or self.nudges[-2].visible is not None:
            return None
        training = self.experiment.training.replace(steps=most)
        return self.experiment.replace(training=training)

    def findings(self) -> list[str]:
        lines = []
        for number, nudge in enumerate(self.nudges):
            words = f"ε = {nudge.name}: {self.outcome(number)}"
            if nudge.growth is not None:
                words += (
                    f"; {100.0 * nudge.growth.rate:.3g} e-foldings in 100 frames, fitted to "
                    f"frames {nudge.growth.first:,} to {nudge.growth.last:,}"
                )
            lines.append(words)
        return lines + self.conclusions

    @property
    def conclusions(self) -> list[str]:
        """What the nudges of a complete study show, in one to three sentences."""
        if not self.was_symmetric:
            return ["The units differ even before the nudge: this run is not symmetric."]
        step, rate = self.spec.step, self.typical_rate
        lines = visibility_texts(self.nudges[:-1], step, self.planned_index, self.response)
        if self.response is not None:
            lines.append(self.response.text)
        elif rate == rate:
            lines.append(
                f"The equal state repels: the difference grows by a factor e in {1.0 / rate:.3g} "
                "frames."
            )
        return lines
