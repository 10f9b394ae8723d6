//! A QR code (ISO/IEC 18004) as SVG for a page and in half blocks for a terminal.

use qrcode::{Color, QrCode};

use crate::need::ToolError;
use crate::output::Block;

/// A text as the SVG of a QR code; `None` where it is too long.
pub fn qr_svg(text: &str) -> Option<String> {
    grid(text).map(|grid| grid.svg())
}

/// Draws a text.
pub(in crate::tools) fn draw(text: &str) -> Result<Block, ToolError> {
    let grid = grid(text).ok_or_else(|| ToolError::new("the text is too long for a QR code", "shorten it"))?;
    Ok(Block::Picture { name: "QR code".into(), svg: grid.svg(), text: grid.lines() })
}

fn grid(text: &str) -> Option<Grid> {
    let code = QrCode::new(text).ok()?;
    Some(Grid { size: code.width(), colors: code.to_colors() })
}

struct Grid {
    size: usize,
    colors: Vec<Color>,
}

impl Grid {
    /// Dark modules; outside of the code all is light.
    fn dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.size);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.colors.get(y * self.size + x) == Some(&Color::Dark),
            _ => false,
        }
    }

    fn side(&self) -> usize {
        self.size + 2 * QUIET
    }

    /// One path, with a run of modules as one rectangle. Light is drawn too, so that it can be read on a dark page.
    fn svg(&self) -> String {
        let side = self.side();
        let mut path = String::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let run = (x..side).take_while(|x| self.dark(*x, y)).count();
                if run > 0 {
                    path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
                }
                x += run.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
        )
    }

    /// Two rows in a line. Light modules are drawn, since most terminals are dark.
    fn lines(&self) -> String {
        let side = self.side();
        let line = |y: usize| {
            (0..side).map(move |x| match (self.dark(x, y), y + 1 < side && !self.dark(x, y + 1)) {
                (false, true) => '█',
                (false, false) => '▀',
                (true, true) => '▄',
                (true, false) => ' ',
            })
        };
        (0..side).step_by(2).map(|y| line(y).collect::<String>()).collect::<Vec<_>>().join("\n")
    }
}

/// Modules of light around the code.
const QUIET: usize = 4;
