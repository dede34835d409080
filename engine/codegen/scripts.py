"""Every language a run can be copied as: its name, and what writes the script."""

from collections.abc import Callable

from engine.codegen.jax_code import jax_script
from engine.codegen.numpy_code import numpy_script
from engine.codegen.torch_code import torch_script
from engine.experiment import Experiment

SCRIPTS: dict[str, Callable[[Experiment, int], str]] = {
    "NumPy": numpy_script,
    "PyTorch": torch_script,
    "JAX": jax_script,
}
