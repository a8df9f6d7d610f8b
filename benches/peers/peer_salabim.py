"""salabim: a person is a component, patience the `fail_delay` of its request, as in its bank examples. With generators
(`yieldless=False`), which need no further package."""

import salabim
from common import RETRY_AFTER, WORKERS, Counts, main


class Street(salabim.Component):
    def process(self):
        gap = salabim.Exponential(rate=QUEUE.rate)
        for _ in range(QUEUE.people):
            yield self.hold(gap)
            Person()


class Person(salabim.Component):
    def process(self):
        for tried in range(1, QUEUE.tries + 1):
            COUNTS.tries += 1
            came = self.env.now()
            if QUEUE.patience is None:
                yield self.request(DESK)
            else:
                yield self.request(DESK, fail_delay=QUEUE.patience)
            COUNTS.queue += self.env.now() - came
            if not self.failed():
                COUNTS.waited += self.env.now() - came
                yield self.hold(SERVICE)
                self.release()
                COUNTS.served += 1
                return
            COUNTS.timeouts += 1
            if tried < QUEUE.tries:
                yield self.hold(RETRY)


def play(queue, seed):
    global QUEUE, COUNTS, DESK, SERVICE, RETRY
    env = salabim.Environment(random_seed=seed, yieldless=False)
    QUEUE, COUNTS = queue, Counts()
    DESK = salabim.Resource("desk", capacity=WORKERS)
    SERVICE, RETRY = salabim.Exponential(1.0), salabim.Exponential(RETRY_AFTER)
    Street()
    env.run()
    return COUNTS


main(play)
