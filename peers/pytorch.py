#!/usr/bin/env python3
"""PyTorch's side: replays what `edgesweep dump` wrote, and times the same work.

    pytorch.py replay [--json] DIR...   exit code 1 when a dump is beyond the tolerances in trials.py and trainings.py
    pytorch.py time                     requests on standard input, answers on standard output, a JSON a line

Needs PyTorch and NumPy; exit code 3 where they are missing.
"""

import argparse
import json
import os
import pathlib
import sys

# one thread, in whatever library the matrix products come from; it is read when that is loaded
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
# beside an installed package there may be no place for them
sys.dont_write_bytecode = True

try:
    import numpy  # noqa: F401
    import torch
except ImportError as missing:
    print(f"{sys.executable} has no module {missing.name}: PyTorch and NumPy are needed.", file=sys.stderr)
    print("  Debian, Ubuntu: apt install python3-torch python3-numpy; else: pip install torch numpy", file=sys.stderr)
    sys.exit(3)

from timing import serve_timings
from trainings import replay_training, show_trainings
from trials import replay_trial, show_trials


def replay(directories, as_json):
    trials, trainings = [], []
    for directory in map(pathlib.Path, directories):
        if (directory / "trajectory.json").exists():
            trainings.append(replay_training(directory))
        else:
            trials.append(replay_trial(directory))
    if as_json:
        print(json.dumps({"torch": torch.__version__, "trials": trials, "trainings": trainings}, indent=2))
    else:
        if trials:
            show_trials(trials)
        if trials and trainings:
            print()
        if trainings:
            show_trainings(trainings)
    return 0 if all(result["agrees"] for result in trials + trainings) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    replaying = commands.add_parser("replay", help="compute dumped trials and trainings again, and compare")
    replaying.add_argument("--json", action="store_true")
    replaying.add_argument("directories", nargs="+", metavar="DIR")
    commands.add_parser("time", help="time on one thread what is asked for on standard input")
    options = parser.parse_args()
    return replay(options.directories, options.json) if options.command == "replay" else serve_timings()


if __name__ == "__main__":
    sys.exit(main())
