//! A sweep file in memory: read, held against its scenario, compiled.

use super::design::{Design, SOBOL_DIMENSIONS, listed_cells};
use super::file::{Design as FileDesign, File, Listed};
use super::goal::Goal;
use super::hash::hash;
use super::layout::{Key, Layout};
use super::method::Method;
use super::parameter::{CellValue, Parameter, Source, Unit};
use super::values::faults;
use crate::experiment::{Scope, all_figure_names, figure_keys, figure_unit};
use crate::model::Study;
use crate::scenario::mistake::Checker;
use crate::scenario::read::Read;
use crate::scenario::{Mistakes, Scenario, json, source, suggestion};
use std::path::Path;

/// A sweep without mistakes.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// What it consists of.
    pub layout: Layout,
    /// The scenario as it stands in its file.
    pub base: Scenario,
    /// The base compiled, at the sweep's scale.
    pub study: Study,
    /// Indices of the policies in the study, in the order of [`Layout::policies`].
    pub policies: Vec<usize>,
    /// The scale of the copy; `None`: the whole.
    scale: Option<f64>,
}

/// More cells than these are refused.
const MOST_CELLS: u64 = 10_000_000;
/// Values of a parameter that are tried alone before anything runs.
const TRIED: usize = 200;

/// Whether a text is a sweep file rather than a scenario.
#[must_use]
pub fn is_sweep(path: &Path) -> bool {
    let Ok(text) = source::read(path) else { return false };
    json::parse(&text).is_ok_and(|tree| tree.child("parameters").is_some() || tree.child("scenario").is_some())
}

impl Sweep {
    /// Reads and checks a sweep file and its scenario.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn load(path: &Path) -> Result<Sweep, Mistakes> {
        Sweep::load_for(path, None)
    }

    /// As [`Sweep::load`], with the design that a method takes in place of the file's.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn load_for(path: &Path, method: Option<Method>) -> Result<Sweep, Mistakes> {
        let text = source::read(path)?;
        let tree = json::parse(&text).map_err(|error| Mistakes::one(path, Some(error.at), error.text))?;
        if tree.child("stations").is_some() && tree.child("scenario").is_none() {
            let text =
                format!("this is a scenario, which a sweep names under `scenario`; clickday run {} runs it", path.display());
            return Err(Mistakes::one(path, None, text));
        }
        let mut check = Checker::new(path, &tree);
        let file = File::read(&tree, &mut check);
        check.reading_ends();
        let Some(mut file) = file else { return check.finish(None) };
        if let Some(method) = method {
            file.design = method.design(&file.design);
        }
        let of_scenario = path.parent().unwrap_or(Path::new("")).join(&file.scenario);
        let base = match Scenario::load(&of_scenario) {
            Ok(base) => base,
            Err(mistakes) if file.scenario.is_empty() => {
                drop(mistakes);
                return check.finish(None);
            }
            Err(mistakes) => {
                let all = check.finish(Some(())).err().map(|found| found.0).unwrap_or_default();
                return Err(Mistakes(all.into_iter().chain(mistakes.0).collect()));
            }
        };
        let scale = file.scale.map(|scale| scale.0);
        let mut work = Work { file: &file, base: &base, scale, check, faulty: Vec::new() };
        let compiled = work.compile();
        let (mut layout, study, policies) = work.check.finish(compiled)?;
        layout.hash = hash(&tree, &format!("{:?}", file.design), &base, &of_scenario);
        Ok(Sweep { layout, base, study, policies, scale: file.scale.map(|scale| scale.0) })
    }

    /// The study of a cell.
    ///
    /// # Errors
    /// What is wrong with the cell's values.
    pub fn study_of(&self, values: &[CellValue]) -> Result<Study, String> {
        let pointers = self.layout.parameters.iter().map(|parameter| parameter.pointer.as_str());
        let changes: Vec<(&str, serde_json::Value)> = pointers.zip(values.iter().map(|value| value.json.clone())).collect();
        let mut study = self.base.with(&changes).and_then(|cell| cell.compile(self.scale)).map_err(|mistakes| told(&mistakes))?;
        let (ours, known) = (&study.names, &self.study.names);
        if (&ours.classes, &ours.stations, &ours.policies) != (&known.classes, &known.stations, &known.policies) {
            return Err("a parameter may not change which classes, stations and policies there are".to_owned());
        }
        study.experiment.seed = self.layout.seed;
        study.experiment.replications = self.layout.replications;
        Ok(study)
    }
}

/// Mistakes of a scenario that a value made, without the places in its file, where the value does not stand.
fn told(mistakes: &Mistakes) -> String {
    let one = |mistake: &crate::scenario::Mistake| match &mistake.pointer {
        Some(pointer) => format!("{pointer}: {}", mistake.text),
        None => mistake.text.clone(),
    };
    mistakes.0.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Holds a file against its scenario.
struct Work<'a> {
    file: &'a File,
    base: &'a Scenario,
    scale: Option<f64>,
    check: Checker<'a>,
    /// Parameters of which a mistake was told already.
    faulty: Vec<String>,
}

impl Work<'_> {
    fn compile(&mut self) -> Option<(Layout, Study, Vec<usize>)> {
        let study = match self.base.compile(self.scale) {
            Ok(study) => study,
            Err(mistakes) => {
                self.check.mistake_at("scale", told(&mistakes));
                return None;
            }
        };
        let policies = self.policies(&study);
        let figures = self.figures(&study);
        let goal = self.goal(&study, &figures);
        let parameters = self.parameters();
        self.cost(&parameters);
        self.values(&parameters);
        let (design, cells) = self.design(&parameters)?;
        let file = self.file;
        let layout = Layout {
            format: 1,
            clickday: env!("CARGO_PKG_VERSION").to_owned(),
            sweep: file.name.0.clone(),
            title: file.title.clone().unwrap_or_else(|| file.name.0.clone()),
            scenario: study.name.clone(),
            hash: String::new(),
            seed: file.seed.map_or(study.experiment.seed, |seed| seed.0),
            replications: file.replications.map_or(study.experiment.replications, |count| count.as_u32()),
            scale: self.scale.unwrap_or(1.0),
            policies: policies.iter().filter_map(|id| study.names.policies.get(*id)).cloned().collect(),
            figures,
            parameters,
            design,
            cells,
            goal,
            cost: file.cost.iter().map(|(_, pointer, weight)| (pointer.to_owned(), weight.0)).collect(),
        };
        Some((layout, study, policies))
    }

    fn policies(&mut self, study: &Study) -> Vec<usize> {
        let known = &study.names.policies;
        let Some(asked) = &self.file.policies else { return (0..known.len()).collect() };
        let mut chosen = Vec::new();
        for (i, name) in asked.iter() {
            match known.iter().position(|policy| policy == name) {
                Some(id) if !chosen.contains(&id) => chosen.push(id),
                Some(_) => self.check.within("policies", |c| c.mistake_at(i, format!("`{name}` stands here twice; remove one"))),
                None => {
                    let hint = suggestion(name, known.iter().map(String::as_str));
                    self.check.within("policies", |c| c.mistake_at(i, format!("the scenario has no policy `{name}`; {hint}")));
                }
            }
        }
        if asked.0.is_empty() {
            self.check.mistake_at("policies", "there is no policy; name one, or leave the key out for all");
        }
        chosen
    }

    fn figures(&mut self, study: &Study) -> Vec<Key> {
        let known = all_figure_names();
        let mut names: Vec<String> = Vec::new();
        for (i, name) in self.file.figures.iter() {
            let mut tell = |text: String| self.check.within("figures", |check| check.mistake_at(i, text));
            if !known.contains(name) {
                tell(format!("there is no figure `{name}`; {}", suggestion(name, known.iter().map(String::as_str))));
            } else if names.contains(name) {
                tell(format!("`{name}` stands here twice; remove one"));
            } else {
                names.push(name.clone());
            }
        }
        if self.file.figures.0.is_empty() {
            self.check.mistake_at("figures", "no figure is kept; name at least one, such as \"timeout_share\"");
        }
        let keys = figure_keys(study, &names);
        keys.into_iter()
            .map(|key| {
                let (scope, name) = match key.scope {
                    Scope::Total => ("total", "total".to_owned()),
                    Scope::Class(id) => ("class", study.names.classes.get(id).cloned().unwrap_or_default()),
                    Scope::Station(id) => ("station", study.names.stations.get(id).cloned().unwrap_or_default()),
                };
                let unit = figure_unit(&key.figure).to_owned();
                Key { scope: scope.to_owned(), name, figure: key.figure, unit }
            })
            .collect()
    }

    fn goal(&mut self, study: &Study, figures: &[Key]) -> Option<Goal> {
        let goal = match Goal::parse(self.file.goal.as_ref()?) {
            Ok(goal) => goal,
            Err(text) => {
                self.check.mistake_at("goal", text);
                return None;
            }
        };
        if !figures.iter().any(|key| key.figure == goal.figure) {
            self.check.mistake_at("goal", format!("`{}` is not kept; add it to the figures", goal.figure));
        } else if let Some(name) = &goal.name {
            let known = || study.names.classes.iter().chain(&study.names.stations);
            if !figures.iter().any(|key| key.figure == goal.figure && key.scope != "total" && key.name == *name) {
                let hint = suggestion(name, known().map(String::as_str));
                self.check.mistake_at("goal", format!("`{name}` is no class or station with that figure; {hint}"));
            }
        }
        Some(goal)
    }

    /// The parameters, with whether each takes whole numbers only.
    fn parameters(&mut self) -> Vec<Parameter> {
        let names: Vec<&str> = self.file.parameters.names().collect();
        if names.is_empty() {
            self.check.mistake_at("parameters", "nothing is varied; name a parameter such as \"/stations/NAME/workers\"");
        }
        let mut parameters = Vec::new();
        for (_, pointer, values) in self.file.parameters.iter() {
            let text = faults(values).or_else(|| self.fault_of_pointer(pointer, &names));
            if let Some(text) = text {
                self.faulty.push(pointer.to_owned());
                self.check.within("parameters", |check| check.mistake_at(pointer, text));
            }
            let mut parameter = Parameter::new(pointer, values);
            parameter.whole = self.takes_whole_numbers(&parameter);
            parameters.push(parameter);
        }
        parameters
    }

    fn fault_of_pointer(&self, pointer: &str, all: &[&str]) -> Option<String> {
        if !pointer.starts_with('/') || pointer.len() < 2 {
            return Some(format!("`{pointer}` is no JSON Pointer; write it as /stations/NAME/workers"));
        }
        for (own, instead) in [("/experiment/seed", "seed"), ("/experiment/replications", "replications")] {
            if pointer == own {
                return Some(format!("this is the same in every cell; set it by the key `{instead}` of the sweep"));
            }
        }
        if ["/name", "/format", "/title", "/$schema"].contains(&pointer) {
            return Some("this changes no result; remove it".to_owned());
        }
        let within = |other: &&&str| pointer.strip_prefix(**other).is_some_and(|rest| rest.starts_with('/'));
        all.iter().find(within).map(|other| format!("this lies within `{other}`, which is varied as well; vary one of them"))
    }

    /// Whether the scenario takes 2 for a parameter and refuses 2.5.
    fn takes_whole_numbers(&self, parameter: &Parameter) -> bool {
        if parameter.unit != Unit::Number || matches!(parameter.values, Source::List(_)) {
            return false;
        }
        let middle = parameter.at(0.5).number.unwrap_or(0.0).floor();
        let takes = |value: f64| self.base.with(&[(&parameter.pointer, value.into())]).is_ok();
        let whole = |value: f64| self.base.with(&[(&parameter.pointer, (value as i64).into())]).is_ok();
        !takes(middle + 0.5) && (whole(middle) || whole(middle + 1.0))
    }

    fn cost(&mut self, parameters: &[Parameter]) {
        for (_, pointer, _) in self.file.cost.iter() {
            let text = match parameters.iter().find(|parameter| parameter.pointer == pointer) {
                None => "this is no parameter of the sweep; its cost would be the same in every cell",
                Some(parameter) if parameter.unit == Unit::Text => "the values of this parameter are no numbers and have no cost",
                Some(_) => continue,
            };
            self.check.within("cost", |check| check.mistake_at(pointer, text));
        }
    }

    fn design(&mut self, parameters: &[Parameter]) -> Option<(Design, u64)> {
        let (design, cells) = match &self.file.design {
            FileDesign::Listed(listed) => {
                let (design, word) = match listed {
                    Listed::Grid => (Design::Grid, "grid"),
                    Listed::Zip => (Design::Zip, "zip"),
                };
                for parameter in parameters.iter().filter(|parameter| parameter.listed().is_none()) {
                    let text = format!("a {word} takes a list or a range; a distribution is for latin-hypercube and sobol");
                    self.check.within("parameters", |check| check.mistake_at(&parameter.pointer, text));
                }
                match listed_cells(design, parameters) {
                    Some(cells) => (design, cells),
                    None if design == Design::Zip && parameters.iter().all(|p| p.listed().is_some()) => {
                        let counts = parameters.iter().filter_map(|p| Some(p.listed()?.len().to_string()));
                        let counts: Vec<String> = counts.collect();
                        let text = format!("a zip takes as many values of each parameter; there are {}", counts.join(" and "));
                        self.check.mistake_at("design", text);
                        return None;
                    }
                    None => return None,
                }
            }
            FileDesign::LatinHypercube(size) => (Design::LatinHypercube, size.size.0),
            FileDesign::Sobol(size) => (Design::Sobol, size.size.0),
            FileDesign::Morris(walks) => (Design::Morris, walks.walks.0 * (parameters.len() as u64 + 1)),
            FileDesign::Saltelli(size) => (Design::Saltelli, size.size.0 * (parameters.len() as u64 + 2)),
        };
        let dimensions = parameters.len() * if design == Design::Saltelli { 2 } else { 1 };
        if matches!(design, Design::Sobol | Design::Saltelli) && dimensions > SOBOL_DIMENSIONS {
            let text =
                format!("the sequence has {SOBOL_DIMENSIONS} dimensions and this takes {dimensions}; vary fewer parameters");
            self.check.mistake_at("design", text);
        }
        if cells > MOST_CELLS {
            self.check.mistake_at("parameters", format!("that makes {cells} cells; at most {MOST_CELLS} are possible"));
            return None;
        }
        Some((design, cells))
    }

    /// Tries the values of each parameter in the scenario, alone and among the first values of the others: what fails both
    /// ways is a mistake of the file. What fails only together with others is found, and told, when its cell is run.
    fn values(&mut self, parameters: &[Parameter]) {
        let base = self.base;
        let fault = |changes: &[(&str, serde_json::Value)]| base.with(changes).err().map(|mistakes| told(&mistakes));
        let first: Vec<(&str, serde_json::Value)> = parameters.iter().map(|p| (p.pointer.as_str(), p.at(0.5).json)).collect();
        for (place, parameter) in parameters.iter().enumerate() {
            let pointer = parameter.pointer.as_str();
            if self.faulty.iter().any(|faulty| faulty == pointer) {
                continue;
            }
            let is_list = matches!(parameter.values, Source::List(_));
            let tried: Vec<CellValue> = match (is_list, parameter.listed()) {
                (true, Some(values)) => values.into_iter().take(TRIED).collect(),
                // The ends of a range and the middle of a distribution tell what there is to tell.
                (false, Some(_)) => vec![parameter.at(0.0), parameter.at(1.0)],
                (_, None) => vec![parameter.at(0.5)],
            };
            for (i, value) in tried.into_iter().enumerate() {
                let Some(text) = fault(&[(pointer, value.json.clone())]) else { continue };
                let mut among = first.clone();
                if let Some(own) = among.get_mut(place) {
                    own.1 = value.json.clone();
                }
                // Among others it may be right, unless every value of a cell is wrong by itself.
                if parameters.len() > 1 && fault(&among).is_none() {
                    continue;
                }
                let segments: Vec<String> = if is_list { vec![i.to_string()] } else { Vec::new() };
                let text = match parameter.number_label(&value) {
                    Some(label) if !is_list => format!("with {label} the scenario says: {text}"),
                    _ => format!("the scenario says: {text}"),
                };
                self.check.within("parameters", |check| {
                    check.within(pointer, |check| match segments.first() {
                        Some(segment) => check.mistake_at(segment, text),
                        None => check.mistake(text),
                    });
                });
            }
        }
    }
}

impl Parameter {
    fn number_label(&self, value: &CellValue) -> Option<String> {
        value.number.map(|number| if self.unit == Unit::Seconds { format!("{number} s") } else { number.to_string() })
    }
}
