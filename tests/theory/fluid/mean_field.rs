//! The same day as a deterministic account of flows: what the simulation comes to when people are without number.
//!
//! Time is a grid of cells. In each, so many people (any real number) send a request, by class, step and try. Delays
//! (think, backoff, return, after an opening) spread a flow over later cells; the station is a set of differential
//! equations, solved in finer steps. All who wait are picked alike, so that of those who came in one cell the share
//! still waiting is one number, and the shares in service one a step.

use super::day::{
    AFTER_OPENING, ATTEMPTS, CLASSES, CLOSED, END, OUTAGES, PEOPLE, PLACES, RETURN, STEPS, THINK, TIMEOUT, WORK, backoff,
    intended, is_within, workers,
};
use super::delay::Delay;
use std::collections::VecDeque;

/// Steps of the station's equations in a cell.
const FINE: usize = 20;
/// Cells of a block: whoever gives up for hours is counted by the block.
const BLOCK: usize = 12;

type ByStep = [f64; STEPS];
type Requests = [[[f64; ATTEMPTS]; STEPS]; CLASSES];

/// Counts by bin.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Flows {
    pub(super) requests: Vec<f64>,
    pub(super) refused: Vec<f64>,
    pub(super) timeouts: Vec<f64>,
    pub(super) completed: Vec<f64>,
}

/// Requests sent in one cell, and the shares of them whose clients wait for an answer still.
#[derive(Default)]
struct Cohort {
    sent: Requests,
    waiting: f64,
    served: ByStep,
    /// Answered, and timed out, in this cell.
    answered: ByStep,
    gone: ByStep,
}

/// The station: requests in the queue and in service, with and without a client.
#[derive(Default)]
struct Station {
    queue: ByStep,
    busy: ByStep,
    cohorts: VecDeque<Cohort>,
}

#[expect(clippy::needless_range_loop, reason = "the same step of several arrays")]
impl Station {
    /// One cell: the newest cohort comes, the oldest times out if it is `due`. Gives the share refused.
    fn cell(&mut self, cell: f64, workers: f64, due: bool) -> f64 {
        let h = cell / FINE as f64;
        let part = 1.0 / FINE as f64;
        let newest = self.cohorts.back().expect("a cohort");
        let inflow: ByStep = std::array::from_fn(|k| newest.sent.iter().flat_map(|class| class[k]).sum::<f64>() * part);
        let all: f64 = inflow.iter().sum();
        let ends: ByStep = WORK.map(|work| h / work);
        let mut refused = 0.0;
        for fine in 0..FINE {
            if due {
                let share = 1.0 / (FINE - fine) as f64;
                let oldest = &mut self.cohorts[0];
                for k in 0..STEPS {
                    oldest.gone[k] += share * (oldest.waiting + oldest.served[k]);
                    oldest.served[k] *= 1.0 - share;
                }
                oldest.waiting *= 1.0 - share;
            }
            for k in 0..STEPS {
                self.busy[k] *= 1.0 - ends[k];
            }
            let waiting: f64 = self.queue.iter().sum();
            let idle = (workers - self.busy.iter().sum::<f64>()).max(0.0);
            let start = if waiting > 0.0 { (idle / waiting).min(1.0) } else { 0.0 };
            for k in 0..STEPS {
                self.busy[k] += start * self.queue[k];
                self.queue[k] *= 1.0 - start;
            }
            for cohort in &mut self.cohorts {
                let starts = start * cohort.waiting;
                cohort.waiting -= starts;
                for k in 0..STEPS {
                    let answered = ends[k] * cohort.served[k];
                    cohort.answered[k] += answered;
                    cohort.served[k] += starts - answered;
                }
            }
            let (idle, waiting) = (idle - start * waiting, (1.0 - start) * waiting);
            let (served, queued) = if all > 0.0 {
                let served = (idle / all).min(1.0);
                (served, ((PLACES - waiting) / all).clamp(0.0, 1.0 - served))
            } else {
                (0.0, 0.0)
            };
            for k in 0..STEPS {
                self.busy[k] += served * inflow[k];
                self.queue[k] += queued * inflow[k];
            }
            let newest = self.cohorts.back_mut().expect("a cohort");
            newest.waiting += part * queued;
            newest.served.iter_mut().for_each(|share| *share += part * served);
            refused += part * (1.0 - served - queued);
        }
        refused
    }
}

/// Everybody who is between two requests.
struct People {
    cell: f64,
    cells: usize,
    /// Requests to come, by cell.
    due: Vec<Vec<f64>>,
    think: Vec<Vec<f64>>,
    backoff: Vec<Vec<f64>>,
    /// Sessions to come by class and block, those given up in the block now, and those who wait for an opening.
    returns: [Vec<f64>; CLASSES],
    given_up: [f64; CLASSES],
    home: Vec<f64>,
    /// Sessions to come by class and cell after an opening.
    reopened: [Vec<f64>; CLASSES],
    held: [f64; CLASSES],
    after_opening: Vec<f64>,
}

fn spread(into: &mut [f64], from: usize, chances: &[f64], flow: f64) {
    if flow > 0.0 && from < into.len() {
        into[from..].iter_mut().zip(chances).for_each(|(due, chance)| *due += flow * chance);
    }
}

impl People {
    fn new(cell: f64) -> People {
        let cells = (END / cell).round() as usize;
        let blocks = cells / BLOCK;
        People {
            cell,
            cells,
            due: vec![vec![0.0; cells]; CLASSES * STEPS * ATTEMPTS],
            think: THINK.iter().map(|mean| Delay::Lognormal { mean: *mean, cv: 1.0 }.between_cells(cell, cells)).collect(),
            backoff: (1..ATTEMPTS).map(|tries| Delay::Uniform { max: backoff(tries) }.between_cells(cell, cells)).collect(),
            returns: std::array::from_fn(|_| vec![0.0; blocks]),
            given_up: [0.0; CLASSES],
            home: Delay::Lognormal { mean: RETURN, cv: 1.0 }.between_cells(cell * BLOCK as f64, blocks),
            reopened: std::array::from_fn(|_| vec![0.0; cells]),
            held: [0.0; CLASSES],
            after_opening: Delay::Exponential { mean: AFTER_OPENING }.after_an_instant(cell, cells),
        }
    }

    fn place(class: usize, step: usize, tries: usize) -> usize {
        (class * STEPS + step) * ATTEMPTS + tries
    }

    /// The requests of a cell.
    fn send(&mut self, now: usize) -> Requests {
        let t = now as f64 * self.cell;
        let mut sent: Requests =
            std::array::from_fn(|c| std::array::from_fn(|k| std::array::from_fn(|a| self.due[People::place(c, k, a)][now])));
        for class in 0..CLASSES {
            let come = PEOPLE[class] * (intended(class, t + self.cell) - intended(class, t));
            let sessions = come + self.returns[class][now / BLOCK] / BLOCK as f64 + self.reopened[class][now];
            if is_within(t, CLOSED[class]).is_some() {
                self.held[class] += sessions;
                continue;
            }
            sent[class][0][0] += sessions;
            // At the opening those who were shut out begin their delay.
            let held = std::mem::take(&mut self.held[class]);
            if held > 0.0 {
                spread(&mut self.reopened[class], now, &self.after_opening, held);
                sent[class][0][0] += held * self.after_opening[0];
            }
        }
        sent
    }

    fn fail(&mut self, now: usize, class: usize, step: usize, tries: usize, flow: f64) {
        if tries + 1 < ATTEMPTS {
            spread(&mut self.due[People::place(class, step, tries + 1)], now, &self.backoff[tries], flow);
        } else {
            self.given_up[class] += flow;
        }
    }

    /// An answer; gives who completed.
    fn answer(&mut self, now: usize, class: usize, step: usize, flow: f64) -> f64 {
        if step + 1 == STEPS {
            return flow;
        }
        spread(&mut self.due[People::place(class, step + 1, 0)], now, &self.think[step + 1], flow);
        0.0
    }

    fn end_cell(&mut self, now: usize) {
        if (now + 1).is_multiple_of(BLOCK) {
            for class in 0..CLASSES {
                let gone = std::mem::take(&mut self.given_up[class]);
                spread(&mut self.returns[class], now / BLOCK, &self.home, gone);
            }
        }
    }
}

/// Plays the two days on a grid of this width in seconds, and counts by bin.
pub(super) fn play(cell: f64, bin: f64) -> Flows {
    let mut people = People::new(cell);
    let mut station = Station::default();
    let patience = (TIMEOUT / cell).round() as usize;
    let bins = (END / bin).round() as usize;
    let per_bin = people.cells / bins;
    let zero = || vec![0.0; bins];
    let mut flows = Flows { requests: zero(), refused: zero(), timeouts: zero(), completed: zero() };
    let everything = || (0..CLASSES).flat_map(|c| (0..STEPS).flat_map(move |k| (0..ATTEMPTS).map(move |a| (c, k, a))));
    for now in 0..people.cells {
        let t = now as f64 * cell;
        let at = now / per_bin;
        let sent = people.send(now);
        flows.requests[at] += sent.iter().flatten().flatten().sum::<f64>();
        if is_within(t, &OUTAGES).is_some() {
            // All who are there fail, and everybody who comes is refused.
            for cohort in std::mem::take(&mut station).cohorts {
                for (c, k, a) in everything() {
                    people.fail(now, c, k, a, cohort.sent[c][k][a] * (cohort.waiting + cohort.served[k]));
                }
            }
            for (c, k, a) in everything() {
                flows.refused[at] += sent[c][k][a];
                people.fail(now, c, k, a, sent[c][k][a]);
            }
            people.end_cell(now);
            continue;
        }
        station.cohorts.push_back(Cohort { sent, ..Cohort::default() });
        let due = station.cohorts.len() > patience;
        let refused = station.cell(cell, workers(t), due);
        for (c, k, a) in everything() {
            flows.refused[at] += refused * sent[c][k][a];
            people.fail(now, c, k, a, refused * sent[c][k][a]);
        }
        for cohort in &mut station.cohorts {
            let answered = std::mem::take(&mut cohort.answered);
            for (c, class) in cohort.sent.iter().enumerate() {
                for (k, step) in class.iter().enumerate() {
                    flows.completed[at] += people.answer(now, c, k, answered[k] * step.iter().sum::<f64>());
                }
            }
        }
        if due && let Some(oldest) = station.cohorts.pop_front() {
            for (c, k, a) in everything() {
                let gone = oldest.gone[k] * oldest.sent[c][k][a];
                flows.timeouts[at] += gone;
                people.fail(now, c, k, a, gone);
            }
        }
        people.end_cell(now);
    }
    flows
}
