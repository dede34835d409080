"""The catalogue of all panels, in their order on the stage."""

from collections.abc import Iterable, Sequence

from engine.errors import UsageError, unknown_name
from engine.experiment.experiment import Experiment
from gui.panels.base.panel import Panel
from gui.panels.depth.layers import DepthActivationsPanel, DepthGradientsPanel, DepthNetworkPanel
from gui.panels.depth.ratios import DepthSizesPanel, DepthTablePanel
from gui.panels.ensemble.curves import LossBandsPanel, SurvivalPanel
from gui.panels.ensemble.dots import DotsPanel
from gui.panels.ensemble.surfaces import SurfacesPanel
from gui.panels.ensemble.sweep import LossByValuePanel, SolvedByValuePanel, StepsByValuePanel
from gui.panels.ensemble.table import EnsembleTablePanel
from gui.panels.explanation.chain_rule import ChainRulePanel
from gui.panels.explanation.induction import InductionPanel
from gui.panels.explanation.row_factors import RowFactorsPanel
from gui.panels.explanation.update import UpdatePanel
from gui.panels.logistic.logistic import (
    LogisticDistancePanel,
    LogisticLinesPanel,
    LogisticLossPanel,
    LogisticPathsPanel,
)
from gui.panels.network_diagram.network import NetworkPanel
from gui.panels.perceptron.rates import (
    PerceptronErrorsPanel,
    PerceptronRoundingPanel,
    PerceptronUnitsPanel,
)
from gui.panels.perceptron.samples import (
    PerceptronPlanePanel,
    PerceptronSignsPanel,
    PerceptronWeightsPanel,
)
from gui.panels.saturation.curves import (
    GradientByScalePanel,
    LossByScalePanel,
    SaturatedByScalePanel,
    SteepnessPanel,
)
from gui.panels.saturation.scale import SaturationCurvePanel, SaturationHistogramPanel
from gui.panels.symmetry_breaking.breaking import BreakingGapPanel, BreakingTablePanel
from gui.panels.training.curves import GapPanel, LogGapPanel, LossPanel
from gui.panels.training.decision import DecisionPanel
from gui.panels.training.first_change import FirstChangePanel
from gui.panels.training.first_weights import FirstPassPanel, FirstWeightsPanel
from gui.panels.training.gradient_rows import GradientRowsPanel
from gui.panels.training.saturation import SaturationPanel
from gui.panels.training.summary_table import SummaryTablePanel
from gui.panels.training.weight_space import WeightSpacePanel
from gui.panels.variance.variance import (
    VarianceByInputsPanel,
    VarianceDerivationPanel,
    VarianceHistogramPanel,
)

PANELS: dict[str, type[Panel]] = {
    panel.name: panel
    for panel in (
        NetworkPanel,
        GradientRowsPanel,
        SaturationPanel,
        WeightSpacePanel,
        DecisionPanel,
        InductionPanel,
        ChainRulePanel,
        RowFactorsPanel,
        UpdatePanel,
        FirstWeightsPanel,
        FirstPassPanel,
        FirstChangePanel,
        SummaryTablePanel,
        LossPanel,
        GapPanel,
        LogGapPanel,
        PerceptronPlanePanel,
        PerceptronWeightsPanel,
        PerceptronSignsPanel,
        PerceptronErrorsPanel,
        PerceptronUnitsPanel,
        PerceptronRoundingPanel,
        LogisticPathsPanel,
        LogisticLinesPanel,
        LogisticLossPanel,
        LogisticDistancePanel,
        SaturationCurvePanel,
        SaturationHistogramPanel,
        SaturatedByScalePanel,
        GradientByScalePanel,
        LossByScalePanel,
        SteepnessPanel,
        VarianceHistogramPanel,
        VarianceByInputsPanel,
        VarianceDerivationPanel,
        DepthNetworkPanel,
        DepthActivationsPanel,
        DepthGradientsPanel,
        DepthSizesPanel,
        DepthTablePanel,
        SurvivalPanel,
        LossBandsPanel,
        EnsembleTablePanel,
        DotsPanel,
        SurfacesPanel,
        SolvedByValuePanel,
        StepsByValuePanel,
        LossByValuePanel,
        BreakingGapPanel,
        BreakingTablePanel,
    )
}
"""Every panel by its name."""


def panels_of(kind: str) -> list[type[Panel]]:
    """Return the panels for a kind of scene."""
    return [panel for panel in PANELS.values() if panel.kind == kind]


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return panel names in the order of the catalogue; raise `UsageError` for an unknown one."""
    names = tuple(names)
    for name in names:
        if name not in PANELS:
            raise unknown_name("panel", name, PANELS)
    return tuple(name for name in PANELS if name in names)


def shown_panels(experiment: Experiment, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of the panels that an experiment shows, in order.

    They are those of `names` that its kind of scene has, or else those of the experiment, or else
    those that its kind of scene shows by default.
    """
    kinds = panels_of(experiment.kind)
    for chosen in (names, experiment.panels):
        shown = tuple(panel.name for panel in kinds if panel.name in chosen)
        if shown:
            return shown
    return tuple(panel.name for panel in kinds if panel.by_default)


def check_panels(experiment: Experiment) -> None:
    """Raise `UsageError` if the experiment names a panel that its scene does not have."""
    known = [panel.name for panel in panels_of(experiment.kind)]
    for number, name in enumerate(experiment.panels):
        if name not in known:
            raise UsageError(f"panels[{number}]: {unknown_name('panel', name, known)}")
