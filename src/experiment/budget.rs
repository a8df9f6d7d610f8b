//! A budget that the first completions use up: when, and who comes too late.

use super::results::Figure;
use super::series::RunSeries;
use crate::model::{Budget, Model, Study};
use crate::stats::Estimate;
use schemars::JsonSchema;
use serde::Serialize;

/// What becomes of the budget under a policy, if it goes to those who complete first.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BudgetFigures {
    /// Completions that it pays for.
    pub completions: u64,
    /// The share of replications in which it is used up by the end of the clock.
    pub used_up_share: f64,
    /// Seconds since the start of the clock at which it is used up, over the replications in which it is. Inside a bin
    /// completions are taken as even.
    pub used_up_after: Figure,
    /// What is left of it at the end of the clock, in completions.
    pub left: Figure,
    /// Who came by the end of the clock and is not paid.
    pub left_out: Figure,
    /// By class, in the order of the file; `null` for a class that it does not pay.
    pub classes: Vec<Option<BudgetOfClass>>,
}

/// What a class gets of a budget.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BudgetOfClass {
    /// Its people who are paid.
    pub paid: Figure,
    /// Its people who came by the end of the clock and are not paid.
    pub left_out: Figure,
}

/// One run's account.
#[derive(Debug)]
pub(super) struct Account {
    used_up_after: Option<f64>,
    paid: Vec<f64>,
    arrived: Vec<f64>,
}

/// The figures over all runs; `None` where the study has no budget.
pub(super) fn budget(study: &Study, accounts: &[Account]) -> Option<BudgetFigures> {
    let budget = study.budget.as_ref()?;
    let over = |value: &dyn Fn(&Account) -> f64| Estimate::of(&accounts.iter().map(value).collect::<Vec<_>>());
    let out = |account: &Account, class: usize| (account.arrived[class] - account.paid[class]).max(0.0);
    let used_up: Vec<f64> = accounts.iter().filter_map(|account| account.used_up_after).collect();
    let of_class = |class: usize| {
        budget
            .pays(class)
            .then(|| BudgetOfClass { paid: over(&|account| account.paid[class]), left_out: over(&|account| out(account, class)) })
    };
    let classes = 0..study.model.classes.len();
    Some(BudgetFigures {
        completions: budget.completions,
        used_up_share: used_up.len() as f64 / accounts.len().max(1) as f64,
        used_up_after: Estimate::of(&used_up),
        left: over(&|account| budget.completions as f64 - account.paid.iter().sum::<f64>()),
        left_out: over(&|account| classes.clone().filter(|class| budget.pays(*class)).map(|class| out(account, class)).sum()),
        classes: classes.clone().map(of_class).collect(),
    })
}

/// Closes the account of one run.
pub(super) fn account(model: &Model, budget: &Budget, run: &RunSeries) -> Account {
    let classes = &run.classes;
    let pays: Vec<bool> = (0..classes.len()).map(|class| budget.pays(class)).collect();
    let arrived = classes.iter().map(|class| class.arrived.iter().map(|n| f64::from(*n)).sum()).collect();
    let mut account = Account { used_up_after: None, paid: vec![0.0; classes.len()], arrived };
    let mut left = budget.completions as f64;
    for bin in 0..model.bins() {
        let done = |class: usize| {
            let completed = classes[class].completed.get(bin).copied();
            if pays[class] { completed.map_or(0.0, f64::from) } else { 0.0 }
        };
        let all: f64 = (0..classes.len()).map(done).sum();
        let share = if all > left { left / all } else { 1.0 };
        (0..classes.len()).for_each(|class| account.paid[class] += share * done(class));
        left -= share * all;
        if all > 0.0 && left <= 0.0 {
            let (from, to) = model.bin_bounds(bin);
            account.used_up_after = Some(from.seconds() + share * to.since(from).seconds());
            break;
        }
    }
    account
}
