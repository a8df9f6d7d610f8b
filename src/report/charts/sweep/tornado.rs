//! Which parameters matter: a bar a parameter, the longest first, a panel a policy.

use super::super::font::text_width;
use super::super::page::{self, Cell, Entry, Sample};
use super::super::palette::{BLACK, FRAME, GREY, RULE, bold, words};
use super::super::picture::{Anchor, Ink, Picture, Stroke, fitted};
use super::{about, figure_name};
use crate::report::estimates::{Unit, value};
use crate::report::sweep::unit_of;
use crate::sweep::{Cells, Design, Effect, Measure, sensitivity};

const DARK: Ink = Ink::new(0, 114, 178);
const PALE: Ink = Ink::new(166, 206, 227);
const ROW: f64 = 34.0;

pub(super) fn layout(cells: &Cells) -> Option<Picture> {
    let layout = &cells.layout;
    if !layout.design.is_for_sensitivity() || layout.policies.len() > page::MOST_PANELS {
        return None;
    }
    let place = layout.goal_figure();
    let all: Vec<Vec<Effect>> = (0..layout.policies.len()).map(|policy| sensitivity(cells, policy, place)).collect();
    let morris = layout.design == Design::Morris;
    let legend = match morris {
        true => vec![
            Entry::new(Sample::Shade(DARK), "mu_star: mean size of the change over the parameter's range"),
            Entry::new(Sample::Shade(PALE), "sigma: how much that depends on the others"),
        ],
        false => vec![
            Entry::new(Sample::Shade(DARK), "alone (first order)"),
            Entry::new(Sample::Shade(PALE), "with the others (total)"),
        ],
    };
    let title = format!("Which parameters matter for {}", figure_name(cells, place));
    let note = if morris { "elementary effects" } else { "shares of the variance" };
    let (mut picture, top) = page::headed(&title, &about(cells, &format!("{note}; lines are 95 % intervals")), &legend);
    let rows = layout.parameters.len().min(20) as f64;
    let columns = page::columns(all.len()).min(2);
    let unit = if morris { unit_of(layout.figures.get(place)?) } else { Unit::Share };
    let (long, short) = if morris { (Measure::MuStar, Measure::Sigma) } else { (Measure::Total, Measure::First) };
    let largest = all.iter().flatten().filter(|e| [long, short].contains(&e.measure));
    let largest = largest.map(|e| e.high.max(e.value)).filter(|v| v.is_finite()).fold(0.0, f64::max).max(1e-12);
    let page_cells = page::cells(&mut picture, all.len(), columns, top, 50.0 + ROW * rows);
    // No more page than there are bars.
    let bottom = page_cells.iter().map(|cell| cell.top).fold(0.0, f64::max) + 40.0 + ROW * rows;
    picture.height = picture.height.min(bottom.ceil());
    for ((cell, effects), policy) in page_cells.into_iter().zip(&all).zip(&layout.policies) {
        let sheet = Sheet { cells, unit, largest, long, short };
        sheet.draw(&mut picture, cell, policy, effects);
    }
    Some(picture)
}

struct Sheet<'c> {
    cells: &'c Cells,
    unit: Unit,
    largest: f64,
    long: Measure,
    short: Measure,
}

impl Sheet<'_> {
    fn draw(&self, picture: &mut Picture, cell: Cell, policy: &str, effects: &[Effect]) {
        let heading = fitted(policy, 12.5, true, cell.right - cell.left);
        picture.text((cell.left, cell.top + 12.0), &heading, bold(12.5, BLACK, Anchor::Start));
        if effects.is_empty() {
            let at = (cell.left, cell.top + 40.0);
            picture.text(at, "the figure does not vary, or too few cells have it", words(12.0, GREY, Anchor::Start));
            return;
        }
        let find = |parameter: usize, measure: Measure| {
            effects.iter().find(|effect| effect.parameter == parameter && effect.measure == measure)
        };
        let size = |parameter: usize| find(parameter, self.long).map_or(0.0, |effect| effect.value);
        let mut order: Vec<usize> = (0..self.cells.layout.parameters.len()).collect();
        order.sort_by(|one, other| size(*other).total_cmp(&size(*one)));
        let names: Vec<&str> = self.cells.layout.parameters.iter().map(|parameter| parameter.pointer.as_str()).collect();
        let room =
            names.iter().map(|name| text_width(name, 11.0, false)).fold(0.0, f64::max).min(0.45 * (cell.right - cell.left));
        let (left, right) = (cell.left + room + 10.0, cell.right - 70.0);
        let at = |number: f64| left + (right - left) * (number / self.largest).clamp(0.0, 1.0);
        for (row, parameter) in order.iter().take(20).enumerate() {
            let y = cell.top + 28.0 + ROW * row as f64;
            let name = fitted(names[*parameter], 11.0, false, room);
            picture.text((left - 8.0, y + 13.0), &name, words(11.0, BLACK, Anchor::End));
            for (measure, ink, top, high) in
                [(self.long, self.ink(self.long), 0.0, 10.0), (self.short, self.ink(self.short), 11.0, 8.0)]
            {
                let Some(effect) = find(*parameter, measure) else { continue };
                picture.block((left, y + top), (at(effect.value).max(left + 1.0), y + top + high), ink);
                let middle = y + top + high / 2.0;
                if effect.low.is_finite() && effect.high.is_finite() {
                    picture.line(vec![(at(effect.low), middle), (at(effect.high), middle)], Stroke::solid(BLACK, 1.2));
                }
                if measure == self.long {
                    let x = at(effect.high.max(effect.value)) + 6.0;
                    picture.text((x, y + 9.0), &value(effect.value, self.unit), words(10.5, BLACK, Anchor::Start));
                }
            }
            picture.line(vec![(left, y + ROW - 8.0), (right, y + ROW - 8.0)], Stroke::solid(RULE, 0.6));
        }
        picture.line(
            vec![(left, cell.top + 22.0), (left, cell.top + 22.0 + ROW * order.len().min(20) as f64)],
            Stroke::solid(FRAME, 1.0),
        );
    }

    fn ink(&self, measure: Measure) -> Ink {
        if matches!(measure, Measure::MuStar | Measure::First) { DARK } else { PALE }
    }
}
