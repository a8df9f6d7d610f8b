//! The applicants' side: people alike whom the gate treats alike, as flows between their requests.
//!
//! A flow has labels: how often its people have come back, whether they have yet to learn the schedule, and, at a
//! request, how many tries went before. Labels add nothing but book-keeping: the account is linear in them. Only those in use are kept.

use super::crew::Crew;
use super::gate::Gate;
use super::grid::Grid;
use super::held::Held;
use super::kernel::Kernels;
use super::labels::{FEW, Labels, Relabel};
use super::line::Line;
use super::orbit::{Orbit, orbits};
use super::sum::{add, fold, sum};
use super::tally::Tally;
use crate::model::{AppliesTo, Class, Resume, Sampler};
use crate::time::Span;

/// More tries and returns than these are not told apart: whoever has so many behind them never gives up.
pub(super) const MOST_TRIES: u16 = 40;
pub(super) const MOST_RETURNS: u16 = 30;

/// People of one gate, of one class or of several that are alike in all but their number.
#[derive(Debug)]
pub(super) struct Group<'m> {
    /// The classes, and their shares of the group.
    pub(super) members: Vec<(usize, f64)>,
    pub(super) class: &'m Class,
    gate: Gate,
    population: f64,
    /// No more people than these, a share of all or of the operators they keep, are too few to reckon with at once.
    few: f64,
    /// How many tries are told apart.
    tries: usize,
    labels: Labels,
    /// Those who have yet to learn the schedule are told apart from this cell on, and until this one.
    learns: Option<(usize, usize)>,
    orbits: Vec<Orbit>,
    think: Vec<Option<Line>>,
    home: Option<Line>,
    held: Held,
    crew: Option<Crew<'m>>,
    /// Requests of the present cell by step, try (up to the last one that anybody is at) and label, and how many they are in all.
    pub(super) sent: Vec<Vec<f64>>,
    pub(super) asked: Vec<f64>,
    /// By step: requests that failed and are yet to be told what to do, by try and label, how many, and of how many tries.
    failing: Vec<(Vec<f64>, f64, usize)>,
    /// Those who gave up in the present cell with more returns behind them than have a label.
    beyond: [f64; 2],
    pub(super) tally: Tally,
    /// The share of the class's people to come who have come by now.
    come: f64,
    /// Room for flows that are at hand for a moment.
    want: Vec<f64>,
    out: Vec<f64>,
}

impl<'m> Group<'m> {
    pub(super) fn new(members: Vec<(usize, f64)>, class: &'m Class, gate: Gate, grid: &Grid, kernels: &mut Kernels) -> Group<'m> {
        let retry = &class.retry;
        let tries = usize::from(retry.attempts.clamp(1, MOST_TRIES));
        let learns = gate.shut_between(grid).filter(|_| class.closed.aware < 1.0 && class.operators.is_none());
        let most = usize::from(retry.returns.min(MOST_RETURNS)) + 1;
        let halves = if learns.is_some_and(|(from, _)| from == 0) { 2 } else { 1 };
        let labels = Labels { halves, returns: 1, most };
        let (steps, width) = (class.journey.len(), labels.count());
        let whole_journey = retry.resume == Resume::Journey;
        let zero = Sampler::constant(Span::ZERO);
        let mut think = Vec::with_capacity(steps);
        for (step, at) in class.journey.iter().enumerate() {
            let width = width * if whole_journey { tries } else { 1 };
            let wanted = step > 0 || at.think.is_some();
            think.push(wanted.then(|| Line::new(&kernels.later(at.think.as_ref().unwrap_or(&zero)), width)));
        }
        let crew = class.operators.as_ref().map(|operators| Crew::new(operators, gate.share, width, kernels));
        let delay = class.closed.return_delay.as_ref().filter(|_| crew.is_none());
        let population: f64 = members.iter().map(|(_, people)| people * gate.share).sum();
        let share =
            |(class, people): (usize, f64)| (class, if population > 0.0 { people * gate.share / population } else { 0.0 });
        Group {
            members: members.into_iter().map(share).collect(),
            class,
            population,
            few: FEW * crew.as_ref().map_or(population, |crew| crew.count.min(population)),
            tries,
            labels,
            learns,
            orbits: orbits(class, tries, if whole_journey { 2 } else { steps }, width, kernels),
            think,
            home: (most > 1).then(|| Line::new(&kernels.later(retry.return_after.as_ref().unwrap_or(&zero)), width)),
            held: Held::new(width, delay.map(|delay| kernels.after_an_instant(delay))),
            crew,
            sent: vec![Vec::new(); steps],
            asked: vec![0.0; steps],
            failing: vec![(vec![0.0; tries * width], 0.0, 0); steps],
            beyond: [0.0; 2],
            tally: Tally::default(),
            come: 0.0,
            want: vec![0.0; width],
            out: Vec::new(),
            gate,
        }
    }

    fn whole_journey(&self) -> bool {
        self.class.retry.resume == Resume::Journey
    }

    /// Everything up to the requests of a cell.
    pub(super) fn send(&mut self, cell: usize, grid: &Grid) {
        let middle = grid.middle(cell);
        self.tally.begin_cell();
        let active = |orbit: &Orbit| orbit.lines.iter().any(|line| line.is_active(cell));
        let tried = self.whole_journey() || self.orbits.iter().any(active);
        let places = self.labels.count() * if tried { self.tries } else { 1 };
        for sent in &mut self.sent {
            sent.resize(places, 0.0);
            sent.fill(0.0);
        }
        let sessions = self.wanting(cell, grid);
        if let Some(advice) = self.gate.shut(AppliesTo::Sessions, middle) {
            self.tally.sessions += self.turn_away(&sessions, advice);
        } else {
            self.tally.sessions += sum(&sessions);
            self.start(0, &sessions);
        }
        self.want = sessions;
        self.after_thinking(cell);
        self.after_orbits(cell);
        let (asked, retries) = self.count_requests();
        if !self.whole_journey() {
            // Where tries count for the session they are not those between two of them.
            self.tally.in_orbit -= retries;
        }
        if let Some(advice) = self.gate.shut(AppliesTo::Requests, middle) {
            let labels = self.labels.count();
            let mut cut = vec![0.0; labels];
            for sent in &mut self.sent {
                for tried in sent.chunks_mut(labels) {
                    cut.iter_mut().zip(tried.iter()).for_each(|(cut, sent)| *cut += sent);
                    tried.fill(0.0);
                }
            }
            self.asked.fill(0.0);
            self.turn_away(&cut, advice);
        } else {
            self.tally.requests += asked;
            self.tally.retries += retries;
        }
    }

    /// How many requests are sent in a cell, and how many of them are no first tries.
    fn count_requests(&mut self) -> (f64, f64) {
        let (mut all, mut again) = (0.0, 0.0);
        for (sent, asked) in self.sent.iter().zip(&mut self.asked) {
            let (first, more) = sent.split_at(self.labels.count());
            let retries = sum(more);
            *asked = sum(first) + retries;
            all += *asked;
            again += retries;
        }
        (all, again)
    }

    /// Those who want to begin a session in a cell, by label.
    fn wanting(&mut self, cell: usize, grid: &Grid) -> Vec<f64> {
        let mut want = std::mem::take(&mut self.want);
        want.fill(0.0);
        if let Some(home) = &mut self.home {
            home.ends(cell, &mut want);
            self.tally.away -= sum(&want);
        }
        let (_, to) = grid.bounds(cell);
        let by_then: f64 = self.class.arrivals.iter().map(|part| part.share * part.curve.share_before(to)).sum();
        let come = (by_then - self.come).max(0.0) * self.population;
        self.come = by_then;
        self.tally.arrived += come;
        if self.labels.halves > 1 {
            want[0] += self.class.closed.aware * come;
            want[self.labels.returns] += (1.0 - self.class.closed.aware) * come;
        } else {
            want[0] += come;
        }
        if let Some(crew) = &mut self.crew {
            self.tally.backlog = crew.work(cell, grid, &mut want);
        }
        if !self.gate.lets_all_in() {
            self.tally.away -= self.held.come(cell, self.gate.is_open(grid.middle(cell)), &mut want);
        }
        want
    }

    /// Closed: those who have yet to learn it send a request for it; all wait for the next opening. Gives how many asked.
    fn turn_away(&mut self, flow: &[f64], advice: bool) -> f64 {
        let asked = self.held.turn_away(flow, self.labels, advice);
        self.tally.away += flow.iter().sum::<f64>();
        self.tally.closed += asked;
        self.tally.requests += asked;
        asked
    }

    /// Sessions at the first step after so many tries: its think time, or its request.
    fn start(&mut self, tries: usize, flow: &[f64]) {
        let at = tries * self.labels.count();
        match &mut self.think[0] {
            Some(line) => line.begin(if self.class.retry.resume == Resume::Journey { at } else { 0 }, 1.0, flow),
            None => add(&mut self.sent[0][at..], 1.0, flow),
        }
    }

    fn after_thinking(&mut self, cell: usize) {
        for (line, sent) in self.think.iter_mut().zip(&mut self.sent) {
            let Some(line) = line else { continue };
            let width = if self.class.retry.resume == Resume::Journey { sent.len() } else { self.labels.count() };
            line.ends(cell, &mut sent[..width]);
        }
    }

    fn after_orbits(&mut self, cell: usize) {
        let (labels, whole) = (self.labels.count(), self.whole_journey());
        let (last, mut out) = (self.tries - 1, std::mem::take(&mut self.out));
        let mut afresh: Vec<(usize, Vec<f64>)> = Vec::new();
        for orbit in &mut self.orbits {
            let (next, flows) = (orbit.from + 1, orbit.count * labels);
            for (place, line) in orbit.lines.iter_mut().enumerate().filter(|(_, line)| line.is_active(cell)) {
                if !whole && next + orbit.count <= last + 1 {
                    let sent = &mut self.sent[place][next * labels..][..flows];
                    line.ends(cell, sent);
                    continue;
                }
                out.clear();
                out.resize(flows, 0.0);
                line.ends(cell, &mut out);
                if whole {
                    self.tally.in_orbit -= sum(&out);
                }
                for (number, flow) in out.chunks(labels).enumerate() {
                    // The last number told apart stands for all beyond it.
                    let next = (next + number).min(last);
                    if whole && place == 1 {
                        afresh.push((next, flow.to_vec()));
                    } else {
                        add(&mut self.sent[place][next * labels..], 1.0, flow);
                    }
                }
            }
        }
        self.out = out;
        for (tries, flow) in afresh {
            self.start(tries, &flow);
        }
    }

    /// A share of the requests of a step, `people` in all and so many by try and label, failed.
    pub(super) fn fail(&mut self, step: usize, people: f64, share: f64, flow: &[f64]) {
        let people = share * people;
        let (failing, mass, tries) = &mut self.failing[step];
        *mass += people;
        *tries = (flow.len() / self.labels.count()).max(*tries);
        add(failing, share, flow);
        self.tally.in_orbit += people;
    }

    /// Those who failed begin to wait for their next try, or give up.
    pub(super) fn try_again(&mut self) {
        let (labels, whole) = (self.labels.count(), self.whole_journey());
        let before_last = (self.tries - 1) * labels;
        for step in 0..self.failing.len() {
            if self.failing[step].1 <= self.few {
                continue;
            }
            let (mut flow, _, tries) = std::mem::replace(&mut self.failing[step], (Vec::new(), 0.0, 0));
            let places = tries * labels;
            for orbit in &mut self.orbits {
                let from = orbit.from * labels;
                let to = (from + orbit.count * labels).min(places);
                if from < to {
                    orbit.lines[if whole { step.min(1) } else { step }].begin(0, 1.0, &flow[from..to]);
                }
            }
            if places > before_last {
                let last = &flow[before_last..places];
                if self.class.retry.attempts <= MOST_TRIES {
                    self.give_up(last);
                } else {
                    self.tally.uncounted += sum(last);
                }
            }
            flow[..places].fill(0.0);
            self.failing[step].0 = flow;
        }
    }

    /// No tries are left.
    fn give_up(&mut self, flow: &[f64]) {
        let all = sum(flow);
        self.tally.in_orbit -= all;
        let (returns, most) = (self.labels.returns, self.labels.most);
        for (half, flow) in flow.chunks(returns).enumerate() {
            let at = half * returns;
            let (back, last) = flow[..returns.min(most)].split_at(returns.min(most) - 1);
            let last = last[0];
            let Some(home) = &mut self.home else {
                self.tally.abandoned += last;
                continue;
            };
            home.begin(at + 1, 1.0, back);
            self.tally.away += sum(back);
            if returns < most {
                self.beyond[half] += last;
                self.tally.away += last;
            } else if self.class.retry.returns > MOST_RETURNS {
                home.begin(at + most - 1, 1.0, &[last]);
                self.tally.away += last;
                self.tally.uncounted += last;
            } else {
                self.tally.abandoned += last;
            }
        }
        if let Some(crew) = &mut self.crew {
            crew.at_work -= all;
        }
    }

    /// At the end of a cell: how people are told apart from the next one on, if otherwise.
    pub(super) fn relabel(&mut self, cell: usize) -> Option<Relabel> {
        let beyond = std::mem::take(&mut self.beyond);
        let (many, returns) = (beyond[0] + beyond[1] > FEW * self.population, self.labels.returns);
        let next = cell + 1;
        let split = self.labels.halves == 1 && self.learns.is_some_and(|(from, to)| from <= next && next < to);
        let merge = self.labels.halves > 1 && self.learns.is_none_or(|(_, to)| to <= next);
        let relabel = if many {
            self.labels.grow()
        } else if split {
            self.labels.split(1.0 - self.class.closed.aware)
        } else if merge {
            self.labels.merge()
        } else {
            // They keep the label that they have.
            self.come_back(beyond, returns - 1);
            return None;
        };
        self.orbits.iter_mut().for_each(|orbit| orbit.relabel(&relabel));
        self.crew.iter_mut().for_each(|crew| crew.relabel(&relabel));
        self.held.relabel(&relabel);
        self.failing.iter_mut().map(|(flow, _, _)| flow).chain([&mut self.want]).for_each(|flow| relabel.apply(flow));
        self.think.iter_mut().flatten().chain(&mut self.home).for_each(|line| line.relabel(&relabel));
        self.come_back(beyond, if many { returns } else { returns - 1 });
        Some(relabel)
    }

    /// Those who gave up with more returns behind them than had a label come back with so many.
    fn come_back(&mut self, beyond: [f64; 2], returns: usize) {
        let Some(home) = &mut self.home else { return };
        for (half, people) in beyond.iter().enumerate().filter(|(_, people)| **people != 0.0) {
            home.begin(half * self.labels.returns + returns, 1.0, &[*people]);
        }
    }

    /// A share of the requests of a step, `people` in all and so many by label (by try and label where tries count for the session),
    /// was answered.
    pub(super) fn answer(&mut self, step: usize, people: f64, share: f64, flow: &[f64]) {
        let people = share * people;
        self.tally.answered += people;
        if let Some(Some(line)) = self.think.get_mut(step + 1) {
            line.begin(0, share, flow);
            return;
        }
        self.tally.completed += people;
        if let Some(crew) = &mut self.crew {
            crew.at_work -= people;
        }
    }

    /// What an answered flow is told apart by: tries are forgotten with an answer unless they count for the session.
    pub(super) fn answered_labels(&self, step: usize, sent: &[f64], by_label: &mut Vec<f64>) {
        by_label.clear();
        if step + 1 == self.sent.len() {
            return;
        }
        if self.whole_journey() {
            by_label.extend_from_slice(sent);
            return;
        }
        by_label.resize(self.labels.count(), 0.0);
        fold(by_label, sent);
    }

    /// Operators with an application in hand, and of how many.
    pub(super) fn operators(&self) -> Option<(f64, f64)> {
        self.crew.as_ref().map(|crew| (crew.at_work, crew.count))
    }

    pub(super) fn end_cell(&mut self, cell: usize) {
        let orbits = self.orbits.iter_mut().flat_map(|orbit| &mut orbit.lines);
        self.crew.iter_mut().for_each(|crew| crew.end_cell(cell));
        orbits.chain(self.think.iter_mut().flatten()).chain(&mut self.home).for_each(|line| line.end_cell(cell));
    }
}
