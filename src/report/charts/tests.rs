//! Every chart of every made-up result: drawn, of the right size, nothing cut, no words over others.

use super::font::text_width;
use super::list::{CHARTS, Chart, ChartFormat};
use super::picture::{Anchor, Picture, Shape};
use crate::experiment::Results;
use crate::report::testdata;

fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

fn drawn(chart: &Chart, results: &Results, format: ChartFormat) -> Vec<u8> {
    chart.draw(results, format).unwrap_or_else(|e| panic!("{} of {}: {e}", chart.name, results.study.name))
}

#[test]
fn every_png_decodes_has_its_size_and_is_not_blank() {
    // With CLICKDAY_TEST_CHARTS=FOLDER the pictures (and the tables) stay there, to be looked at.
    let keep = std::env::var_os("CLICKDAY_TEST_CHARTS").map(std::path::PathBuf::from);
    for (number, results) in testdata::all().iter().enumerate() {
        if let Some(folder) = &keep {
            std::fs::write(folder.join(format!("{number}-table.txt")), crate::report::table(results, None, 110)).unwrap();
        }
        for chart in CHARTS {
            let bytes = drawn(chart, results, ChartFormat::Png);
            let (width, height, pixels) = decoded(&bytes);
            assert!(width == 1200 && height >= 640, "{}: {width} × {height}", chart.name);
            let dark = pixels.chunks(3).filter(|pixel| pixel.iter().all(|value| *value < 128)).count();
            assert!(dark > 300, "{}: {dark} dark pixels", chart.name);
            if let Some(folder) = &keep {
                std::fs::write(folder.join(format!("{number}-{}.png", chart.name)), &bytes).unwrap();
            }
        }
    }
}

#[test]
fn svg_is_well_formed_and_names_are_only_words_in_it() {
    for results in [testdata::hostile_names(), testdata::two_days(), testdata::empty_columns()] {
        for chart in CHARTS {
            let text = String::from_utf8(drawn(chart, &results, ChartFormat::Svg)).unwrap();
            assert!(text.starts_with("<svg width=\"1200\" height=\"") && text.trim_end().ends_with("</svg>"), "{}", chart.name);
            assert!(!text.contains("<script") && !text.contains("<b>"), "{}", chart.name);
            assert_eq!(text.matches("<text").count(), text.matches("</text>").count());
            assert_eq!(text.matches('<').count(), text.matches('>').count(), "{}", chart.name);
            assert!(text.len() < 3_000_000, "{}: {} bytes", chart.name, text.len());
        }
    }
}

#[test]
fn a_million_bins_are_drawn() {
    let results = testdata::a_million_bins();
    for chart in CHARTS {
        let shapes: usize = chart.picture(&results).shapes.iter().map(points).sum();
        assert!(shapes < 20_000, "{}: {shapes} points", chart.name);
        assert!(!drawn(chart, &results, ChartFormat::Png).is_empty());
    }
}

#[test]
fn a_hundred_policies_fit_a_page() {
    let mut results = testdata::twelve_policies();
    results.policies = results.policies.iter().cycle().take(100).cloned().collect();
    for chart in CHARTS {
        let picture = chart.picture(&results);
        assert!(picture.height < 4000.0, "{}: {}", chart.name, picture.height);
    }
}

fn points(shape: &Shape) -> usize {
    match shape {
        Shape::Line { points, .. } | Shape::Area { points, .. } => points.len(),
        Shape::Text { .. } => 1,
    }
}

/// The words of a picture with the rectangles that they cover.
fn words(picture: &Picture) -> Vec<(&str, [f64; 4])> {
    let rectangle = |shape| match shape {
        &Shape::Text { at: (x, y), ref text, letters } => {
            let width = text_width(text, letters.size, letters.bold);
            let left = match letters.anchor {
                Anchor::Start => x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            Some((text.as_str(), [left, y - letters.size * 0.73, left + width, y]))
        }
        _ => None,
    };
    picture.shapes.iter().filter_map(rectangle).collect()
}

#[test]
fn no_words_are_cut_and_none_lie_over_others() {
    for results in testdata::all() {
        for chart in CHARTS {
            let picture = chart.picture(&results);
            let words = words(&picture);
            for (i, (text, [left, top, right, bottom])) in words.iter().enumerate() {
                let inside = *left >= 0.0 && *top >= 0.0 && *right <= picture.width && *bottom <= picture.height;
                assert!(inside, "{} of {}: `{text}` is cut: {left} {right}", chart.name, results.study.title);
                for (other, [l, t, r, b]) in &words[i + 1..] {
                    let apart = right <= l || r <= left || bottom <= t || b <= top;
                    assert!(apart, "{} of {}: `{text}` lies over `{other}`", chart.name, results.study.title);
                }
            }
        }
    }
}
