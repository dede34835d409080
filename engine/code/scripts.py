"""Every language a run can be copied as: its name, and what writes the script."""

from collections.abc import Callable

from engine.code.jax_code import jax_script
from engine.code.numpy_code import numpy_script
from engine.code.torch_code import torch_script
from engine.experiment import Experiment

SCRIPTS: dict[str, Callable[[Experiment, int], str]] = {
    "NumPy": numpy_script,
    "PyTorch": torch_script,
    "JAX": jax_script,
}
