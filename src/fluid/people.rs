//! The applicants' side: people of a class whom the gate treats alike, as flows between their requests.
//!
//! A flow has labels: how often its people have come back, whether they have yet to learn the schedule, and, at a
//! request, how many tries went before. Labels add nothing but book-keeping: the account is linear in them.

use super::gate::Gate;
use super::grid::Grid;
use super::kernel::{Kernels, backoff};
use super::line::Line;
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
        Group {
            class_id,
            class,
            tries,
            labels,
            returns,
            orbits: orbits(class, tries, places * labels, kernels),
            think,
            home: (returns > 1).then(|| Line::new(&kernels.later(retry.return_after.as_ref().unwrap_or(&zero)), labels)),
            held: vec![0.0; labels],
            reopened: Vec::new(),
            after_opening: delay.map(|delay| kernels.after_an_instant(delay)),
            crew,
            sent: vec![vec![0.0; tries * labels]; steps],
            tally: Tally::default(),
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
        let mut sessions = self.wanting(cell, grid);
        if let Some(advice) = self.gate.shut(AppliesTo::Sessions, middle) {
            self.tally.sessions += self.turn_away(&mut sessions, advice);
        } else {
            let all: f64 = sessions.iter().sum();
            self.tally.sessions += all;
            self.start(cell, 0, &sessions);
        }
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
            self.turn_away(&mut cut, advice);
        }
        let all: f64 = self.sent.iter().flatten().sum();
        self.tally.requests += all;
        let first: f64 = self.sent.iter().flat_map(|sent| &sent[..self.labels]).sum();
        self.tally.retries += all - first;
    }

    /// Those who want to begin a session in a cell, by label.
    fn wanting(&mut self, cell: usize, grid: &Grid) -> Vec<f64> {
        let mut want = vec![0.0; self.labels];
        if let Some(home) = &self.home {
            home.ends(cell, &mut want);
            self.tally.away -= want.iter().sum::<f64>();
        }
        let (from, to) = grid.bounds(cell);
        let come: f64 = self
            .class
            .arrivals
            .iter()
            .map(|part| part.share * (part.curve.share_before(to) - part.curve.share_before(from)))
            .sum();
        let come = come.max(0.0) * self.class.population.mean() * self.gate.share;
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
                line.begin(cell, 0, taken.into_iter());
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
    fn turn_away(&mut self, flow: &mut [f64], advice: bool) -> f64 {
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
    fn start(&mut self, cell: usize, tries: usize, flow: &[f64]) {
        let at = tries * self.labels;
        match &mut self.think[0] {
            Some(line) => line.begin(cell, if self.class.retry.resume == Resume::Journey { at } else { 0 }, flow.iter().copied()),
            None => self.sent[0][at..].iter_mut().zip(flow).for_each(|(sent, flow)| *sent += flow),
        }
    }

    fn after_thinking(&mut self, cell: usize) {
        for (line, sent) in self.think.iter().zip(&mut self.sent) {
            let Some(line) = line else { continue };
            let width = if self.class.retry.resume == Resume::Journey { sent.len() } else { self.labels };
            line.ends(cell, &mut sent[..width]);
        }
    }

    fn after_orbits(&mut self, cell: usize) {
        let (labels, whole) = (self.labels, self.whole_journey());
        let places = if whole { 2 } else { self.sent.len() };
        let mut afresh: Vec<(usize, Vec<f64>)> = Vec::new();
        for orbit in &self.orbits {
            let mut out = vec![0.0; orbit.count * places * labels];
            orbit.line.ends(cell, &mut out);
            self.tally.in_orbit -= out.iter().sum::<f64>();
            for (number, flow) in out.chunks(labels).enumerate() {
                // The last number told apart stands for all beyond it.
                let next = (orbit.from + number / places + 1).min(self.tries - 1);
                if whole && number % places == 1 {
                    afresh.push((next, flow.to_vec()));
                } else {
                    self.sent[number % places][next * labels..].iter_mut().zip(flow).for_each(|(sent, flow)| *sent += flow);
                }
            }
        }
        for (tries, flow) in afresh {
            self.start(cell, tries, &flow);
        }
    }

    /// Requests of a step that failed, by try and label.
    pub(super) fn fail(&mut self, cell: usize, step: usize, flow: &[f64]) {
        let (labels, whole) = (self.labels, self.whole_journey());
        let places = if whole { 2 } else { self.sent.len() };
        let place = if whole { step.min(1) } else { step };
        for orbit in &mut self.orbits {
            for number in 0..orbit.count {
                let from = (orbit.from + number) * labels;
                let failed = &flow[from..from + labels];
                self.tally.in_orbit += failed.iter().sum::<f64>();
                orbit.line.begin(cell, (number * places + place) * labels, failed.iter().copied());
            }
        }
        let last = &flow[(self.tries - 1) * labels..];
        if self.class.retry.attempts <= MOST_TRIES {
            self.give_up(cell, last);
        } else {
            self.tally.uncounted += last.iter().sum::<f64>();
        }
    }

    /// No tries are left.
    fn give_up(&mut self, cell: usize, flow: &[f64]) {
        let all: f64 = flow.iter().sum();
        let endless = self.class.retry.returns > MOST_RETURNS;
        let mut back = vec![0.0; self.labels];
        for (label, flow) in flow.iter().enumerate() {
            let r = label % self.returns;
            if r + 1 < self.returns {
                back[label + 1] += flow;
            } else if endless {
                self.tally.uncounted += flow;
                back[label] += flow;
            } else {
                self.tally.abandoned += flow;
            }
        }
        self.tally.away += back.iter().sum::<f64>();
        if let Some(home) = &mut self.home {
            home.begin(cell, 0, back.into_iter());
        }
        if let Some(crew) = &mut self.crew {
            crew.at_work -= all;
        }
    }

    /// Requests of a step that were answered: by label, or by try and label where tries count for the session.
    pub(super) fn answer(&mut self, cell: usize, step: usize, share: f64, flow: &[f64]) {
        let all = share * flow.iter().sum::<f64>();
        self.tally.answered += all;
        if let Some(Some(line)) = self.think.get_mut(step + 1) {
            line.begin(cell, 0, flow.iter().map(|flow| share * flow));
            return;
        }
        self.tally.completed += all;
        if let Some(crew) = &mut self.crew {
            crew.at_work -= all;
        }
    }

    /// What an answered flow is told apart by: tries are forgotten with an answer unless they count for the session.
    pub(super) fn answered_labels(&self, sent: &[f64]) -> Vec<f64> {
        if self.whole_journey() {
            return sent.to_vec();
        }
        let mut sum = vec![0.0; self.labels];
        for tried in sent.chunks(self.labels) {
            sum.iter_mut().zip(tried).for_each(|(sum, sent)| *sum += sent);
        }
        sum
    }

    /// Operators with an application in hand, and of how many.
    pub(super) fn operators(&self) -> Option<(f64, f64)> {
        self.crew.as_ref().map(|crew| (crew.at_work, crew.count))
    }

    pub(super) fn end_cell(&mut self, cell: usize) {
        let orbits = self.orbits.iter_mut().map(|orbit| &mut orbit.line);
        let prepare = self.crew.as_mut().and_then(|crew| crew.prepare.as_mut());
        orbits.chain(self.think.iter_mut().flatten()).chain(&mut self.home).chain(prepare).for_each(|line| line.next_cell(cell));
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
