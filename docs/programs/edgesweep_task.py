"""Answers the tasks of an edgesweep sweep. Printed by `edgesweep program python`; Python 3.8 or later, no dependencies.

    from edgesweep_task import serve

    def train(task):                    # task.params, task.run, task.seed, task.random, task.folder
        task.step(1, loss=0.5)          # optional: a row of the task's series
        return {"loss": 0.25}           # numbers; in a search also "diverged": True or False

    serve(train)
"""
import json
import math
import os
import sys
import traceback
from types import SimpleNamespace


RESERVED = ("id", "ok", "error", "retry", "step", "protocol")


def number(name, value):
    if name in RESERVED:
        raise ValueError(f"{name} has a meaning of its own: choose another name")
    value = value.item() if hasattr(value, "item") else value  # NumPy, PyTorch, JAX
    if isinstance(value, bool) and name != "diverged" or not isinstance(value, (int, float)):
        raise TypeError(f"{name} is no number: {value!r}")
    return value


def ask(function, question, say):
    def step(at, **values):
        row = {name: number(name, value) for name, value in values.items()}
        say({"id": question["id"], "step": at, **{n: v if math.isfinite(v) else None for n, v in row.items()}})

    try:
        task = SimpleNamespace(**{"folder": None, **question, "step": step})
        values = {name: number(name, value) for name, value in function(task).items()}
        for name, value in values.items():
            if not math.isfinite(value):
                raise ValueError(f"{name} is {value}: leave it out, or report \"diverged\" in a search")
        say({"id": question["id"], "ok": True, **values})
        return True
    except Exception:
        traceback.print_exc()
        say({"id": question["id"], "ok": False, "error": traceback.format_exc()})
        return False


def serve(function):
    """Calls the function for each task. Prints go to the task's log; results take file descriptor 3."""
    os.set_inheritable(3, False)  # it is not for child processes
    answers = os.fdopen(3, "w", buffering=1, encoding="utf-8")
    say = lambda value: answers.write(json.dumps(value) + "\n")
    if os.environ.get("EDGESWEEP_MODE") != "persistent":
        with open(os.environ["EDGESWEEP_IN"], encoding="utf-8") as file:
            sys.exit(0 if ask(function, json.load(file), say) else 1)
    say({"protocol": 1})
    for line in sys.stdin:
        ask(function, json.loads(line), say)
        sys.stdout.flush()
