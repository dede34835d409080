"""The command `list`: the built-in experiments. It needs no Qt."""

import argparse
import json

from engine.library.built_ins import titles
from gui.cli.arguments import add_json

add_arguments = add_json


def run(arguments: argparse.Namespace) -> int:
    """Print the name and the title of every built-in experiment."""
    known = titles()
    if arguments.json:
        document = [{"name": name, "title": title} for name, title in known.items()]
        print(json.dumps(document, indent=2))
    else:
        width = max(map(len, known))
        for name, title in known.items():
            print(f"{name:{width}}  {title}")
    return 0
