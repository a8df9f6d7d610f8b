"""What the Python programs share: the queue, and how a run is started, timed and told."""

import json
import random
import sys
import time
from dataclasses import asdict, dataclass

WORKERS = 50
PATIENCE = 5.0
RETRY_AFTER = 20.0


@dataclass
class Queue:
    people: int
    rate: float
    patience: float | None
    tries: int


@dataclass
class Counts:
    tries: int = 0
    served: int = 0
    timeouts: int = 0
    waited: float = 0.0  # seconds in the queue of those served
    queue: float = 0.0  # seconds in the queue of all


def main(play):
    """Reads MODEL PEOPLE SEED, plays, and prints the counts and the processor time of the simulation alone."""
    model, people, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    queue = {
        "m1": Queue(people, 45.0, None, 1),
        "m2": Queue(people, 60.0, PATIENCE, 1),
        "m3": Queue(people, 60.0, PATIENCE, 5),
    }[model]
    random.seed(seed)
    before = time.process_time()
    counts = play(queue, seed)
    seconds = time.process_time() - before
    print(json.dumps(asdict(counts) | {"seconds": seconds}))
