//! The applicants' side: people of a class whom the gate treats alike, as flows between their requests.
//!
//! A flow has labels: how often its people have come back, whether they have yet to learn the schedule, and, at a
//! request, how many tries went before. Labels add nothing but book-keeping: the account is linear in them.

use super::gate::Gate;
use super::grid::Grid;
use super::kernel::{Kernels, backoff};
use super::line::Line;
use super::sum::{add, sum};
use super::tally::Tally;
use crate::model::{AppliesTo, Class, Resume, Sampler};
use crate::time::Span;

/// More tries and returns than these are not told apart: whoever has so many behind them never gives up.
pub(super) const MOST_TRIES: u16 = 40;
pub(super) const MOST_RETURNS: u16 = 30;

/// Tries after which people wait alike for the next one.
#[derive(Debug)]
struct Orbit {
    /// From this number of tries (0 is the first one), and how many numbers.
    from: usize,
    count: usize,
    line: Line,
}

/// People of one class and one gate.
#[derive(Debug)]
pub(super) struct Group<'m> {
    pub(super) class_id: usize,
    pub(super) class: &'m Class,
    gate: Gate,
    /// How many tries are told apart, and labels of a flow without them.
    pub(super) tries: usize,
    pub(super) labels: usize,
    returns: usize,
    orbits: Vec<Orbit>,
    think: Vec<Option<Line>>,
    home: Option<Line>,
    /// Waiting for an opening, those who start their way after one by cell, and how long they take.
    held: Vec<f64>,
    reopened: Vec<(usize, Vec<f64>)>,
    after_opening: Option<Vec<f64>>,
    crew: Option<Crew>,
    /// Requests of the present cell by step, try and label.
    pub(super) sent: Vec<Vec<f64>>,
    pub(super) tally: Tally,
    /// The share of the class's people to come who have come by now.
    come: f64,
    /// Room for flows that are at hand for a moment.
    want: Vec<f64>,
    out: Vec<f64>,
}

/// The operators of a group.
#[derive(Debug)]
struct Crew {
    count: f64,
    at_work: f64,
    backlog: Vec<f64>,
    prepare: Option<Line>,
}

impl<'m> Group<'m> {
    pub(super) fn new(class_id: usize, class: &'m Class, gate: Gate, kernels: &mut Kernels) -> Group<'m> {
        let retry = &class.retry;
        let tries = usize::from(retry.attempts.clamp(1, MOST_TRIES));
        let returns = usize::from(retry.returns.min(MOST_RETURNS)) + 1;
        let learns = !gate.lets_all_in() && class.closed.aware < 1.0 && class.operators.is_none();
        let labels = returns * if learns { 2 } else { 1 };
        let steps = class.journey.len();
        let whole_journey = retry.resume == Resume::Journey;
        let zero = Sampler::constant(Span::ZERO);
        let mut think = Vec::with_capacity(steps);
        for (step, at) in class.journey.iter().enumerate() {
            let width = labels * if whole_journey { tries } else { 1 };
            let wanted = step > 0 || at.think.is_some();
            think.push(wanted.then(|| Line::new(&kernels.later(at.think.as_ref().unwrap_or(&zero)), width)));
        }
        let places = if whole_journey { 2 } else { steps };
        let crew = class.operators.as_ref().map(|operators| Crew {
            count: f64::from(operators.count) * gate.share,
            at_work: 0.0,
            backlog: vec![0.0; labels],
            prepare: operators.prepare.as_ref().map(|prepare| Line::new(&kernels.later(prepare), labels)),
        });
        let delay = class.closed.return_delay.as_ref().filter(|_| crew.is_none());
        let orbits = orbits(class, tries, places * labels, kernels);
        let widest = orbits.iter().map(|orbit| orbit.count * places * labels).max();
        Group {
            class_id,
            class,
            tries,
            labels,
            returns,
            orbits,
            think,
            home: (returns > 1).then(|| Line::new(&kernels.later(retry.return_after.as_ref().unwrap_or(&zero)), labels)),
            held: vec![0.0; labels],
            reopened: Vec::new(),
            after_opening: delay.map(|delay| kernels.after_an_instant(delay)),
            crew,
            sent: vec![vec![0.0; tries * labels]; steps],
            tally: Tally::default(),
            come: 0.0,
            want: vec![0.0; labels],
            out: vec![0.0; widest.unwrap_or(0)],
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
        self.sent.iter_mut().for_each(|sent| sent.fill(0.0));
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
        if let Some(advice) = self.gate.shut(AppliesTo::Requests, middle) {
            let mut cut = vec![0.0; self.labels];
            for sent in &mut self.sent {
                for tried in sent.chunks_mut(self.labels) {
                    cut.iter_mut().zip(tried.iter()).for_each(|(cut, sent)| *cut += sent);
                    tried.fill(0.0);
                }
            }
            self.turn_away(&cut, advice);
        }
        for sent in &self.sent {
            let (first, more) = sent.split_at(self.labels);
            let retries = sum(more);
            self.tally.requests += sum(first) + retries;
            self.tally.retries += retries;
        }
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
        let come = (by_then - self.come).max(0.0) * self.class.population.mean() * self.gate.share;
        self.come = by_then;
        self.tally.arrived += come;
        if self.labels > self.returns {
            want[0] += self.class.closed.aware * come;
            want[self.returns] += (1.0 - self.class.closed.aware) * come;
        } else {
            want[0] += come;
        }
        self.work_backlog(cell, grid, &mut want);
        self.open_again(cell, grid, &mut want);
        want
    }

    /// Operators take what they can of the backlog, what came back first, as it was collected earlier.
    fn work_backlog(&mut self, cell: usize, grid: &Grid, want: &mut Vec<f64>) {
        let Some(crew) = &mut self.crew else { return };
        crew.backlog.iter_mut().zip(want.iter()).for_each(|(backlog, want)| *backlog += want);
        want.fill(0.0);
        let hours = self.class.operators.as_ref().and_then(|operators| operators.hours.as_ref());
        let mut free = (crew.count - crew.at_work).max(0.0);
        if hours.is_some_and(|hours| !hours.contains(grid.middle(cell))) {
            free = 0.0;
        }
        let mut taken = vec![0.0; self.labels];
        for (backlog, taken) in crew.backlog.iter_mut().zip(&mut taken).rev() {
            *taken = backlog.min(free);
            *backlog -= *taken;
            free -= *taken;
            crew.at_work += *taken;
        }
        match &mut crew.prepare {
            Some(line) => {
                line.ends(cell, want);
                line.begin(0, 1.0, &taken);
            }
            None => *want = taken,
        }
        self.tally.backlog = crew.backlog.iter().sum();
    }

    /// Those who waited for an opening begin their delay when there is one.
    fn open_again(&mut self, cell: usize, grid: &Grid, want: &mut [f64]) {
        if self.gate.lets_all_in() {
            return;
        }
        let opens = self.gate.is_open(grid.middle(cell)) && self.held.iter().any(|held| *held > 0.0);
        if opens {
            let held = std::mem::replace(&mut self.held, vec![0.0; self.labels]);
            self.reopened.push((cell, held));
        }
        if self.reopened.is_empty() {
            return;
        }
        let mut came = vec![0.0; self.labels];
        let at_once = [1.0];
        let kernel: &[f64] = self.after_opening.as_deref().unwrap_or(&at_once);
        self.reopened.retain(|(from, held)| {
            let Some(chance) = kernel.get(cell - from) else { return false };
            came.iter_mut().zip(held).for_each(|(came, held)| *came += chance * held);
            true
        });
        self.tally.away -= came.iter().sum::<f64>();
        want.iter_mut().zip(came).for_each(|(want, came)| *want += came);
    }

    /// Closed: those who have yet to learn it send a request for it; all wait for the next opening. Gives how many asked.
    fn turn_away(&mut self, flow: &[f64], advice: bool) -> f64 {
        let mut asked = 0.0;
        let learns = flow.len() > self.returns;
        for r in 0..self.returns {
            self.held[r] += flow[r];
            if learns {
                let unaware = flow[self.returns + r];
                if advice {
                    self.held[self.returns + r] += unaware;
                } else {
                    self.held[r] += unaware;
                    asked += unaware;
                }
            }
        }
        self.tally.away += flow.iter().sum::<f64>();
        self.tally.closed += asked;
        self.tally.requests += asked;
        asked
    }

    /// Sessions at the first step after so many tries: its think time, or its request.
    fn start(&mut self, tries: usize, flow: &[f64]) {
        let at = tries * self.labels;
        match &mut self.think[0] {
            Some(line) => line.begin(if self.class.retry.resume == Resume::Journey { at } else { 0 }, 1.0, flow),
            None => add(&mut self.sent[0][at..], 1.0, flow),
        }
    }

    fn after_thinking(&mut self, cell: usize) {
        for (line, sent) in self.think.iter_mut().zip(&mut self.sent) {
            let Some(line) = line else { continue };
            let width = if self.class.retry.resume == Resume::Journey { sent.len() } else { self.labels };
            line.ends(cell, &mut sent[..width]);
        }
    }

    fn after_orbits(&mut self, cell: usize) {
        let (labels, whole) = (self.labels, self.whole_journey());
        let places = if whole { 2 } else { self.sent.len() };
        let mut afresh: Vec<(usize, Vec<f64>)> = Vec::new();
        for orbit in &mut self.orbits {
            let out = &mut self.out[..orbit.count * places * labels];
            out.fill(0.0);
            orbit.line.ends(cell, out);
            self.tally.in_orbit -= sum(out);
            for (number, flow) in out.chunks(labels).enumerate() {
                // The last number told apart stands for all beyond it.
                let next = (orbit.from + number / places + 1).min(self.tries - 1);
                if whole && number % places == 1 {
                    afresh.push((next, flow.to_vec()));
                } else {
                    add(&mut self.sent[number % places][next * labels..], 1.0, flow);
                }
            }
        }
        for (tries, flow) in afresh {
            self.start(tries, &flow);
        }
    }

    /// A share of the requests of a step, by try and label, failed.
    pub(super) fn fail(&mut self, step: usize, share: f64, flow: &[f64]) {
        let (labels, whole) = (self.labels, self.whole_journey());
        let places = if whole { 2 } else { self.sent.len() };
        let place = if whole { step.min(1) } else { step };
        for orbit in &mut self.orbits {
            for number in 0..orbit.count {
                let from = (orbit.from + number) * labels;
                orbit.line.begin((number * places + place) * labels, share, &flow[from..from + labels]);
            }
        }
        let (again, last) = flow.split_at((self.tries - 1) * labels);
        self.tally.in_orbit += share * sum(again);
        if self.class.retry.attempts <= MOST_TRIES {
            self.give_up(share, last);
        } else {
            let endless = share * sum(last);
            self.tally.in_orbit += endless;
            self.tally.uncounted += endless;
        }
    }

    /// No tries are left.
    fn give_up(&mut self, share: f64, flow: &[f64]) {
        let endless = self.class.retry.returns > MOST_RETURNS;
        for (half, flow) in flow.chunks(self.returns).enumerate() {
            let at = half * self.returns;
            let (back, last) = flow.split_at(self.returns - 1);
            let last = share * sum(last);
            if let Some(home) = &mut self.home {
                home.begin(at + 1, share, back);
                self.tally.away += share * sum(back);
            }
            if let Some(home) = self.home.as_mut().filter(|_| endless) {
                home.begin(at + back.len(), 1.0, &[last]);
                self.tally.away += last;
                self.tally.uncounted += last;
            } else {
                self.tally.abandoned += last;
            }
        }
        if let Some(crew) = &mut self.crew {
            crew.at_work -= share * sum(flow);
        }
    }

    /// Requests of a step that were answered: by label, or by try and label where tries count for the session.
    pub(super) fn answer(&mut self, step: usize, share: f64, flow: &[f64]) {
        let all = share * sum(flow);
        self.tally.answered += all;
        if let Some(Some(line)) = self.think.get_mut(step + 1) {
            line.begin(0, share, flow);
            return;
        }
        self.tally.completed += all;
        if let Some(crew) = &mut self.crew {
            crew.at_work -= all;
        }
    }

    /// What an answered flow is told apart by: tries are forgotten with an answer unless they count for the session.
    pub(super) fn answered_labels(&self, sent: &[f64], by_label: &mut Vec<f64>) {
        by_label.clear();
        if self.whole_journey() {
            by_label.extend_from_slice(sent);
            return;
        }
        by_label.resize(self.labels, 0.0);
        for tried in sent.chunks(self.labels) {
            add(by_label, 1.0, tried);
        }
    }

    /// Operators with an application in hand, and of how many.
    pub(super) fn operators(&self) -> Option<(f64, f64)> {
        self.crew.as_ref().map(|crew| (crew.at_work, crew.count))
    }

    pub(super) fn end_cell(&mut self, cell: usize) {
        let orbits = self.orbits.iter_mut().map(|orbit| &mut orbit.line);
        let prepare = self.crew.as_mut().and_then(|crew| crew.prepare.as_mut());
        orbits.chain(self.think.iter_mut().flatten()).chain(&mut self.home).chain(prepare).for_each(|line| line.end_cell(cell));
    }
}

/// The waits before the second and later tries, those alike together.
fn orbits(class: &Class, tries: usize, width: usize, kernels: &mut Kernels) -> Vec<Orbit> {
    let endless = class.retry.attempts > MOST_TRIES;
    let last = if endless { tries } else { tries - 1 };
    let mut alike: Vec<(Sampler, Vec<f64>, usize, usize)> = Vec::new();
    let mut late = 0.0;
    for number in 0..last {
        let wait = backoff(&class.retry.backoff, number as u16 + 1);
        // Nothing is to be mended, or nothing can be.
        let same = |before: &Sampler, chances: &[f64]| *before == wait && (late <= 0.0 || chances.len() <= 2);
        match alike.last_mut() {
            Some((before, chances, _, count)) if same(before, chances) => *count += 1,
            _ => {
                let (chances, left) = kernels.repaying(&wait, late);
                alike.push((wait, chances, number, 1));
                late = left;
            }
        }
    }
    let orbit = |(_, chances, from, count): (Sampler, Vec<f64>, usize, usize)| Orbit {
        from,
        count,
        line: Line::new(&chances, count * width),
    };
    alike.into_iter().map(orbit).collect()
}
