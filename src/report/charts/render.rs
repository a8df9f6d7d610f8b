//! Draws a picture as PNG or SVG.
//!
//! Lines of the drawing library are not smooth: for PNG the picture is drawn three times as large and averaged down.
//! SVG gets the same whole coordinates, on a page of three times the size shown at one third of it.

use super::font::{FAMILY, cover, text_width};
use super::picture::{Anchor, Ink, Letters, Picture, Point, Shape, Stroke};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The drawing library.
    #[error("drawing failed: {0}")]
    Drawing(String),
    /// The encoder of PNG.
    #[error("encoding the picture failed")]
    Encoding(#[from] png::EncodingError),
}

/// The library's error, of whichever backend.
fn failed(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}

/// How much larger than shown a picture is drawn.
const SCALE: u32 = 3;

/// What a backend can do itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backend {
    /// Pixels: wide lines and letters are drawn here.
    Bitmap,
    /// SVG: whoever shows the file draws them.
    Vector,
}

/// The picture's size in whole pixels.
fn size(picture: &Picture) -> (u32, u32) {
    (picture.width.round() as u32, picture.height.round() as u32)
}

/// The picture as a PNG file.
pub(super) fn png(picture: &Picture) -> Result<Vec<u8>, ChartError> {
    let (width, height) = size(picture);
    let mut large = vec![255u8; (width * SCALE) as usize * (height * SCALE) as usize * 3];
    let mut backend = BitMapBackend::with_buffer(&mut large, (width * SCALE, height * SCALE));
    paint(picture, &mut backend, Backend::Bitmap)?;
    drop(backend);
    let pixels = averaged(&large, width as usize, height as usize);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

/// Each pixel the mean of the square of pixels that it stands for.
fn averaged(large: &[u8], width: usize, height: usize) -> Vec<u8> {
    let scale = SCALE as usize;
    let mut pixels = Vec::with_capacity(width * height * 3);
    let mut sums = vec![0u32; width * 3];
    for rows in large.chunks_exact(width * scale * 3 * scale) {
        sums.fill(0);
        for row in rows.chunks_exact(width * scale * 3) {
            for (sum, square) in sums.chunks_exact_mut(3).zip(row.chunks_exact(scale * 3)) {
                for pixel in square.chunks_exact(3) {
                    sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
                }
            }
        }
        let count = SCALE * SCALE;
        pixels.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    pixels
}

/// The picture as an SVG file.
pub(super) fn svg(picture: &Picture) -> Result<String, ChartError> {
    let (width, height) = size(picture);
    let mut text = String::new();
    let mut backend = SVGBackend::with_string(&mut text, (width * SCALE, height * SCALE));
    let page = ShapeStyle { color: RGBAColor(255, 255, 255, 1.0), filled: true, stroke_width: 0 };
    backend.draw_rect((0, 0), ((width * SCALE) as i32, (height * SCALE) as i32), &page, true).map_err(failed)?;
    paint(picture, &mut backend, Backend::Vector)?;
    drop(backend);
    let drawn = format!("width=\"{}\" height=\"{}\"", width * SCALE, height * SCALE);
    let shown = format!("width=\"{width}\" height=\"{height}\"");
    Ok(text.replacen(&drawn, &shown, 1))
}

fn paint<D: DrawingBackend>(picture: &Picture, backend: &mut D, kind: Backend) -> Result<(), ChartError> {
    backend.ensure_prepared().map_err(failed)?;
    for shape in &picture.shapes {
        match shape {
            Shape::Area { points, ink } => {
                let corners: Vec<(i32, i32)> = points.iter().copied().map(pixel).collect();
                backend.fill_polygon(corners, &filled(*ink)).map_err(failed)?;
            }
            Shape::Line { points, stroke } => {
                for piece in dashes(points, stroke.dash) {
                    paint_line(backend, &piece, stroke, kind)?;
                }
            }
            Shape::Text { at, text, letters } => paint_text(backend, *at, text, *letters, kind)?,
        }
    }
    backend.present().map_err(failed)
}

fn pixel((x, y): Point) -> (i32, i32) {
    let scaled = |v: f64| (v * f64::from(SCALE)).round() as i32;
    (scaled(x), scaled(y))
}

fn filled(ink: Ink) -> ShapeStyle {
    let (red, green, blue) = ink.rgb;
    ShapeStyle { color: RGBAColor(red, green, blue, ink.alpha), filled: true, stroke_width: 1 }
}

fn paint_line<D: DrawingBackend>(backend: &mut D, points: &[Point], stroke: &Stroke, kind: Backend) -> Result<(), ChartError> {
    let width = stroke.width * f64::from(SCALE);
    let style = ShapeStyle { stroke_width: width.round().max(1.0) as u32, ..filled(stroke.ink) };
    if kind == Backend::Vector {
        return backend.draw_path(points.iter().copied().map(pixel), &style).map_err(failed);
    }
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        if length > 0.0 {
            let (nx, ny) = (-dy / length * stroke.width / 2.0, dx / length * stroke.width / 2.0);
            let corners =
                [(from.0 + nx, from.1 + ny), (to.0 + nx, to.1 + ny), (to.0 - nx, to.1 - ny), (from.0 - nx, from.1 - ny)];
            backend.fill_polygon(corners.map(pixel), &style).map_err(failed)?;
        }
    }
    // Round joints close the gaps between the pieces of a bent line.
    let radius = (width / 2.0).floor() as u32;
    if radius > 0 && points.len() > 2 {
        for point in &points[1..points.len() - 1] {
            backend.draw_circle(pixel(*point), radius, &style, true).map_err(failed)?;
        }
    }
    Ok(())
}

/// The pieces of a line that a dash pattern leaves.
fn dashes(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    if pattern.is_empty() || pattern.iter().sum::<f64>() <= 0.0 {
        return vec![points.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut part, mut left) = (0, pattern[0]);
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let at = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if part % 2 == 0 {
                piece.push(at);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![at];
            }
            part = (part + 1) % pattern.len();
            left = pattern[part];
        }
        left -= length - done;
        if part % 2 == 0 {
            piece.push(*to);
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

fn paint_text<D: DrawingBackend>(
    backend: &mut D,
    at: Point,
    text: &str,
    letters: Letters,
    kind: Backend,
) -> Result<(), ChartError> {
    let size = letters.size * f64::from(SCALE);
    let (red, green, blue) = letters.ink.rgb;
    let color = RGBAColor(red, green, blue, letters.ink.alpha);
    let (x, y) = pixel(at);
    if kind == Backend::Vector {
        let across = match letters.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let face = if letters.bold { FontStyle::Bold } else { FontStyle::Normal };
        // The library writes the size over 1.24, and the baseline 0.76 of that below the point.
        let font = FontDesc::new(FontFamily::Name(FAMILY), size * 1.24, face);
        let style = TextStyle { font, color: color.to_backend_color(), pos: Pos::new(across, VPos::Top) };
        return backend.draw_text(text, &style, (x, y - (size * 0.76).round() as i32)).map_err(failed);
    }
    let start = match letters.anchor {
        Anchor::Start => x,
        Anchor::Middle => x - (text_width(text, size, letters.bold) / 2.0).round() as i32,
        Anchor::End => x - text_width(text, size, letters.bold).round() as i32,
    };
    let (width, height) = backend.get_size();
    let mut outcome = Ok(());
    cover(text, size, letters.bold, |dx, dy, covered| {
        let (x, y) = (start + dx, y + dy);
        let inside = (0..width as i32).contains(&x) && (0..height as i32).contains(&y);
        if inside && covered > 0.0 && outcome.is_ok() {
            outcome = backend.draw_pixel((x, y), color.mix(f64::from(covered.min(1.0))).to_backend_color()).map_err(failed);
        }
    });
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dashed_line_keeps_its_rhythm_around_corners() {
        let bent = [(0.0, 0.0), (3.0, 0.0), (3.0, 7.0)];
        let pieces = dashes(&bent, &[4.0, 2.0]);
        assert_eq!(pieces, [vec![(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)], vec![(3.0, 3.0), (3.0, 7.0)]]);
        assert_eq!(dashes(&bent, &[]), [bent.to_vec()]);
    }
}
