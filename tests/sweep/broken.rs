//! Cells that fail are told with their parameters, and the others go on.

use super::*;

/// Two parameters each of whose values is right alone: a queue of one place scaled down is not.
fn some_fail() -> Value {
    let mut sweep = grid();
    sweep["scale"] = json!(0.5);
    sweep["parameters"] = json!({
        "/classes/citizens/population": {"uniform": {"from": 400, "to": 600}},
        "/stations/counter/workers": {"uniform": {"from": 2, "to": 9}}
    });
    sweep["design"] = json!({"sobol": {"size": 8}});
    sweep["replications"] = json!(2);
    sweep
}

#[test]
fn the_others_go_on_and_the_status_is_75() {
    let home = Home::new(&some_fail());
    let ended = home.clickday("sweep sweep.json --out out --charts none").with(75);
    let table = rows(&home.text("out/results.csv"));
    let failed = rows(&home.text("out/failed.csv"));
    // Half of an odd number of workers, rounded, is more than 5 % off.
    let odd = |row: &Vec<String>| row[2].parse::<u64>().unwrap() % 2 == 1;
    assert!(table.len() > 1 && failed.len() > 1);
    assert!(table[1..].iter().all(|row| !odd(row)) && failed[1..].iter().all(odd));
    assert!(failed[1..].iter().all(|row| row[5].contains("/stations/counter/workers") && row[5].contains("more than 5 % off")));
    let cells = |rows: &[Vec<String>]| rows.iter().map(|row| row[0].clone()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(cells(&table[1..]).len() + cells(&failed[1..]).len(), 8);
    for row in &failed[1..] {
        let said = format!("/classes/citizens/population = {}, /stations/counter/workers = {}", row[1], row[2]);
        assert!(ended.err.contains(&said), "{said}\n{}", ended.err);
    }
    // Again: only what failed is tried.
    let again = home.clickday("sweep sweep.json --out out --charts none").with(75);
    assert!(again.out.contains("were there already"), "{}", again.out);
    assert_eq!(rows(&home.text("out/results.csv")), table);
}

#[test]
fn parts_with_failures_merge_to_the_same() {
    let home = Home::new(&some_fail());
    home.clickday("sweep sweep.json --out whole --charts none").with(75);
    let statuses: Vec<i32> =
        (1..=3).map(|k| home.clickday(&format!("sweep sweep.json --shard {k}/3 --out parts")).status.unwrap()).collect();
    assert!(statuses.contains(&75) && statuses.iter().all(|status| [0, 75].contains(status)), "{statuses:?}");
    let merged = home.clickday("merge parts --charts none").with(75);
    assert!(merged.err.contains("cells failed"), "{}", merged.err);
    assert_same(&home, "whole", "parts");
    assert_eq!(home.text("whole/failed.csv"), home.text("parts/failed.csv"));
}
