//! Markov chains in continuous time, solved numerically.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

/// States reached from one, with the rates between them.
#[derive(Debug)]
pub(crate) struct Chain<S> {
    states: Vec<S>,
    /// By state: where from, at what rate.
    inflows: Vec<Vec<(usize, f64)>>,
    outflow: Vec<f64>,
}

impl<S: Copy + Eq + Hash + Debug> Chain<S> {
    /// Explores from a state; `next` gives the states that follow one, with the rates.
    pub(crate) fn explore(start: S, next: impl Fn(S) -> Vec<(S, f64)>) -> Chain<S> {
        let mut states = vec![start];
        let mut index = HashMap::from([(start, 0)]);
        let (mut inflows, mut outflow) = (vec![Vec::new()], Vec::new());
        let mut from = 0;
        while from < states.len() {
            let mut out = 0.0;
            for (state, rate) in next(states[from]) {
                if rate <= 0.0 || state == states[from] {
                    continue;
                }
                let to = *index.entry(state).or_insert_with(|| {
                    states.push(state);
                    inflows.push(Vec::new());
                    states.len() - 1
                });
                inflows[to].push((from, rate));
                out += rate;
            }
            outflow.push(out);
            from += 1;
        }
        Chain { states, inflows, outflow }
    }

    /// The stationary distribution, by Gauss and Seidel's method to and fro (Stewart 1994, *Introduction to the
    /// Numerical Solution of Markov Chains*, section 3.2), until no flow out of balance is left but rounding.
    pub(crate) fn stationary(&self) -> Stationary<'_, S> {
        let n = self.states.len();
        let mut p = vec![1.0 / n as f64; n];
        for _ in 0..100_000 {
            for state in (0..n).chain((0..n).rev()) {
                let inflow: f64 = self.inflows[state].iter().map(|(from, rate)| p[*from] * rate).sum();
                p[state] = inflow / self.outflow[state];
            }
            let sum: f64 = p.iter().sum();
            p.iter_mut().for_each(|p| *p /= sum);
            let unbalanced = (0..n).map(|state| {
                let inflow: f64 = self.inflows[state].iter().map(|(from, rate)| p[*from] * rate).sum();
                (inflow - p[state] * self.outflow[state]).abs()
            });
            if unbalanced.sum::<f64>() < 1e-12 {
                return Stationary { states: &self.states, p };
            }
        }
        panic!("the chain did not converge");
    }
}

/// The stationary distribution of a chain.
#[derive(Debug)]
pub(crate) struct Stationary<'c, S> {
    states: &'c [S],
    p: Vec<f64>,
}

impl<S: Copy> Stationary<'_, S> {
    /// The mean of a function of the state.
    pub(crate) fn mean(&self, of: impl Fn(S) -> f64) -> f64 {
        self.states.iter().zip(&self.p).map(|(state, p)| of(*state) * p).sum()
    }
}

/// The stationary distribution of a birth-death chain, from the ratios of neighbours: birth(n)·p(n) = death(n+1)·p(n+1).
/// It ends where births do, or where nothing is left (1e-18 of the largest).
pub(crate) fn birth_death(birth: impl Fn(usize) -> f64, death: impl Fn(usize) -> f64) -> Vec<f64> {
    let (mut p, mut largest) = (vec![1.0], 1.0_f64);
    loop {
        let n = p.len() - 1;
        let next = p[n] * birth(n) / death(n + 1);
        if next <= 1e-18 * largest {
            break;
        }
        largest = largest.max(next);
        p.push(next);
    }
    let sum: f64 = p.iter().sum();
    p.iter_mut().for_each(|p| *p /= sum);
    p
}

/// The mean of a function of the number.
pub(crate) fn mean(p: &[f64], of: impl Fn(usize) -> f64) -> f64 {
    p.iter().enumerate().map(|(n, p)| of(n) * p).sum()
}
