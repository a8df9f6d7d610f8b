//! Shards, and what merges them.

use super::*;

#[test]
fn parts_make_the_whole_byte_for_byte() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out whole").with(0);
    home.clickday("sweep sweep.json --shard 2/4 --out parts").with(0);
    home.clickday("sweep sweep.json --shard 4/4 --out parts --threads 1").with(0);
    let early = home.clickday("merge parts").with(75);
    assert!(early.err.contains("2 of 4 parts") && early.err.contains("--array=1,3"), "{}", early.err);
    assert!(!exists(&home.path("parts/results.csv")), "nothing is written of a part of the cells");
    home.clickday("sweep sweep.json --shard 1/4 --out parts").with(0);
    home.clickday("sweep sweep.json --shard 3/4 --out parts").with(0);
    home.clickday("merge parts").with(0);
    assert_same(&home, "whole", "parts");
    for chart in ["heat-map.png", "pareto.png"] {
        assert!(home.read(&format!("whole/{chart}")) == home.read(&format!("parts/{chart}")), "{chart}");
    }
}

#[test]
fn more_parts_than_cells_are_empty_and_merge() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    for k in 1..=11 {
        home.clickday(&format!("sweep sweep.json --shard {k}/11 --out parts --quiet")).with(0);
    }
    home.clickday("merge parts --charts none").with(0);
    assert_same(&home, "whole", "parts");
}

#[test]
fn other_divisions_and_other_sweeps_do_not_mix() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --shard 1/3 --out parts").with(0);
    let other = home.clickday("sweep sweep.json --shard 1/2 --out parts").with(2);
    assert!(other.err.contains("parts of 3") && other.err.contains("--fresh"), "{}", other.err);
    let whole = home.clickday("sweep sweep.json --out parts").with(2);
    assert!(whole.err.contains("parts of 3"), "{}", whole.err);
    let mut changed = grid();
    changed["seed"] = json!(6);
    home.set(&changed);
    let other = home.clickday("sweep sweep.json --shard 2/3 --out parts").with(2);
    assert!(other.err.contains("changed") && other.err.contains("--fresh") && other.err.contains("--out"), "{}", other.err);
    // A part of another sweep that was copied in is no part of this one.
    for k in 1..=3 {
        home.clickday(&format!("sweep sweep.json --shard {k}/3 --out others")).with(0);
    }
    fs::copy(home.path("parts/parts/1-of-3.part"), home.path("others/parts/1-of-3.part")).unwrap();
    let mixed = home.clickday("merge others").with(75);
    assert!(mixed.err.contains("--array=1 "), "{}", mixed.err);
}

#[test]
fn a_damaged_part_is_named() {
    let home = Home::new(&grid());
    for k in 1..=2 {
        home.clickday(&format!("sweep sweep.json --shard {k}/2 --out parts")).with(0);
    }
    let path = home.path("parts/parts/2-of-2.part");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&path, bytes).unwrap();
    let damaged = home.clickday("merge parts").with(75);
    assert!(damaged.err.contains("1 of 2 parts") && damaged.err.contains("--array=2 "), "{}", damaged.err);
    let mended = home.clickday("sweep sweep.json --shard 2/2 --out parts").with(0);
    assert!(mended.out.contains("were there already"), "only what is damaged is made anew: {}", mended.out);
    home.clickday("merge parts --charts none").with(0);
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    assert_same(&home, "whole", "parts");
}

#[test]
fn a_part_has_one_owner() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --shard 1/2 --out parts").with(0);
    let lock = fs::File::options().write(true).open(home.path("parts/parts/1-of-2.lock")).unwrap();
    lock.try_lock().unwrap();
    let second = home.clickday("sweep sweep.json --shard 1/2 --out parts").with(75);
    assert!(second.err.contains("another process is working on part 1/2"), "{}", second.err);
    home.clickday("sweep sweep.json --shard 2/2 --out parts").with(0);
    drop(lock);
    home.clickday("sweep sweep.json --shard 1/2 --out parts").with(0);
}

/// As long as somebody works in a folder nobody puts its parts together or removes them, and the other way round.
#[test]
fn parts_are_put_together_by_one_while_nobody_makes_any() {
    let home = Home::new(&grid());
    for k in 1..=2 {
        home.clickday(&format!("sweep sweep.json --shard {k}/2 --out parts")).with(0);
    }
    home.clickday("merge parts --charts none").with(0);
    let (results, busy) = (home.read("parts/results.csv"), "another process is working in parts");
    let refused = |line: &str| {
        let ended = home.clickday(line).with(75);
        assert!(ended.err.contains(busy), "{line}: {}", ended.err);
        assert_eq!(home.read("parts/results.csv"), results, "{line}");
    };
    let lock = fs::File::options().write(true).open(home.path("parts/.clickday-lock")).unwrap();
    // Somebody makes a part: others may too.
    lock.try_lock_shared().unwrap();
    refused("merge parts --charts none");
    refused("sweep sweep.json --shard 1/2 --out parts --fresh");
    home.clickday("sweep sweep.json --shard 2/2 --out parts").with(0);
    lock.unlock().unwrap();
    // Somebody puts them together.
    lock.try_lock().unwrap();
    refused("merge parts --charts none");
    refused("sweep sweep.json --shard 1/2 --out parts");
    fs::remove_file(home.path("parts/parts/2-of-2.part")).unwrap();
    let early = home.clickday("merge parts").with(75);
    assert!(early.err.contains("1 of 2 parts"), "what is lacking is told all the same: {}", early.err);
    drop(lock);
    home.clickday("sweep sweep.json --shard 2/2 --out parts").with(0);
    home.clickday("merge parts --charts none").with(0);
    assert_eq!(home.read("parts/results.csv"), results);
}

#[test]
fn a_folder_without_a_sweep_is_told() {
    let home = Home::new(&grid());
    assert!(home.clickday("merge nowhere").with(2).err.contains("holds no sweep"));
    fs::create_dir(home.path("thesis")).unwrap();
    fs::write(home.path("thesis/chapter.txt"), "one").unwrap();
    assert!(home.clickday("sweep sweep.json --out thesis").with(2).err.contains("thesis is not empty"));
    assert!(home.clickday("sweep sweep.json --out thesis --fresh").with(2).err.contains("thesis is not empty"));
    assert_eq!(home.text("thesis/chapter.txt"), "one");
}

#[test]
fn the_page_is_the_same_at_once_merged_and_later() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out whole --charts none --report").with(0);
    assert!(home.text("whole/report.html").contains("</html>"));
    home.clickday("sweep sweep.json --shard 1/2 --out parts --charts none").with(0);
    let early = home.clickday("report parts").with(75);
    assert!(early.err.contains("1 of 2 parts"), "{}", early.err);
    home.clickday("sweep sweep.json --shard 2/2 --out parts --charts none").with(0);
    home.clickday("merge parts --charts none --report").with(0);
    assert!(home.read("whole/report.html") == home.read("parts/report.html"), "merged");
    home.clickday("report parts --out later.html").with(0);
    assert!(home.read("later.html") == home.read("whole/report.html"), "later");
    home.clickday("report parts --language it --out it.html").with(0);
    assert!(home.text("it.html").contains("<html lang=\"it\">"));
}
