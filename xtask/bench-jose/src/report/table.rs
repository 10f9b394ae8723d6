//! The table on the terminal, which is Markdown too.

use super::{FILE_BAR, OTHERS, Report, Row};

impl Report {
    /// The whole text.
    pub(crate) fn table(&self) -> String {
        let machine = &self.machine;
        let mut lines = vec![HEAD.map(str::to_owned)];
        lines.extend(self.rows.iter().map(columns));
        let mut text = format!(
            "{} cores of {}, {}; load average before: {}\n\n{}",
            machine.cores,
            machine.processor,
            machine.kernel,
            machine.load,
            aligned(&lines)
        );
        if let Some(file) = &self.file {
            text.push_str(&format!(
                "\nHMAC-SHA-256 of a file of {} MiB, processor time: openssl dgst {:.3} s, {} {:.3} s: {:.2} × its speed \
                 (at least {FILE_BAR:.2}) {}; on the wall {:.3} s and {:.3} s\n",
                file.bytes >> 20,
                file.openssl.cpu,
                file.ours,
                file.own.cpu,
                file.share(),
                mark(file.share() >= FILE_BAR),
                file.openssl.wall,
                file.own.wall,
            ));
        }
        text
    }
}

const COLUMNS: usize = 8;
const HEAD: [&str; COLUMNS] = ["case", "raw", "jose", "share", "bar", OTHERS[0], OTHERS[1], OTHERS[2]];

fn columns(row: &Row) -> [String; COLUMNS] {
    let micros = |side: &str| row.of(side).map_or_else(String::new, |taken| format!("{} µs", digits(taken.micros)));
    let other = |side: &str| row.of(side).map_or_else(String::new, |taken| format!("{:.3}", taken.share));
    let bar = row.bar.map_or_else(String::new, |bar| format!("≥ {bar:.2} {}", mark(row.share() >= bar)));
    let [first, second, third] = OTHERS.map(other);
    [row.case.clone(), micros("raw"), micros("jose"), format!("{:.3}", row.share()), bar, first, second, third]
}

fn mark(holds: bool) -> &'static str {
    if holds { "✓" } else { "✗" }
}

/// Three digits that count.
fn digits(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn aligned(lines: &[[String; COLUMNS]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            // Names stand left, figures right.
            let padding = " ".repeat(width - cell.chars().count());
            let cell = if column == 0 { format!("{cell}{padding}") } else { format!("{padding}{cell}") };
            text.push_str(&format!("| {cell} "));
        }
        text.push_str("|\n");
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                let (dashes, colon) = ("-".repeat(width + 1), if column == 0 { '-' } else { ':' });
                text.push_str(&format!("|{dashes}{colon}"));
            }
            text.push_str("|\n");
        }
    }
    text
}
