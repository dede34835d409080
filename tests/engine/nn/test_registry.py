"""Names of PyTorch, Keras, JAX and NumPy find the entries of the registries."""

import pytest

from engine.errors import UsageError
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import SCHEMES, Normal, initialize_parameters
from engine.nn.losses import LOSSES
from engine.nn.registry import Registry
from engine.nn.spelling import LONGEST, compact, folded

SCHEME_NAMES = {
    "zeros": ["zeros_", "nn.init.zeros_(self.bias)", "Zeros", "np.zeros((3, 4))"],
    "ones": ["ones_", "tf.keras.initializers.Ones()", "jax.nn.initializers.ones"],
    "he-normal": [
        "kaiming_normal_",
        "kaiming-normal",
        "HeNormal",
        "jax.nn.initializers.he_normal()",
        "np.random.randn(n_out, n_in) * np.sqrt(2 / n_in)",
        "np.random.randn(dims[l], dims[l-1]) * np.sqrt(2. / dims[l-1])",
    ],
    "he-uniform": ["kaiming_uniform_", "torch.nn.init.kaiming_uniform_(w)", "he_uniform"],
    "glorot-normal": ["xavier_normal", "nn.init.xavier_normal_", "GlorotNormal"],
    "glorot-uniform": ["xavier-uniform", "xavier_uniform_", "glorot_uniform"],
    "lecun-normal": ["lecun_normal", "rng.standard_normal((4, 3)) / np.sqrt(n_in)"],
    "lecun-uniform": ["lecun_uniform", "LecunUniform"],
    "truncated-normal": ["truncated_normal", "TruncatedNormal"],
    "torch-linear": ["nn.Linear", "nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))"],
    "orthogonal": ["orthogonal_", "Orthogonal", "tf.keras.initializers.Orthogonal()"],
}
VALUES: dict[str, tuple[str, dict[str, float]]] = {
    "nn.init.uniform_(w)": ("uniform", {"low": 0.0, "high": 1.0}),
    "nn.init.uniform_(self.weight, -0.1, 0.1)": ("uniform", {"low": -0.1, "high": 0.1}),
    "np.random.uniform(-0.5, 1, (3, 4))": ("uniform", {"low": -0.5, "high": 1.0}),
    "np.random.rand(3, 4)": ("uniform", {"low": 0.0, "high": 1.0}),
    "RandomUniform(minval=-1e-2, maxval=0.5)": ("uniform", {"low": -0.01, "high": 0.5}),
    "nn.init.trunc_normal_(w)": ("truncated-normal", {"scale": 1.0}),
    "TruncatedNormal(stddev=0.02)": ("truncated-normal", {"scale": 0.02}),
    "nn.init.normal_(w, std=0.02)": ("normal", {"scale": 0.02}),
    "np.random.normal(0, 0.01, size=(3, 4))": ("normal", {"scale": 0.01}),
    "nn.init.constant_(layer.bias, 0.1)": ("constant", {"value": 0.1}),
    "nn.init.orthogonal_(w, gain=1.5)": ("orthogonal", {"gain": 1.5}),
}
SCALES = {
    "randn * 0.01": 0.01,
    "0.01 * np.random.randn(layers[l], layers[l - 1])": 0.01,
    "np.random.randn(4, 3) * 1e-2": 0.01,
    "np.random.default_rng(1).standard_normal((4, 3)) * .5": 0.5,
    "np.random.randn(4, 3)": 1.0,
    "nn.init.normal_(w)": 1.0,
    "RandomNormal": 0.05,
}
OTHER_NAMES: list[tuple[Registry, str, list[str]]] = [  # type: ignore[type-arg]
    (ACTIVATIONS, "relu", ["ReLU", "nn.ReLU()", "jax.nn.relu", "F.relu"]),
    (ACTIVATIONS, "tanh", ["Tanh", "torch.tanh", "jnp.tanh"]),
    (ACTIVATIONS, "sigmoid", ["nn.Sigmoid()", "logistic"]),
    (ACTIVATIONS, "linear", ["identity", "nn.Identity()"]),
    (
        LOSSES,
        "cross-entropy",
        ["BCEWithLogitsLoss", "nn.BCELoss()", "binary_crossentropy", "BinaryCrossentropy"],
    ),
    (LOSSES, "mean-squared-error", ["nn.MSELoss()", "mse", "mean_squared_error", "F.mse_loss"]),
]


@pytest.mark.parametrize("name", SCHEME_NAMES)
def test_names_of_schemes_in_other_libraries_are_resolved(name: str) -> None:
    for text in SCHEME_NAMES[name]:
        assert SCHEMES.resolve(text) == (name, {}), text


@pytest.mark.parametrize("text", VALUES)
def test_arguments_become_parameters(text: str) -> None:
    assert SCHEMES.resolve(text) == VALUES[text]


@pytest.mark.parametrize("text", SCALES)
def test_alias_with_parameters_sets_them(text: str) -> None:
    assert SCHEMES.resolve(text) == ("normal", {"scale": SCALES[text]})


@pytest.mark.parametrize(("registry", "name", "texts"), OTHER_NAMES)
def test_names_of_activations_and_losses_are_resolved(
    registry: Registry[object], name: str, texts: list[str]
) -> None:
    assert [registry.canonical(text) for text in texts] == [name] * len(texts)


@pytest.mark.parametrize(
    ("registry", "text", "message"),
    [
        (SCHEMES, "xavier", '"glorot-normal", "glorot-uniform" or "xavier-fan-in"'),
        (SCHEMES, "nn.init.eye_", "no scheme sets the identity"),
        (SCHEMES, "HeNormal(seed=2)", 'write "he-normal" without the arguments, which are fields'),
        (SCHEMES, "layers.Dense", 'Keras draws it by "keras-dense", and Flax by "lecun-normal"'),
        (SCHEMES, "zeroes", 'did you mean "zeros"'),
        (ACTIVATIONS, "nn.Softmax(dim=0)", "it needs all outputs of a layer"),
        (ACTIVATIONS, "nn.ReLU(inplace=True)", 'write "relu" without the arguments'),
        (LOSSES, "nn.CrossEntropyLoss()", "softmax of all outputs"),
        (LOSSES, "HingeEmbedding", "known are cross-entropy, mean-squared-error"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    registry: Registry[object], text: str, message: str
) -> None:
    with pytest.raises(UsageError) as error:
        registry.resolve(text)
    assert message in str(error.value)
    assert registry.canonical(text) == text


def test_initial_parameters_accept_the_names() -> None:
    drawn, expected = initialize_parameters((2, 3, 1), "randn * 0.5"), Normal(scale=0.5)
    assert (drawn["W1"] == initialize_parameters((2, 3, 1), expected)["W1"]).all()


def test_long_text_is_no_name() -> None:
    text = "nn." * LONGEST + "relu"
    assert compact(text) == text
    assert folded("Re_LU") == "relu"
