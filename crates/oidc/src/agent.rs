//! What a browser says of itself (RFC 9110 §10.1.5), and where an address is, in as few words as people need to know a
//! device of theirs again. Neither proves anything.

use std::net::IpAddr;

/// A browser and the system that it runs on, by the names under which people know them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The browser.
    pub browser: Option<&'static str>,
    /// The system.
    pub system: Option<&'static str>,
}

/// Reads a `User-Agent`. Each browser names those that it wants to be taken for, so that the rarer name is looked for
/// first.
pub fn device(agent: &str) -> Device {
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    Device { browser: first(BROWSERS), system: first(SYSTEMS) }
}

/// The range in which an address lies: enough to tell home from abroad, too little to find a house. `None` for what is no
/// address.
pub fn place(address: &str) -> Option<String> {
    Some(match address.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.x")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:x")
        }
    })
}

const BROWSERS: &[(&str, &str)] = &[
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_say_of_themselves() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, browser, system) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
            (
                &format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/141.0 Safari/537.36"),
                "Chrome",
                "Windows",
            ),
            (
                &format!("Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/141.0 Safari/537.36 Edg/141.0"),
                "Edge",
                "Windows",
            ),
            (
                &format!("Mozilla/5.0 (Linux; Android 15; K) {webkit} Chrome/141.0 Mobile Safari/537.36"),
                "Chrome",
                "Android",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 15) {webkit} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36"
                ),
                "Samsung Internet",
                "Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 \
                 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1",
                "Safari",
                "macOS",
            ),
            (
                &format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {webkit} Chrome/141.0 Safari/537.36"),
                "Chrome",
                "ChromeOS",
            ),
        ] {
            assert_eq!(device(agent), Device { browser: Some(browser), system: Some(system) }, "{agent}");
        }
        for agent in ["", "a client of nobody's/1.0", "<script>"] {
            assert_eq!(device(agent), Device::default(), "{agent}");
        }
    }

    #[test]
    fn an_address_is_a_range() {
        for (address, range) in [
            ("192.0.2.77", Some("192.0.2.x")),
            ("::ffff:192.0.2.77", Some("192.0.2.x")),
            ("2001:db8:1:2:3:4:5:6", Some("2001:db8:1:x")),
            ("nowhere", None),
        ] {
            assert_eq!(place(address).as_deref(), range, "{address}");
        }
    }
}
