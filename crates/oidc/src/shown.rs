//! Texts that people and apps chose for themselves, made safe to show.

/// What is shown of a text that somebody else chose.
///
/// Control characters and the marks that turn the direction of what follows
/// (UAX #9 §2) are left out: with them a name could rearrange the sentence
/// around it. Escaping for HTML is the template's work, not done here.
pub fn shown(text: &str) -> String {
    text.chars().filter(|&c| !disturbs(c)).collect()
}

fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_direction_and_controls_are_left_out() {
        assert_eq!(shown("Ada\u{202e}gnp.exe\u{2069}\u{0}\n"), "Adagnp.exe");
        assert_eq!(shown("ندى <Ada>"), "ندى <Ada>");
    }
}
