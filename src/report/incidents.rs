//! What was answered in the incidents of a scenario, on the terminal.

use super::estimates::{Unit, figure, plain};
use super::summary::name;
use super::table::{abreast, add_row, new_table, printed, wrapped};
use crate::experiment::{Figure, IncidentCounts, IncidentFigures, PolicyResult, Results};
use crate::model::Incident;

/// Longer tables show all classes together only.
const MOST_ROWS: usize = 30;

/// A table an incident, with a column a policy.
pub(super) fn incidents(results: &Results, width: u16) -> Vec<String> {
    let all = results.study.model.incidents.iter().enumerate();
    all.flat_map(|(id, incident)| results.policies.chunks(abreast(width)).map(move |some| (id, incident, some)))
        .map(|(id, incident, some)| table(results, (id, incident), some, width))
        .collect()
}

fn table(results: &Results, (id, incident): (usize, &Incident), policies: &[PolicyResult], width: u16) -> String {
    let study = &results.study;
    let from = study.calendar.label(incident.from).replace('T', " ");
    let why = if incident.why.is_empty() { String::new() } else { format!(" ({})", plain(&incident.why)) };
    let head = format!("What was answered in {} from {from} on{why}", plain(&name(&study.names.incidents, id)));
    let mut table = new_table("within", policies.iter().map(|p| plain(&name(&study.names.policies, p.policy))), width);
    let classes = study.names.classes.len();
    let classes = if classes > 1 && incident.lasts.len() * (classes + 3) <= MOST_ROWS { classes } else { 0 };
    for (length, lasts) in incident.lasts.iter().enumerate() {
        let say = |of: &dyn Fn(&IncidentFigures) -> Option<IncidentCounts>, count: fn(IncidentCounts) -> Figure| {
            let counts = |policy: &PolicyResult| of(policy.incidents.get(id)?.get(length)?).and_then(count);
            policies.iter().map(|policy| figure(counts(policy), Unit::Number)).collect::<Vec<_>>()
        };
        let total = |figures: &IncidentFigures| Some(figures.total);
        add_row(&mut table, &format!("{lasts}: people answered"), say(&total, |counts| counts.people));
        for class in 0..classes {
            let of_class = |figures: &IncidentFigures| figures.classes.get(class).copied();
            add_row(
                &mut table,
                &format!("    {}", plain(&name(&study.names.classes, class))),
                say(&of_class, |counts| counts.people),
            );
        }
        add_row(&mut table, "  answers", say(&total, |counts| counts.answered));
        add_row(&mut table, "  applications completed", say(&total, |counts| counts.completed));
    }
    format!("{}\n{}", wrapped(&head, "", width), printed(&table))
}
