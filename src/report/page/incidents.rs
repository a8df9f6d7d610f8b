//! What was answered in the incidents of the scenario: a table each.

use super::html::escape;
use super::lookup::{Lookup, segment};
use super::tables::{group, head, marked, table};
use super::texts::Texts;
use crate::model::Incident;
use crate::report::estimates::Unit;

/// All of them; nothing where there are none.
pub(super) fn tables(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let incidents = lookup.study.model.incidents.iter().zip(&lookup.study.names.incidents);
    incidents.map(|(incident, name)| one(lookup, texts, incident, name)).collect()
}

fn one(lookup: &Lookup<'_>, texts: &Texts, incident: &Incident, name: &str) -> String {
    let policies = lookup.policies();
    let mut inside = head(texts, "all-classes", &policies);
    for (length, lasts) in incident.lasts.iter().enumerate() {
        let row = |label: &str, scope: &str, count: &str| {
            let cells = policies.iter().map(|policy| {
                let pointer = format!("/policies/{}/incidents/{}/{length}/{scope}/{count}", segment(policy), segment(name));
                format!("<td>{}</td>", marked(texts, &pointer, lookup.figure(&pointer), Unit::Number))
            });
            format!("<tr><th scope=\"row\">{}</th>{}</tr>", escape(label), cells.collect::<String>())
        };
        let within = texts.with("incident-within", &[("time", &texts.value(lasts.seconds(), Unit::Seconds))]);
        inside += &format!("<tbody>{}", group(&within, policies.len() + 1));
        inside += &row(texts.get("people-answered"), "total", "people");
        inside += &row(texts.get("answers"), "total", "answered");
        inside += &row(texts.get("completed-in-it"), "total", "completed");
        let classes = lookup.classes();
        for class in classes.iter().filter(|_| classes.len() > 1) {
            let label = format!("{}: {class}", texts.get("people-answered"));
            inside += &row(&label, &format!("classes/{}", segment(class)), "people");
        }
        inside += "</tbody>";
    }
    let from = texts.moment(&lookup.study.calendar.label(incident.from));
    let intro = texts.with("incident-intro", &[("from", &from)]);
    let name = if incident.why.is_empty() { name.to_owned() } else { format!("{name} ({})", incident.why) };
    format!(
        "<h3>{}</h3><p class=\"fine\">{}</p>{}",
        escape(&texts.with("h-incident", &[("name", &name)])),
        escape(&intro),
        table(texts, "table-incident", &inside)
    )
}
