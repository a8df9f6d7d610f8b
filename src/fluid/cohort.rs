//! Requests alike that were sent in one cell, and what becomes of them as shares.

use super::kernel::Kernels;
use super::labels::Relabel;
use super::people::Group;
use crate::model::{OnTimeout, Sampler, Step, Timeout, TimeoutCovers};
use std::collections::VecDeque;

/// Shares smaller than this are nobody.
pub(super) const NOBODY: f64 = 1e-13;

/// How long clients wait: the chance that patience ends so many cells after the request, and that it lasts longer.
#[derive(Debug)]
pub(super) struct Patience {
    ends: Vec<f64>,
    lasts: Vec<f64>,
}

impl Patience {
    fn new(sampler: &Sampler, kernels: &mut Kernels) -> Patience {
        let ends = kernels.of(sampler);
        let mut left = 1.0;
        let lasts = ends.iter().map(|ends| {
            left = f64::max(left - ends, 0.0);
            left
        });
        Patience { lasts: lasts.collect(), ends }
    }
}

/// What groups send to a station at steps of theirs that are alike to it.
#[derive(Debug)]
pub(super) struct Stream {
    /// Groups and steps.
    pub(super) members: Vec<(usize, usize)>,
    /// Who is served first under `priority`.
    pub(super) rank: u32,
    /// The chance that a service ends so many cells after the one in which it starts.
    pub(super) service: Vec<f64>,
    patience: Option<Patience>,
    pub(super) covers: TimeoutCovers,
    /// Whether whoever times out leaves the queue, or frees the worker.
    pub(super) leaves: bool,
    /// The oldest first.
    pub(super) cohorts: VecDeque<Cohort>,
    /// Those that are no more, whose room the next ones take.
    spare: Vec<Cohort>,
    /// Requests whose services start in the present cell, by no client's patience; see [`Stream::starts`].
    pub(super) starting: f64,
}

impl Stream {
    pub(super) fn new(rank: u32, step: &Step, on_timeout: OnTimeout, kernels: &mut Kernels) -> Stream {
        let patience = match &step.timeout {
            Timeout::Never => None,
            Timeout::After(sampler) => Some(Patience::new(sampler, kernels)),
        };
        Stream {
            members: Vec::new(),
            rank,
            service: kernels.of(&step.service),
            patience,
            covers: step.covers,
            leaves: on_timeout == OnTimeout::Leave,
            cohorts: VecDeque::new(),
            spare: Vec::new(),
            starting: 0.0,
        }
    }

    /// The requests of a cell come, if there are any; gives how many.
    pub(super) fn receive(&mut self, cell: usize, groups: &mut [Group<'_>]) -> f64 {
        let mass = self.members.iter().map(|(group, step)| groups[*group].asked[*step]).sum();
        if mass > 0.0 {
            let mut cohort = self.spare.pop().unwrap_or_default();
            cohort.restart(cell, mass);
            cohort.parts.resize_with(self.members.len(), Part::default);
            for ((group, step), part) in self.members.iter().zip(&mut cohort.parts) {
                let group = &mut groups[*group];
                part.mass = group.asked[*step];
                std::mem::swap(&mut part.sent, &mut group.sent[*step]);
                group.answered_labels(*step, &part.sent, &mut part.answers);
            }
            self.cohorts.push_back(cohort);
        }
        mass
    }

    /// Takes the share that was refused out of the newest cohort.
    pub(super) fn refuse(&mut self, share: f64) {
        if share >= 1.0 {
            self.spare.extend(self.cohorts.pop_back());
        } else if let Some(cohort) = self.cohorts.back_mut() {
            cohort.refuse(share);
        }
    }

    /// A cohort that is no more.
    pub(super) fn spare(&mut self, cohort: Cohort) {
        self.spare.push(cohort);
    }

    /// Lets go of cohorts, from the oldest on.
    pub(super) fn retain(&mut self, keep: impl Fn(&Cohort) -> bool) {
        // Mostly it is the oldest.
        while self.cohorts.front().is_some_and(|oldest| !keep(oldest)) {
            self.spare.extend(self.cohorts.pop_front());
        }
        if self.cohorts.iter().all(&keep) {
            return;
        }
        for _ in 0..self.cohorts.len() {
            let Some(cohort) = self.cohorts.pop_front() else { break };
            if keep(&cohort) {
                self.cohorts.push_back(cohort);
            } else {
                self.spare.push(cohort);
            }
        }
    }

    /// From now on the people of a group are told apart otherwise.
    pub(super) fn relabel(&mut self, group: usize, relabel: &Relabel) {
        for (member, _) in self.members.iter().enumerate().filter(|(_, (of, _))| *of == group) {
            for part in self.cohorts.iter_mut().filter_map(|cohort| cohort.parts.get_mut(member)) {
                relabel.apply(&mut part.sent);
                relabel.apply(&mut part.answers);
            }
        }
    }

    /// The chance that patience ends in the cell of this age.
    pub(super) fn ends(&self, age: usize) -> f64 {
        self.patience.as_ref().map_or(0.0, |patience| patience.ends.get(age).copied().unwrap_or(0.0))
    }

    /// The chance that patience lasts beyond the cell of this age.
    pub(super) fn lasts(&self, age: usize) -> f64 {
        self.patience.as_ref().map_or(1.0, |patience| patience.lasts.get(age).copied().unwrap_or(0.0))
    }

    /// The share whose client is there at an instant of the cell of this age, on average.
    pub(super) fn alive(&self, age: usize) -> f64 {
        self.lasts(age) + 0.5 * self.ends(age)
    }

    /// Requests of a cohort that could start in a cell.
    pub(super) fn eligible(&self, cohort: &Cohort, cell: usize) -> f64 {
        let there = if self.leaves { self.alive(cell - cohort.born) } else { 1.0 };
        cohort.mass * cohort.waiting * there
    }

    /// Requests of a cohort that wait at the end of a cell.
    pub(super) fn queued(&self, cohort: &Cohort, cell: usize) -> f64 {
        let there = if self.leaves { self.lasts(cell - cohort.born) } else { 1.0 };
        cohort.mass * cohort.waiting * there
    }

    /// Of what starts at this age, the share that keeps its worker beyond the cell of the start and so many more.
    pub(super) fn occupies(&self, age: usize, served: f64, cells: usize) -> f64 {
        let left = (1.0 - served).max(0.0);
        if self.leaves && self.covers == TimeoutCovers::Answer {
            let alive = self.alive(age);
            return if alive > 0.0 { left * self.lasts(age + cells) / alive } else { 0.0 };
        }
        left
    }

    /// The part of a worker that one start at this age takes at the end of its cell.
    pub(super) fn unit(&self, age: usize) -> f64 {
        self.occupies(age, self.service.first().copied().unwrap_or(0.0), 0)
    }
}

/// The requests of a cohort that are of one member, before any were refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) mass: f64,
    /// The same by try and label, and as an answer tells them apart.
    pub(super) sent: Vec<f64>,
    pub(super) answers: Vec<f64>,
}

/// Requests that were sent in one cell.
#[derive(Debug, Default)]
pub(super) struct Cohort {
    pub(super) born: usize,
    /// How many, those refused left out.
    pub(super) mass: f64,
    /// By member of the stream, and the share of them that was not refused.
    pub(super) parts: Vec<Part>,
    pub(super) kept: f64,
    /// The share that no worker has taken.
    pub(super) waiting: f64,
    /// That share before the present cell.
    pub(super) waited: f64,
    /// Shares that are answered in the present cell and later ones, were all clients to wait for it (for those who, once served,
    /// do: that are answered), and the sum of those before.
    pub(super) answered: VecDeque<f64>,
    pub(super) so_far: f64,
    /// The share whose client still waits for anything.
    pub(super) open: f64,
    /// Found the queue full and was told nothing.
    pub(super) dropped: bool,
}

impl Cohort {
    /// So many requests of a cell, none of which has started.
    pub(super) fn restart(&mut self, born: usize, mass: f64) {
        (self.born, self.mass, self.waiting, self.waited, self.so_far, self.open) = (born, mass, 1.0, 1.0, 0.0, 1.0);
        (self.kept, self.dropped) = (1.0, false);
        self.answered.clear();
    }

    /// The share of them that found the queue full and was told nothing.
    pub(super) fn dropped(&self, share: f64) -> Cohort {
        let (parts, kept) = (self.parts.clone(), share * self.kept);
        Cohort { born: self.born, mass: share * self.mass, parts, kept, open: 1.0, dropped: true, ..Cohort::default() }
    }

    /// Takes out the share that was refused, none of which has started.
    fn refuse(&mut self, share: f64) {
        let kept = 1.0 - share;
        self.mass *= kept;
        self.kept *= kept;
        self.waiting = ((self.waiting - share) / kept).max(0.0);
        self.waited = 1.0;
        self.answered.iter_mut().for_each(|share| *share /= kept);
    }

    /// The shares that are answered and time out in the present cell, at an age whose patience ends and lasts so.
    pub(super) fn outcome(&mut self, covers: TimeoutCovers, ends: f64, lasts: f64) -> (f64, f64) {
        let due = self.answered.pop_front().unwrap_or(0.0);
        let (answered, timeouts) = if self.dropped {
            (0.0, ends)
        } else if covers == TimeoutCovers::Answer {
            let left = 1.0 - self.so_far;
            let unanswered = between(left, left - due);
            (due * lasts + ends * (left - unanswered), ends * unanswered)
        } else {
            (due, ends * between(self.waited, self.waiting))
        };
        self.so_far += due;
        self.waited = self.waiting;
        let (answered, timeouts) = (answered.min(self.open), timeouts.max(0.0));
        let timeouts = timeouts.min(self.open - answered);
        self.open -= answered + timeouts;
        (answered, timeouts)
    }
}

/// The share still there when patience ends in a cell, of a share `first` at the start of the cell and `last` at its end: for those who
/// came evenly over a cell as long before, of whom equal parts go in equal times, to the third order in what goes.
fn between(first: f64, last: f64) -> f64 {
    let sum = first + last;
    if sum > 0.0 { sum / 6.0 + 4.0 * first * last.max(0.0) / (3.0 * sum) } else { 0.0 }
}
