//! What the rules of a policy did, in figures.

use super::results::Quantiles;

/// What a rule of a policy did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleFigures<F> {
    /// What files call the rule.
    pub rule: &'static str,
    /// Counts, averages and maxima by name.
    pub figures: Vec<(&'static str, F)>,
    /// Distributions of times in seconds by name.
    pub times: Vec<(&'static str, Quantiles<F>)>,
}

impl<F> RuleFigures<F> {
    /// Puts together the same figures of several runs.
    pub fn combine<G>(runs: &[&Self], join: &mut impl FnMut(Vec<&F>) -> G) -> RuleFigures<G> {
        let Some(first) = runs.first() else {
            return RuleFigures { rule: "", figures: Vec::new(), times: Vec::new() };
        };
        let figure =
            |(i, (name, _)): (usize, &(&'static str, F))| (*name, join(runs.iter().map(|run| &run.figures[i].1).collect()));
        let figures = first.figures.iter().enumerate().map(figure).collect();
        let mut times = Vec::new();
        for (i, (name, _)) in first.times.iter().enumerate() {
            times.push((*name, Quantiles::combine(&runs.iter().map(|run| &run.times[i].1).collect::<Vec<_>>(), join)));
        }
        RuleFigures { rule: first.rule, figures, times }
    }
}
