//! What people say of themselves: the standard claims (Core §5.1) that each may set, and what these may hold.

use serde_json::{Map, Value, json};
use url::Url;

use crate::Time;

/// A claim that a person sets themselves. The full name stands beside them: it is the account's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `given_name`.
    GivenName,
    /// `family_name`.
    FamilyName,
    /// `nickname`.
    Nickname,
    /// `birthdate`: `YYYY-MM-DD`, `0000-MM-DD` without the year, or the year alone.
    Birthdate,
    /// `website`: an http or https address.
    Website,
    /// `zoneinfo`: a name of the time zone database, as `Europe/Berlin`.
    Zoneinfo,
    /// `locale`: a language tag (BCP 47), in which pages speak too, where they can.
    Locale,
    /// `address`, of which people write `formatted` alone (Core §5.1.1).
    Address,
    /// `phone_number` in the form of E.164, which nobody has proven.
    PhoneNumber,
}

/// What was typed is none of what the claim may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit(pub Field);

impl Field {
    /// The claim's name.
    pub fn claim(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Nickname => "nickname",
            Self::Birthdate => "birthdate",
            Self::Website => "website",
            Self::Zoneinfo => "zoneinfo",
            Self::Locale => "locale",
            Self::Address => "address",
            Self::PhoneNumber => "phone_number",
        }
    }

    /// What a person sees of it, and may change; empty where nothing is known.
    pub fn shown(self, profile: &Map<String, Value>) -> String {
        let value = profile.get(self.claim());
        match self {
            Self::Address => value.and_then(Value::as_object).map(lines_of).unwrap_or_default(),
            _ => value.and_then(Value::as_str).unwrap_or_default().to_owned(),
        }
    }

    /// Puts what was typed into the profile; blanks around it do not count, and nothing takes the claim away. What is
    /// shown already stays as it is, whatever its form: an administrator may have set what people cannot.
    pub fn set(self, profile: &mut Map<String, Value>, typed: &str, now: Time) -> Result<(), Unfit> {
        // Browsers send the lines of a text with both signs (HTML, form submission).
        let typed = &*typed.trim().replace("\r\n", "\n");
        if typed == self.shown(profile) {
            return Ok(());
        }
        if typed.is_empty() {
            profile.remove(self.claim());
        } else {
            let value = self.read(typed, now).ok_or(Unfit(self))?;
            profile.insert(self.claim().to_owned(), value);
        }
        if self == Self::PhoneNumber {
            match typed.is_empty() {
                true => profile.remove(VERIFIED),
                false => profile.insert(VERIFIED.to_owned(), false.into()),
            };
        }
        Ok(())
    }

    fn read(self, typed: &str, now: Time) -> Option<Value> {
        match self {
            Self::GivenName | Self::FamilyName | Self::Nickname => line(typed, 128).map(Value::from),
            Self::Birthdate => birthdate(typed, now).then(|| typed.into()),
            Self::Website => website(typed).map(Value::from),
            Self::Zoneinfo => is_zone(typed).then(|| typed.into()),
            Self::Locale => is_tag(typed).then(|| typed.into()),
            Self::Address => lines(typed).map(|formatted| json!({ "formatted": formatted })),
            Self::PhoneNumber => phone_number(typed).map(Value::from),
        }
    }
}

/// How pages look for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the browser says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name; what follows the browser has none.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this name; any other name is the browser's.
    pub fn of_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// One line of so many characters, all of which can be seen and none of which turns the others around.
fn line(typed: &str, most: usize) -> Option<&str> {
    (typed.chars().take(most + 1).count() <= most && !typed.contains(is_unseen)).then_some(typed)
}

/// Lines as Core §5.1.1 wants them: each ends with one line feed but the last.
fn lines(typed: &str) -> Option<String> {
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let fit = lines.len() <= MOST_LINES && lines.iter().all(|text| line(text, 128).is_some());
    fit.then(|| lines.join("\n"))
}

/// An address as it would stand on a letter. One in parts is written from the street to the country.
fn lines_of(address: &Map<String, Value>) -> String {
    let part = |name: &str| address.get(name).and_then(Value::as_str).unwrap_or_default();
    if address.contains_key("formatted") {
        return part("formatted").replace("\r\n", "\n");
    }
    let parts = ["street_address", "postal_code", "locality", "region", "country"].map(part);
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Core §5.1: ISO 8601-1 `YYYY-MM-DD`, in which the year may be 0000, or `YYYY`; nobody was born tomorrow.
fn birthdate(typed: &str, now: Time) -> bool {
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| text.parse::<i64>().unwrap_or_default();
    let parts: Vec<&str> = typed.split('-').collect();
    match parts[..] {
        [year] => digits(year, 4) && (EARLIEST..=now.date().0).contains(&number(year)),
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            // A leap day is one, whatever the year that is not told.
            let told = number(year);
            let of = if told == 0 { 2000 } else { told };
            let born = jose::calendar::day(of, number(month), number(day));
            let today = now.seconds().div_euclid(86_400);
            born.is_some_and(|born| told == 0 || (told >= EARLIEST && born <= today))
        }
        _ => false,
    }
}

/// Without a name or password in it, with which it would lead elsewhere than it seems.
fn website(typed: &str) -> Option<String> {
    let url = Url::parse(line(typed, 512)?).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    plain.then(|| typed.to_owned())
}

/// The names of the time zone database have this form (its file `theory.html`): at most 14 letters and few signs in each
/// part.
fn is_zone(typed: &str) -> bool {
    let part = |part: &str| {
        let letters = part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b));
        (1..=14).contains(&part.len()) && letters
    };
    let parts: Vec<&str> = typed.split('/').collect();
    parts.len() <= 3 && parts.iter().all(|one| part(one)) && typed.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// BCP 47 (RFC 5646 §2.1), as far as its shape goes.
fn is_tag(typed: &str) -> bool {
    let mut parts = typed.split('-');
    let language = parts.next().unwrap_or_default();
    let is_language = (2..=8).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let mut others = parts.map(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    typed.len() <= 35 && is_language && others.all(|fits| fits)
}

/// E.164: a plus sign and at most fifteen digits, of which the first is not zero. The signs with which people part them are
/// left out.
fn phone_number(typed: &str) -> Option<String> {
    let number: String = line(typed, 40)?.chars().filter(|c| !" -./()\u{a0}\u{2011}".contains(*c)).collect();
    let digits = number.strip_prefix('+')?;
    let fits = (MIN_DIGITS..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    (fits && !digits.starts_with('0')).then_some(number)
}

fn is_unseen(c: char) -> bool {
    let turning = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turning || c == '\u{feff}'
}

const VERIFIED: &str = "phone_number_verified";
const MOST_LINES: usize = 8;
/// No country has fewer in an international number.
const MIN_DIGITS: usize = 7;
const EARLIEST: i64 = 1850;

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 November 2026.
    const NOW: Time = Time::from_seconds(1_793_610_000);

    fn read(field: Field, typed: &str) -> Option<Value> {
        let mut profile = Map::new();
        field.set(&mut profile, typed, NOW).ok()?;
        profile.remove(field.claim())
    }

    /// Core §5.1, E.164 and BCP 47, row by row.
    #[test]
    fn what_each_claim_may_hold() {
        let long = "x".repeat(129);
        for (field, typed, holds) in [
            (Field::GivenName, " Ada ", Some("Ada")),
            (Field::Nickname, "ندى", Some("ندى")),
            (Field::FamilyName, "Love\u{202e}lace", None),
            (Field::FamilyName, "Love\nlace", None),
            (Field::FamilyName, &long, None),
            (Field::Birthdate, "1815-12-10", None),
            (Field::Birthdate, "1990-12-10", Some("1990-12-10")),
            (Field::Birthdate, "0000-02-29", Some("0000-02-29")),
            (Field::Birthdate, "1990", Some("1990")),
            (Field::Birthdate, "2026-11-02", Some("2026-11-02")),
            (Field::Birthdate, "2026-11-03", None),
            (Field::Birthdate, "2027", None),
            (Field::Birthdate, "2025-02-29", None),
            (Field::Birthdate, "1990-1-1", None),
            (Field::Birthdate, "10.12.1990", None),
            (Field::Birthdate, "+990-12-10", None),
            (Field::Website, "https://example.com/~ada", Some("https://example.com/~ada")),
            (Field::Website, "javascript:alert(1)", None),
            (Field::Website, "https://bank.example@evil.example/", None),
            (Field::Website, "example.com", None),
            (Field::Zoneinfo, "Europe/Berlin", Some("Europe/Berlin")),
            (Field::Zoneinfo, "America/Argentina/Buenos_Aires", Some("America/Argentina/Buenos_Aires")),
            (Field::Zoneinfo, "Etc/GMT+5", Some("Etc/GMT+5")),
            (Field::Zoneinfo, "UTC", Some("UTC")),
            (Field::Zoneinfo, "../etc/passwd", None),
            (Field::Zoneinfo, "Europe//Berlin", None),
            (Field::Locale, "de-AT", Some("de-AT")),
            (Field::Locale, "zh-Hant-TW", Some("zh-Hant-TW")),
            (Field::Locale, "d", None),
            (Field::Locale, "de_AT", None),
            (Field::PhoneNumber, "+49 (30) 901820-0", Some("+49309018200")),
            (Field::PhoneNumber, "+1 650.253.0000", Some("+16502530000")),
            (Field::PhoneNumber, "030 901820", None),
            (Field::PhoneNumber, "+0309018200", None),
            (Field::PhoneNumber, "+123456", None),
            (Field::PhoneNumber, "+1234567890123456", None),
            (Field::PhoneNumber, "+49 30 12x4567", None),
        ] {
            assert_eq!(read(field, typed), holds.map(Value::from), "{field:?} {typed}");
        }
    }

    /// Core §5.1.1.
    #[test]
    fn an_address_is_lines() {
        let written = read(Field::Address, "12 St James's Square \r\n\r\nLondon\r\n");
        assert_eq!(written, Some(json!({ "formatted": "12 St James's Square\nLondon" })));
        assert_eq!(read(Field::Address, &"a\n".repeat(9)), None);
        let parts = json!({ "address": { "street_address": "1 Road", "locality": "York", "country": "UK" } });
        let mut profile = parts.as_object().cloned().expect("an object");
        assert_eq!(Field::Address.shown(&profile), "1 Road\nYork\nUK");
        // A form that sends it back as it was leaves its parts alone.
        Field::Address.set(&mut profile, "1 Road\r\nYork\r\nUK", NOW).expect("unchanged");
        assert_eq!(Value::Object(profile), parts);
    }

    #[test]
    fn a_number_is_never_proven_by_being_typed() {
        let mut profile = Map::new();
        for (typed, claims) in [
            ("+44 20 7946 0000", json!({ "phone_number": "+442079460000", "phone_number_verified": false })),
            ("", json!({})),
        ] {
            Field::PhoneNumber.set(&mut profile, typed, NOW).expect("fits");
            assert_eq!(Value::Object(profile.clone()), claims);
        }
        let proven = json!({ "phone_number": "+442079460000", "phone_number_verified": true });
        let mut profile = proven.as_object().cloned().expect("an object");
        Field::PhoneNumber.set(&mut profile, "+442079460000", NOW).expect("the same");
        assert_eq!(profile["phone_number_verified"], true, "what was proven stays so");
        Field::PhoneNumber.set(&mut profile, "+442079460001", NOW).expect("another");
        assert_eq!(profile["phone_number_verified"], false);
    }

    #[test]
    fn what_an_administrator_set_stays_until_it_is_changed() {
        let set = json!({ "zoneinfo": "Mars/Olympus Mons", "birthdate": "1815-12-10" });
        let mut profile = set.as_object().cloned().expect("an object");
        Field::Zoneinfo.set(&mut profile, "Mars/Olympus Mons", NOW).expect("unchanged");
        Field::Birthdate.set(&mut profile, "1815-12-10", NOW).expect("unchanged");
        assert_eq!(Value::Object(profile.clone()), set);
        Field::Birthdate.set(&mut profile, " ", NOW).expect("taken away");
        assert_eq!(profile.get("birthdate"), None);
    }

    #[test]
    fn themes_have_names() {
        for theme in Theme::ALL {
            assert_eq!(Theme::of_name(theme.name()), theme);
        }
        assert_eq!(Theme::of_name("neon"), Theme::System);
    }
}
