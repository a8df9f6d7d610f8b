//! NeXosim: two models joined by ports, a street that people come from and a desk, on one thread. A timeout is a keyed event that
//! the start of the service cancels.

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{EventSinkReader, EventSource, Output, SinkState, event_slot};
use nexosim::simulation::{EventKey, Mailbox, SimInit, SimulationError};
use nexosim::time::MonotonicTime;
use peers::{Counts, Queue, Random, WORKERS};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Where people come from, and where they wait between two tries.
#[derive(Serialize, Deserialize)]
struct Street {
    /// A person's number of tries, this one included.
    person: Output<u8>,
    queue: Queue,
    random: Random,
    came: u64,
}

#[Model]
impl Street {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.next(cx);
    }

    fn next(&mut self, cx: &Context<Self>) {
        if self.came < self.queue.people {
            self.came += 1;
            let gap = self.random.duration(1.0 / self.queue.rate);
            cx.schedule_event(gap, schedulable!(Self::fresh), ()).unwrap();
        }
    }

    #[nexosim(schedulable)]
    async fn fresh(&mut self, _: (), cx: &Context<Self>) {
        self.person.send(1).await;
        self.next(cx);
    }

    #[nexosim(schedulable)]
    async fn again(&mut self, tries: u8) {
        self.person.send(tries).await;
    }

    /// Somebody left the line after so many tries -- input port.
    async fn left(&mut self, tries: u8, cx: &Context<Self>) {
        if tries < self.queue.tries {
            let later = self.random.duration(20.0);
            cx.schedule_event(later, schedulable!(Self::again), tries + 1).unwrap();
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    since: MonotonicTime,
    tries: u8,
    timeout: Option<EventKey>,
}

#[derive(Serialize, Deserialize)]
struct Desk {
    /// Who left the line.
    left: Output<u8>,
    counted: Output<Counts>,
    queue: Queue,
    random: Random,
    busy: usize,
    line: VecDeque<Waiting>,
    counts: Counts,
}

#[Model]
impl Desk {
    /// Somebody comes -- input port.
    async fn person(&mut self, tries: u8, cx: &Context<Self>) {
        self.counts.tries += 1;
        if self.busy < WORKERS {
            self.busy += 1;
            self.serve(cx);
        } else {
            let patience = self.queue.patience;
            let timeout = patience.map(|patience| cx.schedule_keyed_event(patience, schedulable!(Self::timeout), ()).unwrap());
            self.line.push_back(Waiting { since: cx.time(), tries, timeout });
        }
    }

    fn serve(&mut self, cx: &Context<Self>) {
        let service = self.random.duration(1.0);
        cx.schedule_event(service, schedulable!(Self::served), ()).unwrap();
    }

    #[nexosim(schedulable)]
    async fn served(&mut self, _: (), cx: &Context<Self>) {
        self.counts.served += 1;
        let Some(next) = self.line.pop_front() else {
            self.busy -= 1;
            return;
        };
        if let Some(key) = next.timeout {
            key.cancel();
        }
        let wait = cx.time().duration_since(next.since).as_secs_f64();
        self.counts.waited += wait;
        self.counts.queue += wait;
        self.serve(cx);
    }

    /// Patience is constant: whoever leaves is the first in the line.
    #[nexosim(schedulable)]
    async fn timeout(&mut self, _: (), cx: &Context<Self>) {
        let Some(gone) = self.line.pop_front() else { return };
        self.counts.timeouts += 1;
        self.counts.queue += cx.time().duration_since(gone.since).as_secs_f64();
        self.left.send(gone.tries).await;
    }

    /// Tells the counts -- input port.
    async fn report(&mut self, _: ()) {
        self.counted.send(self.counts.clone()).await;
    }
}

fn play(queue: Queue, random: Random) -> Result<Counts, SimulationError> {
    let mut other = random.clone();
    let for_desk = Random::new(u64::from(other.duration(1.0).subsec_nanos()));
    let mut street = Street { person: Output::default(), queue: queue.clone(), random, came: 0 };
    let mut desk = Desk {
        left: Output::default(),
        counted: Output::default(),
        queue,
        random: for_desk,
        busy: 0,
        line: VecDeque::new(),
        counts: Counts::default(),
    };
    let (street_mailbox, desk_mailbox) = (Mailbox::new(), Mailbox::new());
    street.person.connect(Desk::person, &desk_mailbox);
    desk.left.connect(Street::left, &street_mailbox);
    let (sink, mut counted) = event_slot(SinkState::Enabled);
    desk.counted.connect_sink(sink);
    let mut bench = SimInit::with_num_threads(1);
    let report = EventSource::new().connect(Desk::report, &desk_mailbox).register(&mut bench);
    let bench = bench.add_model(street, street_mailbox, "street").add_model(desk, desk_mailbox, "desk");
    let mut simulation = bench.init(MonotonicTime::EPOCH)?;
    simulation.run()?;
    simulation.process_event(&report, ())?;
    Ok(counted.try_read().expect("the desk has told its counts"))
}

fn main() {
    peers::main(|queue, random| play(queue, random).expect("the simulation runs to its end"));
}
