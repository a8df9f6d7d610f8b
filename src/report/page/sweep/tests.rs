use super::*;
use crate::stats::Estimate;
use crate::sweep::{Broken, CellResult, Goal, Layout, Run};
use serde_json::{Value, json};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)> {{data}}";

/// A sweep of two parameters, two policies and two figures; every number is another.
fn sweep(design: Design, name: &str) -> Cells {
    let list = |pointer: &str, values: &[i64]| Parameter {
        pointer: pointer.to_owned(),
        unit: ParameterUnit::Number,
        whole: true,
        values: Source::List(values.iter().map(|value| json!(value)).collect()),
    };
    let key = |figure: &str, unit: &str| Key {
        scope: "total".to_owned(),
        name: "total".to_owned(),
        figure: figure.to_owned(),
        unit: unit.to_owned(),
    };
    let layout = Layout {
        format: 1,
        clickday: "0.1.0".to_owned(),
        sweep: name.to_owned(),
        title: name.to_owned(),
        scenario: name.to_owned(),
        hash: "abc".to_owned(),
        seed: 7,
        replications: 3,
        scale: 1.0,
        policies: vec!["open".to_owned(), name.to_owned()],
        figures: vec![key("lost_share", "share"), key("wait.mean", "s")],
        parameters: vec![list("/a", &[1, 2]), list("/b", &[10, 20, 30])],
        design,
        cells: 6,
        goal: Goal::parse("lost_share<=30%").ok(),
        cost: vec![("/a".to_owned(), 1.0)],
    };
    let figure = |number: f64| Some(Estimate { mean: number, low: Some(number - 0.01), high: Some(number + 0.01), n: 3 });
    let values = |cell: usize| {
        let of = |parameter: usize, place: usize| layout.parameters[parameter].listed().unwrap()[place].clone();
        vec![of(0, cell / 3), of(1, cell % 3)]
    };
    let cells = (0..5).map(|cell| CellResult {
        cell,
        values: values(cell as usize),
        figures: (0..2)
            .map(|policy| {
                let number = (1 + 2 * cell + policy) as f64 / 33.0;
                vec![figure(number), figure(100.0 * number)]
            })
            .collect(),
    });
    let cells = cells.collect();
    let broken = Broken { run: Run { cell: 5, policy: 1, replication: 2 }, values: values(5), why: name.to_owned() };
    Cells { layout, cells, broken: vec![broken] }
}

fn results(cells: &Cells) -> Vec<Vec<String>> {
    let mut text = Vec::new();
    crate::report::write_csv(cells, &mut text).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_slice());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn figures_say_which_row_of_the_table_they_are() {
    let cells = sweep(Design::Grid, "plain");
    let page = sweep_page(&cells, Language::English);
    let rows = results(&cells);
    let mean = |row: &str| -> f64 { rows[row.parse::<usize>().unwrap()][8].parse().unwrap() };
    let mut seen = 0;
    for marked in page.split("data-p=\"/results/").skip(1) {
        let (row, rest) = marked.split_once("/mean\" data-v=\"").unwrap();
        assert_eq!(mean(row), rest.split_once('"').unwrap().0.parse::<f64>().unwrap(), "row {row}");
        seen += 1;
    }
    assert!(seen >= 12, "{seen}");
    let data: Value = data::data(&cells);
    for cell in data["cells"].as_array().unwrap() {
        for figure in cell[4].as_array().unwrap().iter().flat_map(|policy| policy.as_array().unwrap()) {
            assert_eq!(mean(&figure[0].to_string()), figure[1].as_f64().unwrap(), "{figure}");
        }
    }
    assert_eq!(data["goal"]["figure"], 0);
}

#[test]
fn the_answer_counts_the_cells_that_meet_the_goal() {
    let page = sweep_page(&sweep(Design::Grid, "plain"), Language::English);
    // Of 1, 3, 5, 7 and 9 parts in 33 all but the last are at most 30 %; of 2, 4, 6, 8 and 10 all but the last.
    assert!(page.contains("<b>4 of 5</b>"), "{page}");
    assert!(page.contains("<h2>What failed</h2>") && page.contains("1 runs failed"));
    assert!(page.contains("--shard 1/10") && !page.contains("{{"));
}

#[test]
fn names_are_only_names_in_any_design() {
    for design in [Design::Grid, Design::Zip, Design::LatinHypercube, Design::Sobol, Design::Morris, Design::Saltelli] {
        let page = sweep_page(&sweep(design, HOSTILE), Language::Italian);
        assert!(!page.contains("<img") && page.contains("<html lang=\"it\">"), "{design:?}");
        assert_eq!((page.matches("<script").count(), page.matches("</script>").count()), (3, 3), "{design:?}");
    }
}

#[test]
fn a_sweep_without_cells_has_a_page_too() {
    let mut cells = sweep(Design::Grid, "plain");
    cells.cells.clear();
    cells.layout.goal = None;
    assert!(sweep_page(&cells, Language::English).contains("</html>"));
}
