"""The terms of the glossary. A term is added here, and nowhere else."""

from dataclasses import dataclass
from typing import final

from engine.nn import ASYMPTOTE_MARGIN
from engine.training import PLATEAU_CHANGE, PLATEAU_FRAMES, PLATEAU_LOSS, VISIBLE_GAP


@final
@dataclass(frozen=True)
class Term:
    """A term with its definition.

    Attributes
    ----------
    name : str
        As in the glossary.
    text : str
        The definition, in one or two sentences.
    formula : str
        The same as a formula in plain text; empty where there is none.
    words : tuple of str
        The words that stand for the term in a text on screen, besides its name. Words of small
        letters match capitals, too.
    labels : tuple of str
        Whole texts on screen that stand for it, where a part of a text would be ambiguous.
    """

    name: str
    text: str
    formula: str = ""
    words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name in an address, such as `percent-right`."""
        name = self.name.replace("%", "percent").replace("²", "2")
        return "-".join("".join(c if c.isalnum() else " " for c in name).lower().split())


GLOSSARY: tuple[Term, ...] = (
    Term(
        "saturated",
        f"An activation is saturated where it is within {ASYMPTOTE_MARGIN:g} of a value that its "
        "function approaches but does not reach; the derivative is almost 0 there. A unit is "
        "saturated if that is so for every example.",
        f"|a − limit| < {ASYMPTOTE_MARGIN:g}",
        ("saturation",),
    ),
    Term(
        "inactive",
        "A ReLU unit is inactive for an example where its output is 0; its derivative is 0 there.",
        "z ≤ 0, so a = max(0, z) = 0",
    ),
    Term(
        "dead",
        "A ReLU unit is dead while it is inactive for every example: its weights and its bias get "
        "no gradient. It is active again if its inputs change so that z > 0 for some example.",
        "z ≤ 0 for every example",
        ("active again", "alive"),
    ),
    Term(
        "red bands",
        "The red bands of a plot over z are the ranges in which the activation is saturated, or a "
        "ReLU unit inactive.",
        words=("shaded red",),
    ),
    Term(
        "gap",
        "The greatest difference between two units of one hidden layer in an incoming weight, the "
        "bias or an outgoing weight. It is exactly 0 if and only if all units of every hidden "
        "layer are equal.",
        "max |θᵢ − θⱼ| over units i, j of a layer; θ: incoming w, b, outgoing v",
        ("diversity",),
    ),
    Term(
        "visible",
        f"Two units differ visibly if the gap is above {VISIBLE_GAP:g}, or above the value that a "
        "study of nudges names.",
        f"gap > {VISIBLE_GAP:g}",
        ("visibly", "invisible"),
    ),
    Term(
        "% right",
        "The share of the examples whose outputs are all on the same side of one half as their "
        "targets; with softmax, of those whose greatest output is that of their class.",
        "ŷ > ½ exactly where y = 1",
        ("all right", "examples right"),
        ("accuracy",),
    ),
    Term(
        "ulp",
        "One unit in the last place: the distance from a number to the next in floating point.",
        "nextafter(w, ∞) − w; 2⁻⁵² ≈ 2.2·10⁻¹⁶ for w from 1 to 2",
    ),
    Term(
        "e-folding",
        "Growth by the factor e ≈ 2.718. The number of e-foldings in 100 frames is a growth rate: "
        "the slope of the logarithm.",
        "ln(gap at the end / gap at the start)",
        ("e-foldings", "factor e"),
    ),
    Term(
        "plateau",
        f"The loss is on a plateau while it changes by less than {PLATEAU_CHANGE:.1%} of itself in "
        f"{PLATEAU_FRAMES} frames, is at least {PLATEAU_LOSS:g}, and some examples are wrong.",
        f"max − min < {PLATEAU_CHANGE:g} · max over {PLATEAU_FRAMES + 1} frames",
    ),
    Term(
        "distinct units",
        "The number of different units of a hidden layer. Equal units count once, because together "
        "they compute what a single unit can.",
        words=("effective units",),
        labels=("distinct",),
    ),
    Term(
        "repels",
        "The equal state repels where a small difference between equal units grows, and attracts "
        "where it shrinks: the sign of its growth rate is measured.",
        "d ln(gap) / dt > 0",
        ("attracts",),
    ),
    Term(
        "solved",
        "A network is solved in the first step in which its loss is below a threshold, or all "
        "examples are right, as the heading of the stage says.",
    ),
    Term(
        "95 % interval",
        "The score interval of Wilson: in 95 of 100 ensembles, such an interval contains the share "
        "of all seeds. A run without randomness has none.",
        words=("95 % intervals",),
        labels=("interval, %",),
    ),
    Term(
        "median step",
        "The step by which half of the networks are solved. The median of the solved ones leaves "
        "out those that are not solved, so it is too early for all networks; the median of all "
        "is the Kaplan–Meier estimate.",
        words=("median of solved", "median steps", "of solved networks"),
        labels=("of all",),
    ),
    Term(
        "solved sooner",
        "The share of pairs of networks, one of each run, of which the first is solved sooner; "
        "ties count half. One half is no effect.",
        labels=("vs A", "vs B", "vs C", "vs D"),
    ),
    Term("median", "Half of the values are at most this large.", labels=("medians",)),
    Term("diverged", "A run ends where its loss or a parameter is no longer a finite number."),
    Term(
        "standard error",
        "The standard deviation of a measured number over repeated draws. By chance alone, about "
        "one number in twenty is more than two standard errors from the expected value.",
        "of a variance: variance · √((kurtosis − 1) / number of draws)",
        ("standard errors",),
    ),
    Term(
        "deviation",
        "The standard deviation: the square root of the variance.",
        "√(mean (w − mean w)²)",
    ),
    Term(
        "promised",
        "The value that follows from the formula of a scheme, before any weight is drawn.",
    ),
    Term("derived", "A number that follows from formulas and is not measured."),
    Term(
        "Var(z)",
        "The variance of the sum z over many draws of weights and inputs.",
        "Var(z) = n Var(w x) for uncorrelated products",
    ),
    Term(
        "typical size",
        "The root mean square over units and examples.",
        "√(mean a²)",
        ("root mean square",),
    ),
    Term(
        "dZ",
        "The error of a unit: the derivative of the loss of an example with respect to its z, "
        "which is propagated back.",
        "dZ[l] = W[l+1]ᵀ dZ[l+1] · g′(Z[l])",
        ("|dZ|",),
    ),
    Term(
        "gradient rows",
        "Row j of dW is the derivative of the loss with respect to the incoming weights of unit "
        "j. Equal rows change units by the same amounts.",
        "dW[l] = (1/m) dZ[l] A[l−1]ᵀ",
        ("dW[1]", "rows differ", "rows identical", "rows equal", "one row"),
    ),
    Term(
        "gradient norm",
        "The size of the gradient of the first layer: the root of the sum of the squares of its "
        "entries.",
        "‖dW₁‖ = √(Σ dW₁[j,k]²)",
        ("‖dW₁‖", "Mean |dW₁|"),
    ),
    Term(
        "exactly 0",
        "Zero to the last binary digit, not a small number that is displayed as 0.",
        words=("exactly",),
    ),
    Term(
        "weight space",
        "A plane in which each hidden unit is a point, at its incoming weights from the first two "
        "inputs.",
        "(w₁, w₂)",
    ),
    Term(
        "decision",
        "The first output for every point of the plane; it is undecided at one half.",
        "ŷ(x₁, x₂)",
    ),
    Term(
        "z",
        "The sum of a unit before its activation function.",
        "z = w·x + b",
        ("hidden z", "output z"),
        ("z",),
    ),
    Term("a", "The output of a unit.", "a = g(z)", labels=("a",)),
    Term(
        "learning rate",
        "The factor η of a step: the gradient times η is subtracted from the parameters.",
        "W := W − η dW",
        ("η",),
    ),
    Term(
        "steepness",
        "The factor β by which an activation function multiplies z.",
        "a = g(βz)",
        ("β",),
    ),
    Term(
        "loss",
        "The mean over the examples of the cross-entropy or the squared error.",
        "−y ln ŷ − (1 − y) ln(1 − ŷ), with softmax −Σ y ln ŷ, or (ŷ − y)²",
        ("cross-entropy", "squared error", "mean-squared-error"),
    ),
    Term(
        "gradient",
        "The derivatives of the mean loss with respect to the parameters. Backpropagation "
        "computes them by the chain rule, from the last layer to the first.",
        words=("gradients", "chain rule"),
    ),
    Term(
        "derivative",
        "The slope of a function: its change for a small change of a number, divided by that "
        "change.",
        words=("slope",),
    ),
    Term(
        "symmetry",
        "The units of a hidden layer are symmetric while they are equal: exchanging two of them "
        "changes nothing, so they get the same gradient.",
    ),
    Term("bias", "The number that a unit adds to the weighted sum of its inputs.", "z = w·x + b"),
    Term(
        "sigmoid",
        "A smooth step from 0 to 1, whose derivative is at most 1/4.",
        "1 / (1 + exp(−z))",
    ),
    Term(
        "softmax",
        "The shares of several outputs, one for each class, which sum to 1: the predicted "
        "probability of each class.",
        "ŷⱼ = exp(zⱼ) / (exp(z₁) + … + exp(z_K))",
    ),
    Term(
        "class",
        "The group of an example, which the network predicts. With one output, the target is 0 or "
        "1; with softmax, each class has its own output.",
        words=("classes",),
    ),
    Term("tanh", "A smooth step from −1 to 1, whose derivative is at most 1.", "2 sigmoid(2z) − 1"),
    Term("ReLU", "The rectified linear unit: z if it is above 0, else 0.", "max(0, z)", ("relu",)),
    Term(
        "fan-in",
        "The number of incoming weights of a unit; the fan-out is that of its outgoing weights.",
        words=("nᵢₙ", "nₒᵤₜ", "n_in", "n_out"),
    ),
    Term("variance", "The mean of the squared distances from the mean.", "E[(z − E[z])²]"),
    Term(
        "uncorrelated",
        "Two numbers are uncorrelated if the mean of their product is the product of their means; "
        "the variances of such numbers add.",
        "E[u v] = E[u] E[v]",
    ),
    Term(
        "swallowed",
        "A change that is lost by rounding, because the number is too large for it.",
        "w + ε = w in float64",
        ("lost by rounding",),
    ),
    Term("nudge", "A small change ε of one weight.", words=("nudges", "ε")),
    Term("R²", "The share of the variance that the fitted line explains; 1 on a straight line."),
    Term(
        "fitted",
        "The least squares line through the straight part of the gap's logarithm that rises the "
        "most.",
    ),
    Term(
        "logarithmic",
        "On a logarithmic axis, equal distances are equal factors; 0 has no place on it.",
    ),
    Term("optimum", "The weights of the least loss.", words=("distance to the optimum",)),
    Term("epoch", "One pass through all samples."),
    Term(
        "linearly separable",
        "Some line has all points of one class on one side, and all others on the other side.",
        words=("separable",),
    ),
    Term("float64", "A number of 53 binary digits, as NumPy computes with.", words=("float64",)),
    Term(
        "hypothesis",
        "The proof by induction: units that are equal in one frame (hypothesis) get equal "
        "gradients, and so are equal in the next (step). They must be equal at the start (base "
        "case).",
        words=("base case",),
        labels=("step", "so"),
    ),
)
"""All terms, in the order in which a text that contains several is explained."""
