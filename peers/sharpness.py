"""Times measurements of sharpness, whatever the library that makes them."""

import time


class Measurements:
    """A way has `measure()`, which returns (value, vector) of the whole network and of each layer. It is warmed up here."""

    def __init__(self, make, **place):
        self.way = make(**place)
        self.way.measure()

    def seconds(self, seconds):
        """Of one measurement; measured for about `seconds`, at least once."""
        spent, times = 0.0, 0
        while times == 0 or spent < seconds:
            started = time.perf_counter()
            self.way.measure()
            spent += time.perf_counter() - started
            times += 1
        return {"secondsPerMeasurement": spent / times}

    def found(self, starts):
        return {"found": [self.way.measure() for _ in range(starts)]}
