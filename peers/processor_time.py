"""Processor time of a call."""

import time


def best(action, seconds, runs):
    """Seconds of processor time of a call: the least of so many means, after one call that is not timed."""
    action()
    means = []
    for _ in range(runs):
        started, times = time.process_time(), 0
        while times == 0 or time.process_time() - started < seconds / runs:
            action()
            times += 1
        means.append((time.process_time() - started) / times)
    return min(means)
