//! What the people of a group are told apart by: whether they have yet to learn the schedule, and how often they have come back. Only labels that
//! are in use are kept: what nobody has is not reckoned.

/// Fewer people of a group than this share of it are not worth a reckoning of their own: who failed waits until they are more, who has come back
/// more often than others keeps the label of those.
pub(super) const FEW: f64 = 1e-9;

/// The labels in use: those who know the schedule first, by returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labels {
    /// 2 where those who have yet to learn the schedule are told apart, else 1.
    pub(super) halves: usize,
    /// Numbers of returns (0 is one of them) that there is room for, and how many there may be.
    pub(super) returns: usize,
    pub(super) most: usize,
}

impl Labels {
    pub(super) fn count(self) -> usize {
        self.halves * self.returns
    }

    /// Room for one more number of returns at least: as many as go well into vector registers.
    pub(super) fn grow(&mut self) -> Relabel {
        let (from, old) = (self.count(), self.returns);
        self.returns = if old == 1 { 2 } else { (old + 1).next_multiple_of(4) };
        let part = |at: usize| (at, at / old * self.returns + at % old, 1.0);
        Relabel { from, to: self.count(), parts: (0..from).map(part).collect() }
    }

    /// A share of everybody is told apart as having yet to learn the schedule.
    pub(super) fn split(&mut self, share: f64) -> Relabel {
        let from = self.count();
        self.halves = 2;
        let parts = (0..from).flat_map(|at| [(at, at, 1.0 - share), (at, from + at, share)]);
        Relabel { from, to: self.count(), parts: parts.collect() }
    }

    /// It no longer matters who knows the schedule.
    pub(super) fn merge(&mut self) -> Relabel {
        let from = self.count();
        self.halves = 1;
        let to = self.count();
        Relabel { from, to, parts: (0..from).map(|at| (at, at % to, 1.0)).collect() }
    }
}

/// How flows by the old labels are flows by the new ones.
#[derive(Debug)]
pub(super) struct Relabel {
    from: usize,
    to: usize,
    /// An old label, a new one, and the share of the old one's people who are of it.
    parts: Vec<(usize, usize, f64)>,
}

impl Relabel {
    /// A flow by any number of sets of labels.
    pub(super) fn apply(&self, flow: &mut Vec<f64>) {
        let mut now = vec![0.0; flow.len() / self.from * self.to];
        for (old, new) in flow.chunks_exact(self.from).zip(now.chunks_exact_mut(self.to)) {
            self.parts.iter().for_each(|(from, to, share)| new[*to] += share * old[*from]);
        }
        *flow = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_told_apart_anew_is_as_many_as_before() {
        let mut labels = Labels { halves: 1, returns: 2, most: 3 };
        let mut flow = vec![1.0, 2.0, 10.0, 20.0];
        labels.split(0.25).apply(&mut flow);
        assert_eq!(flow, [0.75, 1.5, 0.25, 0.5, 7.5, 15.0, 2.5, 5.0]);
        labels.grow().apply(&mut flow);
        assert_eq!(flow, [0.75, 1.5, 0.0, 0.0, 0.25, 0.5, 0.0, 0.0, 7.5, 15.0, 0.0, 0.0, 2.5, 5.0, 0.0, 0.0]);
        labels.merge().apply(&mut flow);
        assert_eq!(flow, [1.0, 2.0, 0.0, 0.0, 10.0, 20.0, 0.0, 0.0]);
        assert_eq!(labels, Labels { halves: 1, returns: 4, most: 3 });
    }
}
