"""What the window asks a child process to write, and its form as JSON."""

from pathlib import Path
from typing import ClassVar, TypeVar, final

import msgspec

from engine import UsageError
from engine.experiment import Experiment, format_experiment
from engine.library.experiment_file import parse_experiment


class Order(msgspec.Struct, frozen=True):
    """The base of what can be written."""

    kind: ClassVar[str]
    """The argument of the command `--job`."""
    path: Path
    """The output."""


@final
class TableOrder(Order, frozen=True):
    """A table of every frame."""

    kind = "table"


class _Job(msgspec.Struct):
    experiment: str
    """Its TOML text."""
    order: msgspec.Raw


OrderType = TypeVar("OrderType", bound=msgspec.Struct)


def encode_job(experiment: Experiment, order: Order) -> bytes:
    """Return an experiment and an order as JSON."""
    content = msgspec.Raw(msgspec.json.encode(order, enc_hook=str))
    return msgspec.json.encode(_Job(format_experiment(experiment), content))


def decode_job(content: bytes, kind: type[OrderType]) -> tuple[Experiment, OrderType]:
    """Return the experiment and the order in a text of `encode_job`.

    Raises
    ------
    UsageError
        If the text is something else.
    """
    try:
        job = msgspec.json.decode(content, type=_Job)
        order = msgspec.json.decode(job.order, type=kind, dec_hook=lambda type_, text: type_(text))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"job: {error}") from None
    return parse_experiment(job.experiment, "job"), order
