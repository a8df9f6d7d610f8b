//! Those who found a gate shut.

use super::labels::{Labels, Relabel};

/// People who wait for an opening, or have begun their way after one.
#[derive(Debug)]
pub(super) struct Held {
    waiting: Vec<f64>,
    /// Those who start their way after an opening, by its cell, and how long they take: at once unless it is said.
    reopened: Vec<(usize, Vec<f64>)>,
    delay: Option<Vec<f64>>,
}

impl Held {
    pub(super) fn new(labels: usize, delay: Option<Vec<f64>>) -> Held {
        Held { waiting: vec![0.0; labels], reopened: Vec::new(), delay }
    }

    /// Those of a flow who know the schedule wait for the next opening, as do the others: by advice as they are, else once they have sent a request
    /// and learnt it. Gives how many asked.
    pub(super) fn turn_away(&mut self, flow: &[f64], labels: Labels, advice: bool) -> f64 {
        let mut asked = 0.0;
        let returns = labels.returns;
        for r in 0..returns {
            self.waiting[r] += flow[r];
            if labels.halves > 1 {
                let unaware = flow[returns + r];
                if advice {
                    self.waiting[returns + r] += unaware;
                } else {
                    self.waiting[r] += unaware;
                    asked += unaware;
                }
            }
        }
        asked
    }

    /// Those who waited begin their delay when it is open; adds those who come in a cell to others, and gives how many they are.
    pub(super) fn come(&mut self, cell: usize, open: bool, want: &mut [f64]) -> f64 {
        if open && self.waiting.iter().any(|waiting| *waiting > 0.0) {
            let all = std::mem::replace(&mut self.waiting, vec![0.0; want.len()]);
            self.reopened.push((cell, all));
        }
        let at_once = [1.0];
        let kernel: &[f64] = self.delay.as_deref().unwrap_or(&at_once);
        let mut came = 0.0;
        self.reopened.retain(|(from, flow)| {
            let Some(chance) = kernel.get(cell - from) else { return false };
            for (want, flow) in want.iter_mut().zip(flow) {
                *want += chance * flow;
                came += chance * flow;
            }
            true
        });
        came
    }

    pub(super) fn relabel(&mut self, relabel: &Relabel) {
        relabel.apply(&mut self.waiting);
        self.reopened.iter_mut().for_each(|(_, flow)| relabel.apply(flow));
    }
}
