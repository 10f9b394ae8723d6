//! A rotation as a picture: which key signs and which is only published, and when that changes.
//!
//! Widths are percentages and there is no view box, so that the letters keep their size on a small screen. What differs in
//! kind differs in form too: a key that signs is a full bar, one that is only published a frame.

use crate::output::Block;

/// How long the two waits are, in seconds.
pub(super) struct Waits {
    pub(super) until_signing: i64,
    pub(super) until_removal: i64,
}

impl Waits {
    pub(super) fn draw(&self) -> Block {
        Block::Picture { name: "the rotation".into(), svg: self.svg(), text: self.lines() }
    }

    /// Where the next key begins to sign, in hundredths. The shorter wait keeps a width that can be seen.
    fn signs(&self) -> usize {
        let whole = self.until_signing.saturating_add(self.until_removal).max(1);
        let share = self.until_signing.saturating_mul(100) / whole;
        let between = (END - PUBLISHED) as i64;
        PUBLISHED + usize::try_from(share.clamp(22, 78) * between / 100).unwrap_or_default()
    }

    fn svg(&self) -> String {
        let signs = self.signs();
        let bar = |class: &str, from: usize, to: usize, y: usize| {
            format!("<rect class=\"{class}\" x=\"{from}%\" y=\"{y}\" width=\"{}%\" height=\"22\" rx=\"3\"/>", to - from)
        };
        let text = |class: &str, x: usize, y: usize, words: &str| {
            format!("<text class=\"{class}\" x=\"{x}%\" y=\"{y}\">{words}</text>")
        };
        let mark = |x: usize, name: usize| {
            format!(
                "<line class=\"when\" x1=\"{x}%\" x2=\"{x}%\" y1=\"10\" y2=\"126\"/>{}",
                text("mark", x, 144, &name.to_string())
            )
        };
        let parts = [
            mark(PUBLISHED, 1),
            mark(signs, 2),
            mark(END, 3),
            text("key", 0, 18, "old keys"),
            bar("signs", 0, signs, 26),
            bar("published", signs, END, 26),
            text("key", PUBLISHED, 78, "&#160;next key"),
            bar("published", PUBLISHED, signs, 86),
            bar("signs", signs, 100, 86),
        ];
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rotation\" width=\"100%\" height=\"150\">{}</svg>",
            parts.concat()
        )
    }

    fn lines(&self) -> String {
        let at = |hundredths: usize| hundredths * COLUMNS / 100;
        let (published, signs, end) = (at(PUBLISHED), at(self.signs()), at(END));
        let row = |name: &str, parts: &[(char, usize)]| {
            let bar: String = parts.iter().flat_map(|(letter, count)| std::iter::repeat_n(*letter, *count)).collect();
            format!("{name:9}{bar}")
        };
        [
            row("old keys", &[('█', signs), ('░', end - signs)]),
            row("next key", &[(' ', published), ('░', signs - published), ('█', COLUMNS - signs)]),
            row(
                "",
                &[(' ', published), ('1', 1), (' ', signs - published - 1), ('2', 1), (' ', end - signs - 1), ('3', 1)],
            ),
            row("", &[('█', 2)]) + " signs, " + "░░ is only published",
        ]
        .join("\n")
    }
}

/// Where the next key is published and where the old ones go, in hundredths of the width.
const PUBLISHED: usize = 14;
const END: usize = 88;
const COLUMNS: usize = 60;
