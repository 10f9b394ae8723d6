//! The picture: the share of the raw primitive's speed, jose's as a bar, the others' as marks on the same axis, and the
//! bar that is set as a short line.

use super::{OTHERS, Report, Row};

impl Report {
    /// An SVG that reads on light and dark paper.
    pub(crate) fn svg(&self) -> String {
        let height = TOP + self.rows.len() as u32 * STEP + BOTTOM;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
             <text class=\"ink\" x=\"16\" y=\"26\" font-size=\"15\" font-weight=\"600\">How much of the raw primitive’s \
             speed is left</text>\n\
             <text class=\"quiet\" x=\"16\" y=\"44\">one thread, {} cores of {}; longer is better, the line is the bar</text>\n",
            self.machine.cores,
            self.machine.processor.replace('&', "&amp;").replace('<', "&lt;"),
        );
        svg.push_str(&legend());
        for (index, row) in self.rows.iter().enumerate() {
            svg.push_str(&line(row, TOP + index as u32 * STEP));
        }
        let one = at(1.0);
        svg.push_str(&format!(
            "<line class=\"axis\" x1=\"{one:.1}\" x2=\"{one:.1}\" y1=\"{}\" y2=\"{}\"/>\n</svg>\n",
            TOP - 6,
            height - BOTTOM + 2
        ));
        svg
    }
}

fn legend() -> String {
    let mut text =
        format!("<rect class=\"good\" x=\"16\" y=\"55\" width=\"12\" height=\"12\" rx=\"2\"/>{}", label(34, "jose"));
    for (index, name) in OTHERS.iter().enumerate() {
        let x = 90 + index as u32 * 120;
        text.push_str(&format!("{}{}", mark(index, f64::from(x), 61.0), label(x + 12, name)));
    }
    text + "\n"
}

fn label(x: u32, name: &str) -> String {
    format!("<text class=\"quiet\" x=\"{x}\" y=\"65\" font-size=\"12\">{name}</text>")
}

fn line(row: &Row, y: u32) -> String {
    let class = if row.holds() == Some(false) { "short" } else { "good" };
    let (text, middle) = (y + 15, f64::from(y) + 11.0);
    let mut out = format!(
        "<text class=\"ink\" x=\"16\" y=\"{text}\">{}</text><rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{:.1}\" \
         height=\"14\" rx=\"2\"/>",
        row.case,
        y + 4,
        at(row.share()) - f64::from(LEFT),
    );
    for (index, name) in OTHERS.iter().enumerate() {
        if let Some(taken) = row.of(name) {
            out.push_str(&mark(index, at(taken.share), middle));
        }
    }
    let bar = row.bar.map_or_else(String::new, |bar| format!("≥ {bar:.2}"));
    if let Some(bar) = row.bar {
        let x = at(bar);
        out.push_str(&format!("<line class=\"bar\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{}\"/>", y + 1, y + 21));
    }
    out.push_str(&format!(
        "<text class=\"ink\" x=\"{}\" y=\"{text}\">{:.3}  <tspan class=\"quiet\">{bar}</tspan></text>\n",
        WIDTH - RIGHT + 12,
        row.share(),
    ));
    out
}

/// A circle, a square, a triangle.
fn mark(index: usize, x: f64, y: f64) -> String {
    match index {
        0 => format!("<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"),
        1 => format!("<rect class=\"mark\" x=\"{:.1}\" y=\"{:.1}\" width=\"7\" height=\"7\"/>", x - 3.5, y - 3.5),
        _ => {
            let (left, right, top, foot) = (x - 4.5, x + 4.5, y - 4.5, y + 3.5);
            format!("<path class=\"mark\" d=\"M{x:.1} {top:.1}L{right:.1} {foot:.1}L{left:.1} {foot:.1}Z\"/>")
        }
    }
}

/// Where a share stands; what is more than the axis holds stands at its end.
fn at(share: f64) -> f64 {
    f64::from(LEFT) + share.clamp(0.0, MOST) / MOST * f64::from(WIDTH - LEFT - RIGHT)
}

const WIDTH: u32 = 900;
const LEFT: u32 = 220;
const RIGHT: u32 = 150;
const TOP: u32 = 88;
const STEP: u32 = 24;
const BOTTOM: u32 = 16;
const MOST: f64 = 1.05;
const STYLE: &str = ".paper{fill:#fbfaf6}.ink{fill:#23211c}.quiet{fill:#6d675c}.good{fill:#3f8f7b}.short{fill:#b5533c}\
                     .bar{stroke:#23211c;stroke-width:2}.axis{stroke:#6d675c;stroke-width:1;stroke-dasharray:4 3}\
                     .mark{fill:#fbfaf6;stroke:#23211c;stroke-width:1.5}\
                     @media (prefers-color-scheme:dark){.paper{fill:#1b1d22}.ink{fill:#ece8df}.quiet{fill:#a39d90}\
                     .good{fill:#5fb39c}.short{fill:#d9795f}.bar{stroke:#ece8df}.axis{stroke:#a39d90}\
                     .mark{fill:#1b1d22;stroke:#ece8df}}";
