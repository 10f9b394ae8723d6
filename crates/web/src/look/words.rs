//! The words that are tried first, as a module for the browser: `strength.js` loads it where a password is chosen.

use idp::people::common_words;

/// Each word is written as how many letters it shares with the one before, nine at most, and the rest.
pub(super) fn module() -> Vec<u8> {
    let mut text = "export default \"".to_owned();
    let mut before = "";
    for word in common_words() {
        let shared = word.bytes().zip(before.bytes()).take(9).take_while(|(one, other)| one == other).count();
        text.push_str(&shared.to_string());
        text.push_str(&word[shared..]);
        before = word;
    }
    text.push_str("\";\n");
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_unfolds_to_the_words() {
        let module = String::from_utf8(module()).unwrap();
        let text = module.strip_prefix("export default \"").and_then(|rest| rest.strip_suffix("\";\n")).unwrap();
        assert!(text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "nothing to escape");
        assert!(module.len() < 80 * 1024, "{}", module.len());
        let (mut word, mut words) = (String::new(), Vec::new());
        for letter in text.chars() {
            match letter.to_digit(10) {
                Some(shared) => {
                    words.push(word.clone());
                    word.truncate(shared as usize);
                }
                None => word.push(letter),
            }
        }
        words.push(word);
        assert_eq!(words[1..], *common_words().collect::<Vec<_>>());
    }
}
