//! The table on the terminal; with `|` between its columns it is Markdown too.

use super::{Report, Row, Side, number};

impl Report {
    /// The whole text.
    pub(crate) fn table(&self) -> String {
        let (machine, limits) = (&self.machine, &self.limits);
        let per_second = |micros: f64| number(1e6 / micros);
        let mut text = format!(
            "{} cores of {}, {}, database on {}; load average before: {}\n\n\
             Limits: ES256 {} signatures/s and {} verifications/s per core; \
             Argon2id {}/s per core alone, {}/s with all cores busy;\n\
             SQLite, durable: {} commits/s one by one, {} transactions/s in groups of {}\n\n",
            machine.cores,
            machine.processor,
            machine.kernel,
            machine.disk,
            machine.load,
            per_second(limits.sign),
            per_second(limits.verify),
            per_second(limits.argon2_alone),
            per_second(limits.argon2_together),
            per_second(limits.commit),
            per_second(limits.commit_in_group),
            crate::limits::GROUP,
        );
        if !self.rows.is_empty() {
            let mut lines = vec![HEAD.map(str::to_owned)];
            lines.extend(self.rows.iter().map(columns));
            text.push_str(&aligned(&lines));
        }
        for row in &self.rows {
            text.push_str(&format!("\n{} ({}): {}", row.case, row.what, row.note));
        }
        text.push_str(&super::timing::table(&self.timings));
        text.push_str(&super::parts::table(&self.parts));
        text
    }
}

const COLUMNS: usize = 9;
const HEAD: [&str; COLUMNS] =
    ["case", "figure", "measured", "bar", "", "requests/s", "server CPU", "/ limit", "generator CPU, p99"];

fn columns(row: &Row) -> [String; COLUMNS] {
    let unit = row.bar.unit;
    let side = if row.bar.side == Side::AtMost { "≤" } else { "≥" };
    let load = |show: &dyn Fn(super::Loaded) -> String| row.load.map_or_else(String::new, show);
    [
        row.case.to_owned(),
        row.what.to_owned(),
        format!("{}{unit}", number(row.value)),
        format!("{side} {}{unit}", number(row.bar.value)),
        verdict(row),
        load(&|load| number(load.rate)),
        load(&|load| format!("{} µs", number(load.cost))),
        load(&|load| format!("{:.2} × {} µs", load.cost / load.limit, number(load.limit))),
        load(&|load| format!("{:.1} µs, {:.1} ms", load.generator, load.p99)),
    ]
}

fn verdict(row: &Row) -> String {
    let taken = row.taken();
    if row.holds() {
        return format!("✓ {:.0} % to spare", (1.0 - taken) * 100.0);
    }
    match row.bar.side {
        Side::AtMost => format!("✗ {:.0} % above", (taken - 1.0) * 100.0),
        Side::AtLeast => format!("✗ {:.0} % short", (1.0 - 1.0 / taken) * 100.0),
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
            let cell = if column < 2 || column == 4 { format!("{cell}{padding}") } else { format!("{padding}{cell}") };
            text.push_str(&format!("| {cell} "));
        }
        text.push_str("|\n");
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                let (dashes, colon) = ("-".repeat(width + 1), if column < 2 || column == 4 { '-' } else { ':' });
                text.push_str(&format!("|{dashes}{colon}"));
            }
            text.push_str("|\n");
        }
    }
    text
}
