//! The servers' side: one station and all who come to it.

use super::cohort::{NOBODY, Stream};
use super::grid::Grid;
use super::kernel::Kernels;
use super::labels::Relabel;
use super::people::Group;
use super::pick::starts;
use crate::model::{Discipline, OnFull, Station, Step, TimeoutCovers};
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
        let mut streams: Vec<Stream> = Vec::new();
        let mut kinds: Vec<(u32, &Step)> = Vec::new();
        for (g, group) in groups.iter().enumerate() {
            let rank = group.class.priority;
            for (k, step) in group.class.journey.iter().enumerate().filter(|(_, step)| usize::from(step.station) == id) {
                let same = |(other, known): &(u32, &Step)| {
                    *other == rank
                        && (&known.service, &known.timeout, known.covers) == (&step.service, &step.timeout, step.covers)
                };
                let at = kinds.iter().position(same).unwrap_or(kinds.len());
                if at == kinds.len() {
                    kinds.push((rank, step));
                    streams.push(Stream::new(rank, step, model.on_timeout, kernels));
                }
                streams[at].members.push((g, k));
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
            self.go_down(groups);
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
    fn receive(&mut self, cell: usize, groups: &mut [Group<'_>]) {
        for stream in &mut self.streams {
            self.flow.requests += stream.receive(cell, groups);
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
        self.occupy();
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
        if alive > 0.0 {
            for ((group, _), part) in stream.members.iter().zip(&cohort.parts) {
                let there = part.mass * cohort.kept * started * alive;
                self.sums.started[*group] += there;
                self.sums.waits[*group] += there * age as f64;
            }
        }
        if stream.leaves {
            let kernel = stream.service.iter().scan(0.0, |served, ends| {
                *served += ends;
                Some(*served)
            });
            let stays = kernel.enumerate().map(|(lag, served)| stream.occupies(age, served, lag));
            release(&mut self.releases, &mut self.busy, physical, stays);
        } else {
            stream.starting += physical;
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

    /// The services that no client's going ends, and that start in the present cell, take their workers.
    fn occupy(&mut self) {
        for stream in &mut self.streams {
            let started = std::mem::take(&mut stream.starting);
            if started <= 0.0 {
                continue;
            }
            self.flow.served += started * stream.service.first().copied().unwrap_or(0.0);
            let left = stream.service.iter().scan(1.0, |left, ends| {
                *left = f64::max(*left - ends, 0.0);
                Some(*left)
            });
            release(&mut self.releases, &mut self.busy, started, left);
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
            let mass = cohort.mass * refused;
            if self.model.on_full == OnFull::Refuse {
                self.flow.refused += mass;
                self.debt += mass * self.model.refusal_cost.seconds() / self.cell_seconds;
                let share = refused * cohort.kept;
                for ((group, step), part) in stream.members.iter().zip(&cohort.parts) {
                    groups[*group].tally.refused += share * part.mass;
                    groups[*group].fail(*step, part.mass, share, &part.sent);
                }
                stream.refuse(refused);
            } else {
                self.flow.dropped += mass;
                let dropped = cohort.dropped(refused);
                stream.refuse(refused);
                stream.cohorts.push_back(dropped);
            }
        }
    }

    /// What comes of all who wait or are in service.
    fn tell(&mut self, cell: usize, groups: &mut [Group<'_>]) {
        for stream in &mut self.streams {
            for place in 0..stream.cohorts.len() {
                let age = cell - stream.cohorts[place].born;
                let (ends, lasts) = (stream.ends(age), stream.lasts(age));
                let cohort = &mut stream.cohorts[place];
                if cohort.open <= NOBODY {
                    continue;
                }
                let (answered, timeouts) = cohort.outcome(stream.covers, ends, lasts);
                self.flow.answered += answered * cohort.mass;
                self.flow.timeouts += timeouts * cohort.mass;
                for ((group, step), part) in stream.members.iter().zip(&cohort.parts).filter(|(_, part)| part.mass > 0.0) {
                    let group = &mut groups[*group];
                    if answered > 0.0 {
                        group.answer(*step, part.mass, answered * cohort.kept, &part.answers);
                    }
                    if timeouts > 0.0 {
                        group.tally.timeouts += timeouts * cohort.kept * part.mass;
                        group.fail(*step, part.mass, timeouts * cohort.kept, &part.sent);
                    }
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
            stream.retain(|cohort| cohort.open > NOBODY || (!leaves && cohort.waiting * cohort.mass > 1e-9));
            if !random {
                continue;
            }
            while stream.cohorts.len() > 1
                && stream.cohorts.iter().take(2).all(|cohort| cohort.open <= NOBODY)
                && let Some(first) = stream.cohorts.pop_front()
                && let Some(second) = stream.cohorts.front_mut()
            {
                second.mass = second.mass * second.waiting + first.mass * first.waiting;
                second.waiting = 1.0;
                stream.spare(first);
            }
        }
    }

    /// From now on the people of a group are told apart otherwise.
    pub(super) fn relabel(&mut self, group: usize, relabel: &Relabel) {
        self.streams.iter_mut().for_each(|stream| stream.relabel(group, relabel));
    }

    /// In an outage all who are there fail, and whoever comes is refused.
    fn go_down(&mut self, groups: &mut [Group<'_>]) {
        (self.busy, self.queue, self.debt) = (0.0, 0.0, 0.0);
        self.releases.clear();
        for stream in &mut self.streams {
            for cohort in stream.cohorts.drain(..).filter(|cohort| cohort.open > NOBODY) {
                let share = cohort.open * cohort.kept;
                for ((group, step), part) in stream.members.iter().zip(&cohort.parts) {
                    let (group, all) = (&mut groups[*group], share * part.mass);
                    if cohort.dropped {
                        group.tally.timeouts += all;
                        self.flow.timeouts += all;
                    } else {
                        group.tally.failed += all;
                        self.flow.failed += all;
                    }
                    group.fail(*step, part.mass, share, &part.sent);
                }
            }
            for (group, step) in &stream.members {
                let group = &mut groups[*group];
                let (all, sent) = (group.asked[*step], std::mem::take(&mut group.sent[*step]));
                if all > 0.0 {
                    self.flow.requests += all;
                    self.flow.refused += all;
                    group.tally.refused += all;
                    group.fail(*step, all, 1.0, &sent);
                }
                group.sent[*step] = sent;
            }
        }
    }
}

/// Notes when the workers of services that start in the present cell are free again, of whom these shares stay beyond it and the cells after
/// it.
fn release(releases: &mut VecDeque<f64>, busy: &mut f64, started: f64, stays: impl Iterator<Item = f64>) {
    let mut before = 1.0;
    for (lag, still) in stays.enumerate() {
        if lag == 0 {
            *busy += started * still;
        } else {
            if releases.len() < lag {
                releases.resize(lag, 0.0);
            }
            releases[lag - 1] += started * (before - still);
        }
        before = still;
    }
}
