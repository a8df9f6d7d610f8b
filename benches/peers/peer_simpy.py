"""SimPy: a person is a process, the workers are a resource, patience is the event `request | timeout` of its bank example."""

import random

import simpy
from common import RETRY_AFTER, WORKERS, Counts, main


def person(env, desk, queue, counts):
    for tried in range(1, queue.tries + 1):
        counts.tries += 1
        came = env.now
        with desk.request() as request:
            if queue.patience is None:
                yield request
                served = True
            else:
                served = request in (yield request | env.timeout(queue.patience))
            counts.queue += env.now - came
            if served:
                counts.waited += env.now - came
                yield env.timeout(random.expovariate(1.0))
                counts.served += 1
                return
        counts.timeouts += 1
        if tried < queue.tries:
            yield env.timeout(random.expovariate(1 / RETRY_AFTER))


def street(env, desk, queue, counts):
    for _ in range(queue.people):
        yield env.timeout(random.expovariate(queue.rate))
        env.process(person(env, desk, queue, counts))


def play(queue, _seed):
    counts = Counts()
    env = simpy.Environment()
    desk = simpy.Resource(env, WORKERS)
    env.process(street(env, desk, queue, counts))
    env.run()
    return counts


main(play)
