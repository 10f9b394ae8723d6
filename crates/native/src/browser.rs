//! The person's own browser (RFC 8252 §8.12: never one inside of the app).

use std::process::{Command, Stdio};

use crate::error::Error;

/// Opens an address where the person is at home.
///
/// ```
/// use vestibule_native::{Browser, Error};
///
/// /// Shows the address to whoever has no browser.
/// struct Shown;
///
/// impl Browser for Shown {
///     fn open(&self, address: &str) -> Result<(), Error> {
///         println!("open {address}");
///         Ok(())
///     }
/// }
/// # let _ = Shown.open("https://id.example.com");
/// ```
pub trait Browser: Send + Sync {
    /// Opens it, and does not wait.
    fn open(&self, address: &str) -> Result<(), Error>;
}

/// The browser that the system opens for addresses.
///
/// ```
/// use vestibule_native::{Browser as _, SystemBrowser};
///
/// // Nothing but addresses of the web is handed to the system.
/// assert!(SystemBrowser.open("file:///etc/passwd").is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, address: &str) -> Result<(), Error> {
        if !(address.starts_with("https://") || address.starts_with("http://")) {
            return Err(Error::Browser(std::io::Error::other("only addresses of the web are opened")));
        }
        let (program, before) = OPENER;
        let mut command = Command::new(program);
        command.args(before).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Error::Browser)?;
        // Somebody must hear of its end, or the system keeps it for ever.
        std::thread::spawn(move || child.wait());
        Ok(())
    }
}

#[cfg(target_os = "macos")]
const OPENER: (&str, &[&str]) = ("open", &[]);
#[cfg(target_os = "windows")]
const OPENER: (&str, &[&str]) = ("rundll32", &["url.dll,FileProtocolHandler"]);
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENER: (&str, &[&str]) = ("xdg-open", &[]);
