"""Ciw: a network of the desk and of the way home, which has room for all. Who reneges goes home and comes back as a customer of
the next class; the fifth class leaves for good."""

import ciw
from common import RETRY_AFTER, WORKERS, Counts, main


class AtDesk(ciw.routing.Leave):
    """Leaves when served; goes home (node 2) when impatient, but for the last try."""

    def __init__(self, comes_back):
        self.comes_back = comes_back

    def next_node_for_jockeying(self, ind):
        return self.simulation.nodes[2 if self.comes_back else -1]


def play(queue, seed):
    ciw.seed(seed)
    tries = [f"try {n}" for n in range(1, queue.tries + 1)]
    patience = ciw.dists.Deterministic(queue.patience) if queue.patience else None
    home = queue.tries > 1

    def at(desk, way_home):
        return [desk, way_home] if home else [desk]

    def routing(name):
        return ciw.routing.NetworkRouting(routers=at(AtDesk(name != tries[-1]), ciw.routing.Direct(to=1)))

    def later(name):
        """Each class becomes the next one on its way home."""
        following = tries[min(tries.index(name) + 1, len(tries) - 1)]
        return {other: float(other == following) for other in tries}

    stay = {name: {other: float(other == name) for other in tries} for name in tries}
    network = ciw.create_network(
        arrival_distributions={name: at(ciw.dists.Exponential(queue.rate) if name == tries[0] else None, None) for name in tries},
        service_distributions={name: at(ciw.dists.Exponential(1.0), ciw.dists.Exponential(1 / RETRY_AFTER)) for name in tries},
        number_of_servers=at(WORKERS, float("inf")),
        reneging_time_distributions={name: at(patience, None) for name in tries},
        routing={name: routing(name) for name in tries},
        class_change_matrices=at(stay, {name: later(name) for name in tries}),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(queue.people, method="Finish")
    counts = Counts()
    for record in simulation.get_all_records(only=["service", "renege"], include_incomplete=False):
        if record.node == 1:
            counts.tries += 1
            counts.queue += record.waiting_time
            if record.record_type == "service":
                counts.served += 1
                counts.waited += record.waiting_time
            else:
                counts.timeouts += 1
    return counts


main(play)
