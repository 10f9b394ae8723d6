//! The commented `vestibule.toml` that `init` writes, from the table of keys.

use std::fmt::Write;

use super::keys::{KEYS, Key};
use super::show::spelled;

/// Every key with what it is for; those in `given` are set, all others stand at their default behind a `#`.
pub(crate) fn commented(given: &[(&str, &str)]) -> String {
    let mut text = HEAD.to_owned();
    let mut section = "";
    for key in KEYS {
        let (of, name) = key.path.split_once('.').unwrap_or(("", key.path));
        if of != section {
            section = of;
            line(&mut text, format_args!("\n[{section}]"));
        }
        let value = given.iter().find(|(path, _)| *path == key.path).map(|(_, value)| *value);
        line(&mut text, format_args!("# {}", key.doc));
        match value {
            Some(value) => line(&mut text, format_args!("{name} = {}", spelled(key, value))),
            None => line(&mut text, format_args!("#{name} = {}", spelled(key, usual(key)))),
        }
    }
    text
}

/// The default, or an example where there is none.
fn usual(key: &Key) -> &str {
    key.default.unwrap_or_else(|| key.kind.example())
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    writeln!(text, "{arguments}").expect("a String takes every write");
}

const HEAD: &str = "# The configuration of Vestibule. A line behind a # without a blank shows a key's default, or an example where it has
# none: take the # away to change it. Each key is also an environment variable: VESTIBULE_SECTION_KEY.

";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Settings;
    use crate::config::file;

    #[test]
    fn every_line_is_a_key_that_is_accepted() {
        let text = commented(&[("public_url", "https://id.example.org")]);
        assert!(text.contains("\npublic_url = \"https://id.example.org\"\n"), "{text}");
        let active: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let mut settings = Settings::default();
        file::read(&active, Path::new("vestibule.toml"), &mut settings).expect("accepted");
        settings.check_together().expect("they fit together");
        for key in KEYS {
            assert!(matches!(settings.origin(key.path), crate::config::Origin::File(..)), "{}", key.path);
        }
    }
}
