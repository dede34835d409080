"""The robot as a command: ``python -m tests.trust.robot SEED ACTIONS [--shrink]``.

It prints each kind of fault that it finds, the number of actions until then, and with ``--shrink``
the shortest sequence that leads to it, as a script.
"""

import argparse
import sys
from time import perf_counter

from gui.app import make_application
from tests.trust.robot.campaign import Failure, search, shortest


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.robot")
    parser.add_argument("seed", type=int)
    parser.add_argument("actions", type=int)
    parser.add_argument("--shrink", action="store_true")
    arguments = parser.parse_args()
    make_application()
    started, kinds = perf_counter(), dict[str, int]()

    def report(done: int, failure: Failure) -> None:
        kind = failure.fault.kind
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] == 1:
            print(f"{done} actions, {perf_counter() - started:.0f} s: {failure.fault}", flush=True)
            if arguments.shrink:
                failure = shortest(failure) or failure
            print(failure.script(), flush=True)

    done = search(arguments.seed, arguments.actions, report)
    print(f"{done} actions in {perf_counter() - started:.0f} s: {kinds or 'no fault'}")
    return int(bool(kinds))


if __name__ == "__main__":
    sys.exit(main())
