//! The picture: how much of what each bar allows was taken. All figures share one axis, the bar is one line.

use super::{Report, Row, Side, number};

impl Report {
    /// An SVG that reads on light and dark paper.
    pub(crate) fn svg(&self) -> String {
        let height = TOP + self.rows.len() as u32 * STEP + BOTTOM;
        let most = self.rows.iter().map(Row::taken).fold(1.25, f64::max).min(MOST);
        let scale = f64::from(WIDTH - LEFT - RIGHT) / most;
        let line = f64::from(LEFT) + scale;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
             <text class=\"ink\" x=\"16\" y=\"26\" font-size=\"15\" font-weight=\"600\">How much of each bar is taken</text>\n\
             <text class=\"quiet\" x=\"16\" y=\"44\">{} cores of {}, {}; shorter is better, the line is the bar</text>\n",
            self.machine.cores,
            escaped(&self.machine.processor),
            escaped(&self.machine.disk),
        );
        for (index, row) in self.rows.iter().enumerate() {
            svg.push_str(&bar(row, TOP + index as u32 * STEP, scale, most));
        }
        svg.push_str(&format!(
            "<line class=\"bar\" x1=\"{line:.1}\" x2=\"{line:.1}\" y1=\"{}\" y2=\"{}\"/>\n</svg>\n",
            TOP - 8,
            height - BOTTOM + 4
        ));
        svg
    }
}

fn bar(row: &Row, y: u32, scale: f64, most: f64) -> String {
    let (class, side) =
        (if row.holds() { "good" } else { "short" }, if row.bar.side == Side::AtMost { "≤" } else { "≥" });
    let width = row.taken().min(most) * scale;
    let (value, bar) = (number(row.value), number(row.bar.value));
    let (text, middle, unit) = (y + 14, y + 30, row.bar.unit);
    format!(
        "<text class=\"ink\" x=\"16\" y=\"{text}\">{}</text><text class=\"quiet\" x=\"16\" y=\"{middle}\" font-size=\"11\">{}</text>\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"18\" rx=\"2\"/>\
         <text class=\"ink\" x=\"{}\" y=\"{}\">{value}{unit}  <tspan class=\"quiet\">{side} {bar}{unit}</tspan></text>\n",
        escaped(row.case),
        escaped(row.what),
        y + 6,
        WIDTH - RIGHT + 12,
        y + 20,
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

const WIDTH: u32 = 900;
const LEFT: u32 = 270;
const RIGHT: u32 = 190;
const TOP: u32 = 70;
const STEP: u32 = 42;
const BOTTOM: u32 = 16;
/// What goes further is cut: its figure stands beside it.
const MOST: f64 = 3.0;
const STYLE: &str = ".paper{fill:#fbfaf6}.ink{fill:#23211c}.quiet{fill:#6d675c}.good{fill:#3f8f7b}.short{fill:#b5533c}\
                     .bar{stroke:#23211c;stroke-width:1.5;stroke-dasharray:4 3}\
                     @media (prefers-color-scheme:dark){.paper{fill:#1b1d22}.ink{fill:#ece8df}.quiet{fill:#a39d90}\
                     .good{fill:#5fb39c}.short{fill:#d9795f}.bar{stroke:#ece8df}}";
