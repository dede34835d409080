"""The domains of trainings, and conditions and margins that several claims share."""

import numpy as np

from engine.claims.attack import starts
from engine.claims.attack.attack import Flags
from engine.claims.attack.trainings import Trained, Trainings
from engine.nn.activations import ACTIVATIONS, activation
from engine.nn.network import ParameterLayout
from engine.types import Array

BOUNDED = tuple(name for name in ACTIVATIONS if len(ACTIVATIONS[name].asymptotes) == 2)
SIZES = "up to 5 hidden layers and 17 units in each"
ANY = f"every data set, activation and loss, {SIZES}"

ZERO = Trainings(f"trainings from zero: {ANY}", (starts.zeros,), steps=(20, 60))
STEEP = Trainings(
    f"first steps from zero with β = 1/2, 2 and 3: {ANY}",
    (starts.zeros,),
    betas=(0.5, 2.0, 3.0),
    steps=(1,),
)
EQUAL = Trainings(
    f"trainings from zeros, ones, other constants and equal random rows: {ANY}",
    (starts.equal, starts.zeros),
)
NEARLY_EQUAL = Trainings(
    f"trainings from equal units, some with one or two other parameters: {ANY}",
    (starts.equal, starts.nearly_equal),
    steps=(20, 60),
)
RANDOM = Trainings(
    f"trainings from every scheme that draws its weights: {ANY}", (starts.drawn,), steps=(20, 60)
)
UNBIASED = Trainings(
    f"trainings from random weights, with W of the last layer drawn or zero: {ANY}",
    (starts.unbiased, starts.without_last_weights),
    depths=(1, 1, 2, 3, 5),
    steps=(60,),
)
LARGE = Trainings(
    f"trainings from N(0, s²), s from 1 to 1000: {ANY}", (starts.large,), steps=(20, 60)
)
SATURABLE = Trainings(
    f"trainings of units that can saturate, from N(0, s²), s from 10 to 10,000, {SIZES}",
    (starts.huge,),
    hidden=tuple(name for name in ACTIVATIONS if activation(name).asymptotes),
    steps=(20, 60),
)
RELU = Trainings(
    f"ReLU trainings from random weights and biases from −1 to 0: every data set and loss, {SIZES}",
    (starts.biased,),
    hidden=("relu",),
    depths=(1, 2, 2, 3, 5),
    steps=(60, 200),
)
LOGISTIC = Trainings(
    "logistic regression, from zero and from random weights, on every data set",
    (starts.zeros, starts.drawn),
    heads=(("sigmoid", "cross-entropy"),),
    depths=(0,),
    steps=(2000,),
    rates=(0.3, 1.0),
    both=True,
)


def everywhere(t: Trained, condition: bool = True) -> Flags:
    """Return the same condition for all experiments, without those that diverge."""
    return t.is_finite & condition


def blocks_zero(t: Trained) -> bool:
    """Return whether some hidden layer outputs zero for z = 0."""
    return any(float(unit(np.zeros(1))[0]) == 0.0 for unit in t.spec.hidden_activations)


def all_zero_at_zero(t: Trained) -> bool:
    """Return whether there are hidden layers, and all of them output zero for z = 0."""
    values = [float(unit(np.zeros(1))[0]) for unit in t.spec.hidden_activations]
    return bool(values) and not any(values)


def is_balanced(t: Trained) -> Flags:
    """Return where the mean target equals the output for z = 0, as for two balanced classes.

    Hidden units and outputs must be 0 or 1/2: other sums are zero only up to rounding.
    """
    at_zero = np.empty((t.spec.layers[-1], 1))
    t.spec.head.predict(np.zeros_like(at_zero), at_zero)
    hidden = [unit(np.zeros(1)) for unit in t.spec.hidden_activations]
    known = all(bool(np.isin(values, (0.0, 0.5)).all()) for values in (at_zero, *hidden))
    same = t.Y.sum(axis=1) == at_zero * t.Y.shape[1]
    return np.asarray(known & same.all(axis=0))


def zero_does_not_learn(t: Trained) -> Flags:
    """Return where a start from zero changes nothing, or only the last biases."""
    return everywhere(t, bool(t.hidden)) & (blocks_zero(t) | is_balanced(t))


def starts_at_zero(t: Trained) -> Flags:
    """Return where every parameter is zero at the start."""
    return np.asarray((t.theta[0] == 0.0).all(axis=0))


def equal_layers(t: Trained) -> Flags:
    """Return in which hidden layers all units are equal at the start, (hidden layers, n)."""
    return np.asarray(t.gaps[:, 0] == 0.0)


def difference_of_equal_units(t: Trained) -> Array:
    """Return minus the largest difference, in any frame, of units that are equal at the start."""
    gaps = np.where(equal_layers(t), t.gaps.max(axis=1), 0.0)
    return np.asarray(-gaps.max(axis=0))


def some_equal_layer(t: Trained) -> Flags:
    """Return where all units of some hidden layer, of two or more, are equal at the start."""
    wide = np.array([size > 1 for size in t.spec.layers[1:-1]], dtype=bool)
    return np.asarray(everywhere(t) & (equal_layers(t) & wide[:, None]).any(axis=0))


def all_layers_equal(t: Trained) -> Flags:
    """Return where the units of every hidden layer are equal at the start."""
    return everywhere(t, bool(t.hidden)) & equal_layers(t).all(axis=0)


def equal_cannot_classify(t: Trained) -> Flags:
    """Return where equal units cannot classify all examples correctly.

    Equal units are one unit for each layer. Its output is monotone along one direction, so the
    classes must be separable by a line. From zero it may even be constant.
    """
    no_line = t.classifies & ~t.is_separable & is_monotone(t)
    never = starts_at_zero(t) & zero_does_not_learn(t) & t.classifies & has_two_classes(t)
    return all_layers_equal(t) & (no_line | never)


def is_monotone(t: Trained) -> bool:
    """Return whether all hidden activations, and every output, only rise or only fall.

    Of three classes of softmax, the second may be between the others.
    """
    if t.spec.head.activation is None and t.spec.layers[-1] > 2:
        return False
    steps = [np.diff(unit(np.linspace(-10.0, 10.0, 201))) for unit in t.spec.hidden_activations]
    return all((step >= 0.0).all() or (step <= 0.0).all() for step in steps)


def has_two_classes(t: Trained) -> Flags:
    """Return where some output has targets of both classes."""
    return np.asarray((np.ptp(t.Y, axis=1) > 0.0).any(axis=0))


def stays_at_zero(t: Trained) -> Flags:
    """Return where a start from zero, of two classes, learns nothing and leaves W1 at zero.

    A rate that by chance takes the mean output to the mean target in one step does so, too, but
    only that rate.
    """
    still = starts_at_zero(t) & (zero_first_weights(t) == 0.0) & zero_does_not_learn(t)
    return np.asarray(still & has_two_classes(t) & t.classifies)


def wrong_examples(t: Trained) -> Array:
    """Return the least number of wrong examples, minus one half: negative once all are right."""
    return t.wrong - 0.5


def slopes(t: Trained, layer: int) -> Array:
    """Return the derivatives (units, m, n) of the activations of a layer at the start."""
    first = t.at(0)
    unit = t.spec.activations[layer - 1]
    assert unit is not None
    result = np.empty_like(first.Z[layer])
    unit.slope(first.Z[layer], first.A[layer], result)
    return result


def is_flat(t: Trained, layer: int, bound: float = 1e-12) -> Flags:
    """Return where every unit of a layer has a derivative below a bound for every example."""
    return np.asarray(np.abs(slopes(t, layer)).max(axis=(0, 1)) < bound)


def hidden_is_flat(t: Trained) -> Flags:
    """Return where every unit of every hidden layer is saturated for every example."""
    flat = [is_flat(t, layer) for layer in t.hidden]
    return everywhere(t, bool(flat)) & np.all(flat, axis=0) if flat else everywhere(t, False)


def output_is_flat(t: Trained) -> Flags:
    """Return where every output is saturated for every example, and the loss is squared error."""
    if t.spec.loss != "mean-squared-error" or t.spec.head.activation is None:
        return everywhere(t, False)
    return everywhere(t) & is_flat(t, t.layout.depth)


def change_of_loss(t: Trained) -> Array:
    """Return 0.001 minus the change of the loss in training."""
    return np.asarray(1e-3 - np.abs(t.losses[-1] - t.losses[0]))


def dead_units(t: Trained, layer: int = 1) -> Flags:
    """Return which units (units, n) of a layer have a derivative of zero for every example."""
    return np.asarray((slopes(t, layer) == 0.0).all(axis=1))


def revival(t: Trained, layers: range | None = None) -> Array:
    """Return the least −z, over frames and examples, of units that are dead at the start.

    Negative if a dead unit of one of the layers, the first one unless given, is active later.
    """
    margins = []
    for layer in layers or range(1, 2):
        dead = dead_units(t, layer)
        highest = np.max([each.Z[layer].max(axis=1) for each in t.passes], axis=0)
        margins.append(np.where(dead, -highest, np.inf).min(axis=0))
    return np.asarray(np.min(margins, axis=0))


def is_bounded(t: Trained) -> bool:
    """Return whether there are hidden layers, all with bounded activations."""
    return bool(t.hidden) and {*t.spec.hidden_names} <= {*BOUNDED}


def constant_output(t: Trained) -> Array:
    """Return minus the largest difference of an output between examples, in any frame."""
    return -t.output_spread


def units_alike(t: Trained) -> Array:
    """Return minus the largest difference of two outputs of hidden units, in any frame."""
    spreads = [np.ptp(each.A[layer], axis=0).max(axis=0) for each in t.passes for layer in t.hidden]
    return -np.max(spreads, axis=0) if spreads else np.full(t.losses.shape[1], np.nan)


def hidden_outputs(t: Trained) -> Array:
    """Return minus the largest output of a hidden unit, in any frame."""
    sizes = [np.abs(each.A[layer]).max(axis=(0, 1)) for each in t.passes for layer in t.hidden]
    return -np.max(sizes, axis=0) if sizes else np.full(t.losses.shape[1], np.nan)


def weighted_sums_at_start(t: Trained) -> Array:
    """Return minus the largest |z| of any unit at the start."""
    return np.asarray(-np.max([np.abs(Z).max(axis=(0, 1)) for Z in t.at(0).Z[1:]], axis=0))


def unchanged(t: Trained) -> Array:
    """Return minus the largest change of a parameter."""
    return np.asarray(-np.abs(t.theta - t.theta[0]).max(axis=(0, 1)))


def zero_first_weights(t: Trained) -> Array:
    """Return minus the largest weight of W1, in any frame."""
    return np.asarray(
        -np.max([np.abs(t.layout.weights(theta, 1)).max(axis=(0, 1)) for theta in t.theta], axis=0)
    )


def only_last_layer_changes(t: Trained) -> Array:
    """Return 0 where the first step changes the weights of the last layer only, else −1."""
    hidden = [t.change(layer, 1) == 0.0 for layer in t.hidden]
    W = [t.layout.weights(theta, t.layout.depth) for theta in t.theta[:2]]
    last = (W[0] != W[1]).any(axis=(0, 1))
    return np.where(np.all([last, *hidden], axis=0), 0.0, -1.0)


def difference_of_rows(t: Trained) -> Array:
    """Return minus the largest difference between rows of dW1, or of dZ1, at the start."""
    first = t.at(0)
    dW = np.ptp(t.layout.weights(first.gradient, 1), axis=0).max(axis=0)
    return np.asarray(-np.maximum(dW, np.ptp(first.dZ[1], axis=0).max(axis=0)))


def first_layer_is_equal(t: Trained) -> Flags:
    """Return where the units of the first hidden layer are equal at the start."""
    return everywhere(t, bool(t.hidden)) & equal_layers(t)[:1].all(axis=0)


def difference_from_one_unit(t: Trained) -> Array:
    """Return how far a network of equal units is from another output than one unit for each layer.

    The single unit has the incoming weights of one of them, and the sum of their outgoing weights.
    """
    one = t.spec.replace(layers=(t.spec.layers[0], *(1 for _ in t.hidden), t.spec.layers[-1]))
    layout = ParameterLayout(one.layers)
    theta = np.zeros((layout.size, t.losses.shape[1]))
    for layer in range(1, t.layout.depth + 1):
        rows, small = t.layout.rows(t.theta[-1], layer), layout.rows(theta, layer)
        is_last = layer == t.layout.depth
        small[:, -1] = rows[:, -1] if is_last else rows[:1, -1]
        weights = rows[:, :-1] if layer == 1 else rows[:, :-1].sum(axis=1, keepdims=True)
        small[:, :-1] = weights if is_last else weights[:1]
    outputs = t.at(-1).A[-1], t.one_pass(theta, spec=one).A[-1]
    size = 1.0 + np.abs(outputs[0]).max(axis=(0, 1))
    return np.asarray(1e-9 - np.abs(outputs[0] - outputs[1]).max(axis=(0, 1)) / size)


def ratio_of_steep_gradients(t: Trained) -> Array:
    """Return how far the first gradient is from not being β times that for β = 1."""
    plain = t.one_pass(t.theta[0], spec=t.spec.replace(beta=1.0)).gradient
    error = np.abs(t.at(0).gradient - t.spec.beta * plain).max(axis=0)
    return np.asarray(1e-12 * (1.0 + np.abs(plain).max(axis=0)) - error)


def has_sigmoid_output(t: Trained) -> Flags:
    """Return where the output is a sigmoid."""
    return everywhere(t, t.spec.output == "sigmoid")


def hidden_and_balanced(t: Trained) -> Flags:
    """Return where there is a hidden layer, and the mean target equals the output for z = 0."""
    return everywhere(t, bool(t.hidden)) & is_balanced(t)


def only_sigmoid_and_unbalanced(t: Trained) -> Flags:
    """Return where all hidden units are sigmoid, and no mean target is the output for z = 0."""
    at_zero = t.at(0).A[-1][:, :1].mean(axis=1)
    unbalanced = (np.abs(t.Y.mean(axis=1) - at_zero) > 1e-9).any(axis=0)
    return np.asarray(everywhere(t, bool(t.hidden) and not blocks_zero(t)) & unbalanced)


def has_dead_unit(t: Trained) -> Flags:
    """Return where a unit of the first hidden layer is dead for every example at the start."""
    return everywhere(t, bool(t.hidden)) & dead_units(t).any(axis=0)


def has_dead_unit_anywhere(t: Trained) -> Flags:
    """Return where a unit of some hidden layer is dead for every example at the start."""
    return np.asarray(
        everywhere(t) & np.any([dead_units(t, layer).any(axis=0) for layer in t.hidden], axis=0)
    )


def first_gradient(t: Trained) -> Array:
    """Return how far the largest entry of dW1 is below a millionth of that of the last dW, or 1."""
    first, last = (
        np.abs(t.layout.weights(t.at(0).gradient, layer)).max(axis=(0, 1))
        for layer in (1, t.layout.depth)
    )
    return np.asarray(1e-6 - first / np.maximum(1.0, last))


def frozen_weights(t: Trained) -> Array:
    """Return 0.001 minus the largest change of W1."""
    return 1e-3 - t.change(1)


def is_flat_and_calm(t: Trained) -> Flags:
    """Return where all hidden units are saturated for all examples, and the loss never grows."""
    return np.asarray(hidden_is_flat(t) & (t.losses.max(axis=0) <= t.losses[0]))


def loss_of_zero_falls(t: Trained) -> Flags:
    """Return where the loss from zero falls in every stored frame: the rate is small enough."""
    return everywhere_in_pairs(t) & (np.diff(t.by_run(t.losses)[:, 0], axis=0) <= 0.0).all(axis=0)


def everywhere_in_pairs(t: Trained) -> Flags:
    """Return where neither run diverges."""
    return np.asarray(t.by_run(t.is_finite).all(axis=0))


def loss_of_zero_start(t: Trained) -> Array:
    """Return how far the final loss from zero is from exceeding that from random weights by 0.1."""
    zero, other = t.by_run(t.losses[-1])
    return np.asarray(other + 0.1 - zero)


def flat_units(t: Trained) -> Flags:
    """Return which first hidden units have a derivative of exactly zero for every example."""
    return dead_units(t) if t.hidden else np.zeros((0, t.losses.shape[1]), dtype=bool)


def has_flat_unit(t: Trained) -> Flags:
    """Return where a first hidden unit has a derivative of exactly zero for every example."""
    return everywhere(t) & flat_units(t).any(axis=0)


def gradient_of_flat_units(t: Trained) -> Array:
    """Return minus the largest entry of [dW1 db1] of such units at the start."""
    rows = np.abs(t.layout.rows(t.at(0).gradient, 1)).max(axis=1)
    return np.asarray(-np.where(flat_units(t), rows, 0.0).max(axis=0))
