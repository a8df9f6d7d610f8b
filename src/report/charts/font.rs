//! The built-in font: how wide words are, and which pixels they cover.
//!
//! The drawing library's own bitmap text drops the room to the left of each letter, which leaves gaps inside words.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use std::sync::OnceLock;

/// What SVG files ask for: the built-in font, else one as wide.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

static PLAIN: &[u8] = include_bytes!("../fonts/DejaVuSans-subset.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/DejaVuSansBold-subset.ttf");

/// The font's face; `None` if it could not be read, and then there is no text, which the tests would see.
fn face(bold: bool) -> Option<&'static FontRef<'static>> {
    static FACES: [OnceLock<Option<FontRef<'static>>>; 2] = [OnceLock::new(), OnceLock::new()];
    FACES[usize::from(bold)].get_or_init(|| FontRef::try_from_slice(if bold { BOLD } else { PLAIN }).ok()).as_ref()
}

/// The scale at which the em is `size` wide: the font's own scale is its height.
fn scale(face: &FontRef<'_>, size: f64) -> PxScale {
    let em = f64::from(face.units_per_em().unwrap_or(1000.0));
    PxScale::from((size * f64::from(face.height_unscaled()) / em) as f32)
}

/// Calls `each` with every glyph of a text and the place of its origin, and gives the width of the text.
fn lay_out(face: &FontRef<'_>, text: &str, scale: PxScale, mut each: impl FnMut(ab_glyph::GlyphId, f32)) -> f32 {
    let scaled = face.as_scaled(scale);
    let mut caret = 0.0;
    let mut before = None;
    for letter in text.chars() {
        let glyph = scaled.glyph_id(letter);
        if let Some(before) = before.replace(glyph) {
            caret += scaled.kern(before, glyph);
        }
        each(glyph, caret);
        caret += scaled.h_advance(glyph);
    }
    caret
}

/// Width of a text.
pub(super) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    face(bold).map_or(0.0, |face| f64::from(lay_out(face, text, scale(face, size), |_, _| {})))
}

/// Calls `pixel` with every pixel that a text covers, to the right and down from the start of its baseline, and with
/// how much of the pixel it covers.
pub(super) fn cover(text: &str, size: f64, bold: bool, mut pixel: impl FnMut(i32, i32, f32)) {
    let Some(face) = face(bold) else { return };
    let scale = scale(face, size);
    lay_out(face, text, scale, |glyph, caret| {
        if let Some(outline) = face.outline_glyph(glyph.with_scale_and_position(scale, point(caret, 0.0))) {
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, covered| pixel(corner.x as i32 + x as i32, corner.y as i32 + y as i32, covered));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_are_read_and_words_have_their_width() {
        for bold in [false, true] {
            let width = text_width("queue — 95 % ≤ 1.5 M", 100.0, bold);
            assert!((800.0..1600.0).contains(&width), "{width}");
            let mut ends = (i32::MAX, i32::MIN);
            cover("queue", 100.0, bold, |x, _, _| ends = (ends.0.min(x), ends.1.max(x)));
            assert!(ends.0 >= 0 && f64::from(ends.1) <= text_width("queue", 100.0, bold), "{ends:?}");
        }
    }
}
