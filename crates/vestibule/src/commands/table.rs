//! Tables for people: columns as wide as their widest cell.

/// The lines of a table under its heads; blanks stand between columns, never at the end of a line.
pub(crate) fn lines<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = heads.map(|head| head.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let all = std::iter::once(heads.map(str::to_owned)).chain(rows.iter().cloned());
    let lines = all.map(|cells| {
        let cells = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text as it may stand in a line on a terminal: what comes from outside must not move its cursor.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["é".to_owned(), "b".to_owned()], ["long".to_owned(), String::new()]];
        assert_eq!(lines(["A", "B"], &rows), "A     B\né     b\nlong");
    }

    #[test]
    fn a_name_cannot_move_the_cursor() {
        assert_eq!(plain("a\u{1b}[2Jb\n"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
