"""Faults on request: what a test wants to go wrong, and with which requests."""

import re
import threading


class Faults:
    """Each fault is an object:

    `path`: a regular expression that a request's path and query must match; `method`: GET without it.
    `skip`: how many such requests go well first; `times`: how many fail then, all of them without it.
    `fault`: `status` (with `status`, `body`, `headers`), `cut` (the connection ends within the body), `hang` (no answer),
    `close` (the connection ends before an answer), `body` (another body, 200), `loop` (the cursor is the one that was given),
    `slow` (answers after `seconds`).
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.wanted = []

    def add(self, fault):
        with self.lock:
            self.wanted.append(dict(fault))

    def clear(self):
        with self.lock:
            self.wanted.clear()

    def next(self, method, path):
        """The fault for a request, or None."""
        with self.lock:
            for fault in self.wanted:
                if fault.get("method", "GET") != method or not re.search(fault["path"], path):
                    continue
                if fault.get("skip", 0) > 0:
                    fault["skip"] -= 1
                elif fault.get("times", 1) > 0:
                    if "times" in fault:
                        fault["times"] -= 1
                    return fault
        return None
