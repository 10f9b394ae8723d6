//! What holds for every page, tried on one of each in every language.

use std::collections::BTreeSet;

use crate::look::{Brand, Locale};
use crate::{look, views};

#[path = "../../examples/preview/samples/mod.rs"]
mod samples;

use samples::{LONG, Names, ORDINARY};

const HOSTILE: Names = Names {
    app: "<script>alert(1)</script>\u{202e}\u{2069}\" onload='x",
    owner: "\"><img src=x onerror=alert(1)>",
    person: "' autofocus onfocus=alert(1) \u{2066}<b>",
    email: "\u{200f}\"><style>*{}</style>@example.com",
    other: "{ $app } {{ app }} &amp; <\u{0}/main>",
};

#[test]
fn a_hostile_name_is_only_ever_text() {
    for (name, html) in pages(&HOSTILE) {
        for bad in ["<script>", "<img src=x", "<style", "<b>", "</main></main>"] {
            assert!(!html.contains(bad), "{name} holds {bad}");
        }
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert_eq!(html.matches("</main>").count(), 1, "{name}");
        assert!(html.contains("{ $app }") || !html.contains("{{ app"), "{name}");
    }
}

#[test]
fn nothing_turns_the_direction_of_a_page() {
    let turning = ['\u{200e}', '\u{200f}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}'];
    for (name, html) in pages(&HOSTILE) {
        // What an app is to get back must arrive as it was; what is typed is
        // given back as it was typed. Both stand in `value` alone.
        let text = without_values(&html);
        assert!(!text.contains(turning), "{name}");
        let (open, close) = (html.matches('\u{2068}').count(), text.matches('\u{2069}').count());
        assert_eq!(open, close, "{name}: isolates are closed where they were opened");
    }
}

#[test]
fn isolation_marks_stay_out_of_attributes_and_titles() {
    for (name, html) in pages(&ORDINARY) {
        for tag in tags(&html) {
            assert!(!tag.contains(['\u{2068}', '\u{2069}']), "{name}: <{tag}>");
        }
        let title = html.split_once("<title>").unwrap().1.split_once('<').unwrap().0;
        assert!(!title.contains('\u{2068}'), "{name}: {title}");
        assert!(!title.contains(['{', '}']), "{name}: {title}");
    }
}

/// The Content-Security-Policy has no `unsafe-inline`.
#[test]
fn no_page_holds_a_style_or_a_script_of_its_own() {
    for names in [ORDINARY, HOSTILE] {
        for (name, html) in pages(&names).into_iter().chain(tool_pages()) {
            for tag in tags(&html) {
                let tag = without_strings(&tag);
                let mut words = tag.split_ascii_whitespace();
                match words.next().unwrap_or_default() {
                    "style" => panic!("{name}: <style>"),
                    "script" => assert!(tag.contains(" src="), "{name}: <{tag}>"),
                    _ => {}
                }
                for attribute in words {
                    let bad = attribute.starts_with("on") || attribute.starts_with("style");
                    assert!(!bad, "{name}: {attribute} in <{tag}>");
                }
            }
            assert!(!html.contains("javascript:"), "{name}");
        }
    }
}

/// CONTRACT §4: the main form of a step says which, and carries all it needs.
#[test]
fn every_form_says_its_step_and_carries_its_token() {
    for (name, html) in pages(&ORDINARY) {
        for form in html.split("<form").skip(1) {
            let form = form.split_once("</form>").expect("a form ends").0;
            assert!(form.contains("data-step=\""), "{name}");
            assert!(form.contains("method=\"post\""), "{name}");
            let ours = !form.contains("data-step=\"form_post\"");
            assert_eq!(form.contains("name=\"csrf\" value=\"c5rf\""), ours, "{name}");
            assert!(form.contains("<button"), "{name} works without JavaScript");
        }
    }
}

/// CONTRACT §4, row by row.
#[test]
fn the_steps_have_the_fields_and_buttons_of_the_contract() {
    let rows: [(&str, &str, &[&str]); 8] = [
        ("signin", "signin", &["name=\"username\"", "name=\"password\"", "value=\"signin\""]),
        ("signup", "signup", &["name=\"email\"", "name=\"name\"", "name=\"password\"", "value=\"signup\""]),
        (
            "account",
            "account",
            &["name=\"action\" value=\"choose\"", "name=\"session\" value=\"0123456789abcdef0123456789abcdef\""],
        ),
        ("account", "account-other", &["name=\"action\" value=\"other\""]),
        ("continue", "continue", &["value=\"continue\"", "value=\"switch\""]),
        (
            "consent",
            "consent",
            &[
                "name=\"scope\" value=\"phone\" checked",
                "name=\"scope\" value=\"offline_access\">",
                "value=\"allow\"",
                "value=\"deny\"",
            ],
        ),
        ("signout", "signout", &["value=\"signout\"", "value=\"stay\""]),
        ("account-home", "signout", &["value=\"signout\""]),
    ];
    for (wanted, step, parts) in rows {
        for (name, html) in pages(&ORDINARY).into_iter().filter(|(name, _)| *name == wanted) {
            let form = html.split_once(&format!("data-step=\"{step}\"")).unwrap().1;
            let form = form.split_once("</form>").unwrap().0;
            for part in parts {
                assert!(form.contains(part), "{name} lacks {part}");
            }
        }
    }
    for (_, html) in pages(&ORDINARY).into_iter().filter(|(name, _)| *name == "error") {
        assert!(html.contains("data-error=\"invalid_scope\""));
        assert!(html.contains("data-trace=\"4bf92f3577b34da6a3ce929d0e0e4736\""));
    }
}

#[test]
fn a_failed_sign_in_keeps_the_username_and_never_the_password() {
    for (_, html) in pages(&ORDINARY).into_iter().filter(|(name, _)| *name == "signin-failed") {
        assert!(html.contains("name=\"username\" type=\"text\" value=\"ada@example.com\""));
        for password in html.split("type=\"password\"").skip(1) {
            assert!(!password.split_once('>').unwrap().0.contains("value="));
        }
    }
}

/// WCAG 2.2: 1.3.1, 2.4.1, 2.4.2, 3.1.1, 3.3.1, 4.1.2, as far as markup shows.
#[test]
fn every_page_can_be_read_by_those_who_do_not_see_it() {
    for (name, html) in pages(&LONG).into_iter().chain(tool_pages()) {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert!(html.contains("href=\"#main\"") && html.contains("<main id=\"main\""), "{name}");
        let ids: Vec<&str> = values(&html, " id=\"");
        let unique: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        for (kind, list) in [("for", " for=\""), ("describedby", "describedby=\""), ("labelledby", "labelledby=\"")] {
            for id in values(&html, list).iter().flat_map(|ids| ids.split(' ')) {
                assert!(ids.contains(&id), "{name}: {kind} {id} leads nowhere");
            }
        }
        assert!(html.matches(" autofocus").count() <= 1, "{name}");
    }
}

#[test]
fn the_language_switch_keeps_the_flow() {
    let brand = Brand::default();
    let html = samples::home(samples::page(Locale::De, &brand));
    let flow = "00112233445566778899aabbccddeeff";
    assert!(html.contains("<html lang=\"de\" dir=\"ltr\">"));
    assert!(html.contains(&format!("href=\"?flow={flow}&#38;ui_locales=ar\" lang=\"ar\"")), "{html}");
    assert!(html.contains("<span aria-current=\"true\" lang=\"de\""));
    assert!(samples::home(samples::page(Locale::Ar, &brand)).contains("dir=\"rtl\""));
}

/// Keys as the sources name them: `say("…")`, `with("…")` and the like, and
/// those that a `match` gives.
#[test]
fn every_text_is_in_every_catalogue_and_every_text_is_used() {
    let used = keys_in_sources();
    assert!(used.len() > 100, "the search for keys finds them");
    for locale in Locale::ALL {
        for key in &used {
            assert!(locale.has(key), "{key} is not in {}", locale.tag());
        }
        for key in keys_in(locale) {
            // Those of mails are put together of kind and part; `crate::mails` holds them against the kinds.
            assert!(used.contains(key) || key.starts_with("mail-"), "{key} in {} is used nowhere", locale.tag());
        }
    }
}

#[test]
fn every_language_says_the_same_things_with_the_same_arguments() {
    let arguments = |locale: Locale| -> Vec<(String, BTreeSet<String>)> {
        let mut all: Vec<_> = messages(locale)
            .map(|(key, text)| {
                let names = text.split('$').skip(1);
                let end = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                (key.to_owned(), names.map(end).collect())
            })
            .collect();
        all.sort();
        all
    };
    let english = arguments(Locale::En);
    assert_eq!(english, arguments(Locale::De));
    assert_eq!(english, arguments(Locale::Ar));
}

fn pages(names: &Names) -> Vec<(&'static str, String)> {
    let brand = Brand::new(names.app);
    let mut pages = Vec::new();
    for locale in Locale::ALL {
        pages.extend(samples::all(locale, &brand, names));
    }
    assert!(pages.len() > 50);
    pages
}

/// The tools, in every language.
fn tool_pages() -> Vec<(&'static str, String)> {
    let brand = Brand::default();
    let module = crate::tools::Module { script: b"", packed: b"" };
    let mut pages = Vec::new();
    for file in crate::tools::files(&brand, module).into_iter().filter(|file| file.path.ends_with(".html")) {
        let name: &'static str = file.path.leak();
        pages.push((name, String::from_utf8(file.bytes.into_owned()).unwrap()));
    }
    pages
}

fn tags(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for rest in html.split('<').skip(1) {
        tags.push(rest.split_once('>').map_or(rest, |(tag, _)| tag).to_owned());
    }
    tags
}

fn without_strings(tag: &str) -> String {
    tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\" ")
}

fn without_values(html: &str) -> String {
    let mut parts = html.split(" value=\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once('"').expect("an attribute ends").1);
    }
    text
}

fn values<'a>(html: &'a str, before: &str) -> Vec<&'a str> {
    html.split(before).skip(1).map(|rest| rest.split_once('"').expect("an attribute ends").0).collect()
}

fn keys_in_sources() -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut keys = BTreeSet::new();
    for folder in ["templates", "templates/tools", "src/views", "src/views/tools", "src/look", "src/tools"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let of_mails = path.file_stem().is_some_and(|stem| stem == "mail");
            if path.ends_with("tests.rs") || of_mails || !path.is_file() {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            keys.extend(calls(source).chain(tables(source)));
        }
    }
    keys
}

fn calls(source: &str) -> impl Iterator<Item = String> {
    ["say(\"", "with(\"", "plain(\"", "count(\"", "format(\""]
        .into_iter()
        .flat_map(|call| source.split(call).skip(1))
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
}

/// Keys that stand in a table of a `match`: those with one of these beginnings.
fn tables(source: &str) -> impl Iterator<Item = String> {
    source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| {
            ["error-", "notice-", "scope-", "tools-", "mail-sent-", "prove-"]
                .iter()
                .any(|start| text.starts_with(start))
        })
        .map(str::to_owned)
}

fn keys_in(locale: Locale) -> impl Iterator<Item = &'static str> {
    messages(locale).map(|(key, _)| key)
}

fn messages(locale: Locale) -> impl Iterator<Item = (&'static str, String)> {
    let mut messages: Vec<(&str, String)> = Vec::new();
    for line in locale.source().lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(" = ") {
            Some((key, text)) if !line.starts_with([' ', '}']) => {
                messages.push((key, text.to_owned()));
            }
            _ => {
                if let Some((_, text)) = messages.last_mut() {
                    text.push_str(line);
                }
            }
        }
    }
    messages.into_iter()
}
