//! The languages' catalogues have the same keys, so that no page falls back to another language in the middle.

use super::{Finding, House};
use std::collections::{BTreeMap, BTreeSet};

/// Keys that one language has and another lacks, by `crates/web/locales/LANGUAGE/FILE.ftl`.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut languages: BTreeMap<&str, BTreeMap<String, (&str, usize)>> = BTreeMap::new();
    for file in &house.tree.files {
        let Some(rest) = file.path.strip_prefix(FOLDER) else { continue };
        let Some((language, name)) = rest.split_once('/').filter(|(_, name)| name.ends_with(".ftl")) else { continue };
        let keys = languages.entry(language).or_default();
        for (line, key) in keys_of(&file.text) {
            keys.insert(format!("{name}: {key}"), (&file.path, line));
        }
    }
    let all: BTreeSet<&String> = languages.values().flat_map(BTreeMap::keys).collect();
    let mut findings = Vec::new();
    for (language, keys) in &languages {
        for key in all.iter().filter(|key| !keys.contains_key(**key)) {
            let (file, line) = languages.values().find_map(|keys| keys.get(*key)).copied().unwrap_or((FOLDER, 1));
            findings.push(Finding::new(file, line, format!("«{key}» is missing in {language}")));
        }
    }
    findings
}

/// Messages, terms and attributes with their lines.
fn keys_of(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut message = String::new();
    for (index, line) in text.lines().enumerate() {
        let indented = line.starts_with([' ', '\t']);
        let trimmed = line.trim_start();
        let Some((key, _)) = trimmed.split_once('=') else { continue };
        let key = key.trim_end();
        let name = key.trim_start_matches(['-', '.']);
        let valid = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !indented && valid && !key.starts_with('.') {
            message = key.to_owned();
            found.push((index + 1, message.clone()));
        } else if indented && valid && key.starts_with('.') {
            found.push((index + 1, format!("{message}{key}")));
        }
    }
    found
}

const FOLDER: &str = "crates/web/locales/";

#[cfg(test)]
mod tests {
    use super::keys_of;

    #[test]
    fn messages_terms_and_attributes_are_keys() {
        let text = "# a = b\nhello = Hi\n    there = not a key\n    .title = T\n-brand = V\nmany = { $n ->\n    [one] x=1\n   *[other] y\n }\n";
        let keys: Vec<String> = keys_of(text).into_iter().map(|(line, key)| format!("{line} {key}")).collect();
        assert_eq!(keys, ["2 hello", "4 hello.title", "5 -brand", "6 many"]);
    }
}
