//! `docs/validation.md` and its pictures: everything that the suite compares, as it came out.
//!
//! `CLICKDAY_UPDATE=1 cargo test --test theory` writes them; without it the tests compare them with what is simulated.

mod pictures;
mod solver;
mod text;

use crate::family::Family;
use crate::lab::effort;
use crate::{day, demand, disciplines, general_service, many_servers, operators, orphans, patience, retrials, slowdown};
use std::fs;
use std::path::PathBuf;

/// All families, in the order of the page.
fn families() -> impl Iterator<Item = &'static Family> {
    let rooms = [
        &many_servers::FAMILIES,
        &general_service::FAMILIES,
        &disciplines::FAMILIES,
        &patience::FAMILIES,
        &retrials::FAMILIES,
        &orphans::FAMILIES,
        &slowdown::FAMILIES,
        &operators::FAMILIES,
        &demand::FAMILIES,
        &day::FAMILIES,
    ];
    rooms.into_iter().flat_map(|room| room.iter())
}

fn docs(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(file)
}

/// The pixels of a PNG file: encoders may pack the same ones in other bytes.
fn pixels(png: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG file");
    let mut pixels = vec![0; reader.output_buffer_size().expect("its size")];
    reader.next_frame(&mut pixels).expect("a picture");
    pixels
}

/// Whether two pictures look alike: at most a thousandth of the pixels differ to the eye.
fn alike(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (pixels(a), pixels(b));
    let differ = a.iter().zip(&b).filter(|(a, b)| a.abs_diff(**b) > 24).count();
    a.len() == b.len() && differ * 1000 <= a.len()
}

#[test]
fn the_page_shows_what_the_suite_finds() {
    if effort() != 1.0 {
        // Another effort is other luck; the page shows the usual one.
        return;
    }
    let text = text::page(families());
    let pictures = pictures::all(families());
    if std::env::var_os("CLICKDAY_UPDATE").is_some() {
        fs::create_dir_all(docs("images/validation")).expect("a folder");
        fs::write(docs("validation.md"), &text).expect("the page");
        for (name, picture) in &pictures {
            fs::write(docs(name), picture).expect("a picture");
        }
    }
    let stale = "is not what the suite finds; run `CLICKDAY_UPDATE=1 cargo test --test theory` and look at what changed";
    let shown = fs::read_to_string(docs("validation.md")).unwrap_or_default();
    if let Some((shown, found)) = shown.lines().zip(text.lines()).find(|(shown, found)| shown != found) {
        panic!("docs/validation.md {stale}:\n< {shown}\n> {found}");
    }
    assert!(shown.lines().count() == text.lines().count(), "docs/validation.md {stale}");
    for (name, picture) in &pictures {
        assert!(picture.len() < 80_000, "{name} has {} bytes", picture.len());
        let shown = fs::read(docs(name)).unwrap_or_else(|error| panic!("docs/{name}: {error}"));
        assert!(alike(&shown, picture), "docs/{name} {stale}");
        assert!(text.contains(name.as_str()), "the page does not show {name}");
    }
}
