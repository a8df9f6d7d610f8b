//! The fluid limit of a scenario: what a run comes to when people are without number, as a deterministic account of flows.
//!
//! Time is a grid of cells. In each, so many people, any real number, send a request, by class, step, tries and returns. Delays
//! (think, backoff, return, after an opening, preparation, service, patience) spread what begins in a cell over later ones by
//! kernels that are exact for what begins anywhere in its cell alike; a station starts what its workers have room for at the end
//! of the cell, by its discipline. The scheme is implicit, so that services much shorter than a cell do no harm, and of first order
//! at least; [`solve`] halves the cells, makes of both grids what is better than either, and tells the error by the difference.
//!
//! Sources: Mandelbaum, Massey & Reiman, *Strong approximations for Markovian service networks*, Queueing Systems 30 (1998); Whitt,
//! *Fluid models for multiserver queues with abandonments*, Operations Research 54 (2006).

mod cohort;
mod covers;
mod crew;
mod extrapolate;
mod figures;
mod gate;
mod grid;
mod held;
mod kernel;
mod labels;
mod line;
mod orbit;
mod people;
mod pick;
mod station;
mod sum;
mod tally;

#[cfg(test)]
mod tests;

pub use covers::uncovered;
pub use figures::{Account, Scope, StationScope};
pub use grid::Grid;

use crate::model::{Class, Policy, Study};
use crate::time::Span;
use extrapolate::{extrapolated, plain};
use figures::Book;
use gate::Gate;
use kernel::Kernels;
use people::Group;
use rayon::prelude::*;
use station::Server;

/// The fluid of some policies of a study.
#[derive(Debug, Clone)]
pub struct Fluid {
    /// The grid of the figures.
    pub grid: Grid,
    /// The policies, in the order of the file.
    pub policies: Vec<FluidPolicy>,
}

/// One policy's account, extrapolated from two grids, and that by which its error is told.
#[derive(Debug, Clone)]
pub struct FluidPolicy {
    /// Index in `study.model.policies`.
    pub policy: usize,
    /// The figures.
    pub account: Account,
    /// The figures to hold them against: not extrapolated, and the largest of anything on cells twice as wide.
    pub plain: Account,
}

/// Solves the fluid of some policies; `step` is the width of a cell, chosen by the study's timeouts and clock unless said.
///
/// Policies, and the two grids of each, are solved side by side and each by itself: the figures are the same on any number of threads.
///
/// # Errors
/// The keys that the fluid does not cover, each with what is wrong.
pub fn solve(study: &Study, policies: &[usize], step: Option<Span>) -> Result<Fluid, Vec<String>> {
    let wrong = uncovered(study, policies);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let coarse = match step {
        Some(step) => Grid::new(&study.model, Span(step.0.saturating_mul(2))),
        None => Grid::new(&study.model, Grid::width_for(&study.model)),
    };
    let grid = coarse.halved(&study.model);
    let solved = |policy: &usize| {
        let (fine, coarse) = rayon::join(|| play(study, *policy, grid), || play(study, *policy, coarse));
        FluidPolicy { policy: *policy, account: extrapolated(&fine, &coarse), plain: plain(&fine, &coarse) }
    };
    Ok(Fluid { grid, policies: policies.par_iter().map(solved).collect() })
}

/// Keeps the account of one policy on one grid.
#[must_use]
pub fn play(study: &Study, policy: usize, grid: Grid) -> Account {
    let model = study.model.under(policy);
    let open = Policy::default();
    let rules = model.policies.get(policy).unwrap_or(&open);
    let mut kernels = Kernels::new(grid.cell, grid.cells);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for Alike { class, gates, members } in alike(&model.classes, rules) {
        groups.extend(gates.into_iter().map(|gate| Group::new(members.clone(), class, gate, &grid, &mut kernels)));
    }
    let mut servers: Vec<Server<'_>> = Vec::new();
    for (id, station) in model.stations.iter().enumerate() {
        servers.push(Server::new(station, id, &groups, &grid, &mut kernels));
    }
    let mut book = Book::new(&model, grid);
    for cell in 0..grid.cells {
        groups.iter_mut().for_each(|group| group.send(cell, &grid));
        for server in &mut servers {
            server.play(cell, &grid, &mut groups);
        }
        groups.iter_mut().for_each(Group::try_again);
        book.note(cell, &groups, &servers);
        for (id, group) in groups.iter_mut().enumerate() {
            while let Some(relabel) = group.relabel(cell) {
                servers.iter_mut().for_each(|server| server.relabel(id, &relabel));
            }
            group.end_cell(cell);
        }
    }
    book.close(&groups, &servers)
}

/// Classes that are alike in all but how many they are: what they do is in proportion.
struct Alike<'m> {
    /// The first of them, and its gates.
    class: &'m Class,
    gates: Vec<Gate>,
    /// All of them, with their people.
    members: Vec<(usize, f64)>,
}

fn alike<'m>(classes: &'m [Class], rules: &Policy) -> Vec<Alike<'m>> {
    let mut found: Vec<Alike<'m>> = Vec::new();
    for (id, class) in classes.iter().enumerate() {
        let (gates, people) = (Gate::of(rules, id), (id, class.population.mean()));
        let same = |known: &&mut Alike<'_>| {
            let other = known.class;
            let rest = other.retry == class.retry && other.closed == class.closed && other.priority == class.priority;
            let way = other.arrivals == class.arrivals && other.journey == class.journey;
            // Operators are not in proportion to people.
            way && rest && known.gates == gates && other.operators.is_none() && class.operators.is_none()
        };
        match found.iter_mut().find(same) {
            Some(known) => known.members.push(people),
            None => found.push(Alike { class, gates, members: vec![people] }),
        }
    }
    found
}
