//! The servers' side: one station and all who come to it.

use super::cohort::{Cohort, NOBODY, Stream};
use super::grid::Grid;
use super::kernel::Kernels;
use super::people::Group;
use super::pick::starts;
use crate::model::{Discipline, OnFull, Station, TimeoutCovers};
use std::collections::VecDeque;

/// A station in the account.
#[derive(Debug)]
pub(super) struct Server<'m> {
    model: &'m Station,
    pub(super) streams: Vec<Stream>,
    busy: f64,
    queue: f64,
    /// Workers who are free again in the present cell and later ones.
    releases: VecDeque<f64>,
    /// Workers' time, in cells, that refusals still cost.
    debt: f64,
    cell_seconds: f64,
    pub(super) flow: StationFlow,
    pub(super) sums: Sums,
}

/// What a station did in one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StationFlow {
    pub(super) requests: f64,
    pub(super) answered: f64,
    pub(super) served: f64,
    pub(super) timeouts: f64,
    pub(super) refused: f64,
    pub(super) dropped: f64,
    pub(super) failed: f64,
    /// Requests waiting, on average over the cell, and the most at either end of it.
    pub(super) queue: f64,
    pub(super) queue_max: f64,
}

/// Sums over the clock.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// Busy workers and workers outside outages, cell by cell.
    pub(super) busy: f64,
    pub(super) workers: f64,
    /// By group: requests that started with their client there, and their waits in cells.
    pub(super) started: Vec<f64>,
    pub(super) waits: Vec<f64>,
}

impl<'m> Server<'m> {
    pub(super) fn new(model: &'m Station, id: usize, groups: &[Group<'_>], grid: &Grid, kernels: &mut Kernels) -> Server<'m> {
        let mut streams = Vec::new();
        for (g, group) in groups.iter().enumerate() {
            for (k, step) in group.class.journey.iter().enumerate().filter(|(_, step)| usize::from(step.station) == id) {
                streams.push(Stream::new((g, k), group.class.priority, step, model.on_timeout, kernels));
            }
        }
        let sums = Sums { started: vec![0.0; groups.len()], waits: vec![0.0; groups.len()], ..Sums::default() };
        let (releases, flow, cell_seconds) = (VecDeque::new(), StationFlow::default(), grid.seconds());
        Server { model, streams, busy: 0.0, queue: 0.0, releases, debt: 0.0, cell_seconds, flow, sums }
    }

    /// One cell.
    pub(super) fn play(&mut self, cell: usize, grid: &Grid, groups: &mut [Group<'_>]) {
        self.flow = StationFlow::default();
        let before = self.queue;
        let middle = grid.middle(cell);
        if self.model.outages.iter().any(|outage| outage.from <= middle && middle < outage.to) {
            self.go_down(cell, groups);
        } else {
            let workers = self.workers(cell, grid);
            let busy = self.busy;
            self.receive(cell, groups);
            let let_in = self.serve(cell, workers);
            self.turn_away(cell, groups, let_in);
            self.tell(cell, groups);
            self.tidy();
            self.sums.busy += 0.5 * (busy + self.busy);
            self.sums.workers += workers;
        }
        self.flow.queue = 0.5 * (before + self.queue);
        self.flow.queue_max = before.max(self.queue);
    }

    /// Workers on average over a cell.
    fn workers(&self, cell: usize, grid: &Grid) -> f64 {
        let (from, to) = grid.bounds(cell);
        let changes = &self.model.workers_at;
        let first = changes.partition_point(|(at, _)| *at <= from);
        let mut now = first.checked_sub(1).map_or(self.model.workers, |last| changes[last].1);
        let (mut at, mut sum) = (from, 0.0);
        for (change, workers) in changes[first..].iter().take_while(|(change, _)| *change < to) {
            sum += f64::from(now) * change.since(at).seconds();
            (at, now) = (*change, *workers);
        }
        (sum + f64::from(now) * to.since(at).seconds()) / to.since(from).seconds().max(1e-9)
    }

    /// Requests come.
    fn receive(&mut self, cell: usize, groups: &[Group<'_>]) {
        for stream in &mut self.streams {
            let group = &groups[stream.group];
            let sent = &group.sent[stream.step];
            let cohort = Cohort::new(cell, sent.clone(), group.answered_labels(sent));
            if cohort.mass > 0.0 {
                self.flow.requests += cohort.mass;
                stream.cohorts.push_back(cohort);
            }
        }
    }

    /// Workers end their services and take new ones; gives the part of this cell's requests that may be let in.
    fn serve(&mut self, cell: usize, workers: f64) -> f64 {
        let ended = self.releases.pop_front().unwrap_or(0.0);
        self.busy = (self.busy - ended).max(0.0);
        if !self.streams.iter().any(|stream| stream.leaves) {
            self.flow.served += ended;
        }
        let idle = (workers - self.busy).max(0.0);
        let paid = self.debt.min(idle);
        self.debt -= paid;
        self.sums.busy += paid;
        let room = self.model.queue.map(|places| f64::from(places) - self.queue_of(cell, true));
        let (starts, let_in) = starts(&self.streams, self.model.discipline, idle - paid, room, cell);
        for (stream, place, share) in starts {
            self.start(cell, stream, place, share);
        }
        let_in
    }

    /// Requests waiting at the end of a cell, those of this cell left out.
    fn queue_of(&self, cell: usize, only_old: bool) -> f64 {
        let of = |stream: &Stream| -> f64 {
            let old = stream.cohorts.iter().filter(|cohort| !only_old || cohort.born < cell);
            old.map(|cohort| stream.queued(cohort, cell)).sum()
        };
        self.streams.iter().map(of).sum()
    }

    /// A share of a cohort's waiting requests starts.
    fn start(&mut self, cell: usize, stream: usize, place: usize, share: f64) {
        let stream = &mut self.streams[stream];
        let Some(cohort) = stream.cohorts.get(place) else { return };
        let age = cell - cohort.born;
        let (started, physical) = (cohort.waiting * share, stream.eligible(cohort, cell) * share);
        let alive = if cohort.open > 0.0 { stream.alive(age) } else { 0.0 };
        self.sums.started[stream.group] += cohort.mass * started * alive;
        self.sums.waits[stream.group] += cohort.mass * started * alive * age as f64;
        let mut served = 0.0;
        let mut before = 1.0;
        for (lag, ends) in stream.service.iter().enumerate() {
            served += ends;
            let still = stream.occupies(age, served, lag);
            if lag == 0 {
                self.busy += physical * still;
                if !stream.leaves {
                    self.flow.served += physical * (1.0 - still);
                }
            } else {
                if self.releases.len() < lag {
                    self.releases.resize(lag, 0.0);
                }
                self.releases[lag - 1] += physical * (before - still);
            }
            before = still;
        }
        let told = if stream.covers == TimeoutCovers::Answer { started } else { started * alive };
        let cohort = &mut stream.cohorts[place];
        cohort.waiting -= started;
        if cohort.open > 0.0 {
            if cohort.answered.len() < stream.service.len() {
                cohort.answered.resize(stream.service.len(), 0.0);
            }
            cohort.answered.iter_mut().zip(&stream.service).for_each(|(answered, ends)| *answered += told * ends);
        }
    }

    /// Whoever finds no place is refused, or told nothing.
    fn turn_away(&mut self, cell: usize, groups: &mut [Group<'_>], let_in: f64) {
        let old = self.queue_of(cell, true);
        let new = self.queue_of(cell, false) - old;
        let refused_already = 1.0 - let_in;
        let room = self.model.queue.map_or(f64::INFINITY, |places| (f64::from(places) - old).max(0.0));
        for s in 0..self.streams.len() {
            let stream = &mut self.streams[s];
            let Some(cohort) = stream.cohorts.back_mut().filter(|cohort| cohort.born == cell) else { continue };
            let too_many = if new > room { cohort.waiting * (1.0 - room / new) } else { 0.0 };
            let refused = if refused_already > 0.0 { refused_already } else { too_many }.min(cohort.waiting);
            if refused <= 0.0 {
                continue;
            }
            let away: Vec<f64> = cohort.sent.iter().map(|flow| flow * refused).collect();
            let mass = cohort.mass * refused;
            if refused < 1.0 {
                cohort.refuse(refused);
            } else {
                stream.cohorts.pop_back();
            }
            let group = &mut groups[stream.group];
            if self.model.on_full == OnFull::Refuse {
                self.flow.refused += mass;
                self.debt += mass * self.model.refusal_cost.seconds() / self.cell_seconds;
                group.tally.refused += mass;
                group.fail(cell, stream.step, &away);
            } else {
                self.flow.dropped += mass;
                let answers = Vec::new();
                let mut cohort = Cohort::new(cell, away, answers);
                (cohort.dropped, cohort.waiting, cohort.waited) = (true, 0.0, 0.0);
                stream.cohorts.push_back(cohort);
            }
        }
    }

    /// What comes of all who wait or are in service.
    fn tell(&mut self, cell: usize, groups: &mut [Group<'_>]) {
        for stream in &mut self.streams {
            let group = &mut groups[stream.group];
            for place in 0..stream.cohorts.len() {
                let age = cell - stream.cohorts[place].born;
                let (ends, lasts) = (stream.ends(age), stream.lasts(age));
                let cohort = &mut stream.cohorts[place];
                if cohort.open <= NOBODY {
                    continue;
                }
                let (answered, timeouts) = cohort.outcome(stream.covers, ends, lasts);
                if answered > 0.0 {
                    self.flow.answered += answered * cohort.mass;
                    group.answer(cell, stream.step, answered, &cohort.answers);
                }
                if timeouts > 0.0 {
                    self.flow.timeouts += timeouts * cohort.mass;
                    group.tally.timeouts += timeouts * cohort.mass;
                    let gone: Vec<f64> = cohort.sent.iter().map(|flow| flow * timeouts).collect();
                    group.fail(cell, stream.step, &gone);
                }
            }
        }
        if self.streams.iter().any(|stream| stream.leaves) {
            self.flow.served += self.flow.answered;
        }
        self.queue = self.queue_of(cell, false);
    }

    /// Lets go of cohorts of whom nothing is left, and puts those together whose clients have all gone, where it does not
    /// matter when they came.
    fn tidy(&mut self) {
        let random = self.model.discipline == Discipline::Random;
        for stream in &mut self.streams {
            let leaves = stream.leaves;
            stream.cohorts.retain(|cohort| cohort.open > NOBODY || (!leaves && cohort.waiting * cohort.mass > 1e-9));
            if !random {
                continue;
            }
            while let [first, second, ..] = stream.cohorts.make_contiguous()
                && first.open <= NOBODY
                && second.open <= NOBODY
            {
                second.mass = second.mass * second.waiting + first.mass * first.waiting;
                second.waiting = 1.0;
                stream.cohorts.pop_front();
            }
        }
    }

    /// In an outage all who are there fail, and whoever comes is refused.
    fn go_down(&mut self, cell: usize, groups: &mut [Group<'_>]) {
        (self.busy, self.queue, self.debt) = (0.0, 0.0, 0.0);
        self.releases.clear();
        for stream in &mut self.streams {
            let group = &mut groups[stream.group];
            for cohort in stream.cohorts.drain(..).filter(|cohort| cohort.open > NOBODY) {
                let cut: Vec<f64> = cohort.sent.iter().map(|flow| flow * cohort.open).collect();
                let all: f64 = cut.iter().sum();
                if cohort.dropped {
                    group.tally.timeouts += all;
                    self.flow.timeouts += all;
                } else {
                    group.tally.failed += all;
                    self.flow.failed += all;
                }
                group.fail(cell, stream.step, &cut);
            }
            let sent = group.sent[stream.step].clone();
            let all: f64 = sent.iter().sum();
            if all > 0.0 {
                self.flow.requests += all;
                self.flow.refused += all;
                group.tally.refused += all;
                group.fail(cell, stream.step, &sent);
            }
        }
    }
}
