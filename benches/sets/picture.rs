//! The growth curves as an SVG.

use std::path::Path;

use plotters::drawing::DrawingAreaErrorKind;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use target_rules_testing::workloads::clock::count;

/// Microseconds for a transaction by the number of rules.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<(f64, f64)>,
}

/// How a curve looks: each differs from the others in colour, in mark and in
/// dash. The colours are those of Okabe and Ito, which colour-blind readers
/// tell apart.
#[derive(Clone, Copy)]
struct Look {
    colour: RGBColor,
    width: u32,
    /// The lengths of dash and gap, in pixels.
    dash: (u32, u32),
    /// The corners of the mark, and by how much of a full turn it is turned.
    mark: (u32, f64),
}

/// So many corners look round.
const DISC: (u32, f64) = (24, 0.0);
const TRIANGLE: (u32, f64) = (3, 0.0);
const SQUARE: (u32, f64) = (4, 0.125);
const DIAMOND: (u32, f64) = (4, 0.0);

/// A dash that is longer than any curve.
const SOLID: (u32, u32) = (10_000, 1);

/// In the order of the curves.
const LOOKS: [Look; 4] = [
    Look { colour: RGBColor(70, 70, 70), width: 2, dash: (10, 5), mark: DIAMOND },
    Look { colour: RGBColor(213, 94, 0), width: 2, dash: (3, 4), mark: TRIANGLE },
    Look { colour: RGBColor(0, 158, 115), width: 2, dash: (18, 4), mark: SQUARE },
    Look { colour: RGBColor(0, 114, 178), width: 4, dash: SOLID, mark: DISC },
];

impl Look {
    /// The mark, so many pixels right of what it is drawn at.
    fn mark(self, right: i32) -> Polygon<(i32, i32)> {
        let (corners, turned) = self.mark;
        let corner = |number: u32| {
            let angle = (f64::from(number) / f64::from(corners) + turned) * std::f64::consts::TAU;
            let radius = 7.0;
            // Upwards is where the numbers of pixels become less.
            (right + (radius * angle.sin()).round() as i32, (-radius * angle.cos()).round() as i32)
        };
        Polygon::new((0..corners).map(corner).collect::<Vec<_>>(), self.colour.filled())
    }
}

/// The size in pixels of a picture that a page shows unscaled.
const SIZE: (u32, u32) = (820, 500);

const TEXT: (&str, i32) = ("sans-serif", 17);

/// Draws on white, so that it can be read on a dark page too.
pub(crate) fn draw(path: &Path, curves: &[Curve]) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let most = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(f64::MIN, f64::max);
    let least = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(f64::MAX, f64::min);
    // Axes end at powers of ten.
    let floor = |value: f64| 10_f64.powf(value.log10().floor());
    let ceiling = |value: f64| 10_f64.powf(value.log10().ceil());
    let rules = floor(least(|point| point.0))..ceiling(most(|point| point.0));
    // A little below, or rounding leaves the lowest power without its label.
    let time = floor(least(|point| point.1)) * 0.99..ceiling(most(|point| point.1));
    let mut chart = ChartBuilder::on(&area)
        .caption("Deciding all rules for one transaction", (TEXT.0, 22))
        .margin(14)
        .margin_right(40)
        .x_label_area_size(48)
        .y_label_area_size(78)
        .build_cartesian_2d(rules.log_scale(), time.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("rules")
        .y_desc("µs per transaction")
        .x_label_formatter(&|rules| label(*rules))
        .y_label_formatter(&|time| label(*time))
        .axis_desc_style(TEXT)
        .label_style(TEXT)
        .bold_line_style(BLACK.mix(0.18))
        .max_light_lines(0)
        .draw()?;
    for (curve, look) in curves.iter().zip(LOOKS) {
        let (style, (dash, gap)) = (look.colour.stroke_width(look.width), look.dash);
        let points = || curve.points.iter().copied();
        chart.draw_series(DashedLineSeries::new(points(), dash, gap, style))?.label(curve.name).legend(
            move |at| {
                let line = DashedPathElement::new([(0, 0), (40, 0)], dash, gap, style);
                EmptyElement::at(at) + line + look.mark(20)
            },
        );
        chart.draw_series(points().map(|point| EmptyElement::at(point) + look.mark(0)))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .legend_area_size(50)
        .margin(12)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.3))
        .label_font(TEXT)
        .draw()?;
    area.present()?;
    Ok(())
}

/// A power of ten: `0.1`, `10`, `1 000`.
fn label(value: f64) -> String {
    if value < 1.0 { format!("{value}") } else { count(value.round() as usize) }
}
