"""The table of the robot's actions.

An action draws its parameters from the random numbers of the session, among what the window offers
at that moment, and returns them as text. So it can be repeated after any other actions.
"""

from collections.abc import Callable

from tests.trust.robot.session import Session

Action = Callable[[Session], str]
ACTIONS: dict[str, tuple[Action, int]] = {}
"""Every action and its weight, by name."""


def action(weight: int) -> Callable[[Action], Action]:
    """Register a function under its name, to be chosen as often as its weight says."""

    def register(function: Action) -> Action:
        ACTIONS[function.__name__] = function, weight
        return function

    return register
