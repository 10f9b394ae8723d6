//! `jose`, `oidc` and `toolbox` contain no runtime, no clock and no I/O: `now` is an argument.

use super::table::PURE;
use super::{Finding, House};
use crate::paths;

/// Names that a pure crate does not speak, its tests apart (they read vectors from files).
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in house.tree.rust() {
        let pure = file.package().is_some_and(|package| PURE.contains(&package));
        if !pure || file.is_test() {
            continue;
        }
        for path in paths::named(&rust.code) {
            let forbidden = FORBIDDEN.iter().find(|(name, _)| path.contains(name));
            if let Some((name, what)) = forbidden.filter(|_| !rust.is_test(path.line)) {
                let package = file.package().unwrap_or_default();
                findings.push(Finding::new(&file.path, path.line, format!("`{name}` in {package}, which has {what}")));
            }
        }
    }
    findings
}

/// `std::net` is not banned whole: an address is a value, only a socket is I/O.
const FORBIDDEN: &[(&str, &str)] = &[
    ("tokio", "no runtime"),
    ("async", "nothing asynchronous"),
    ("await", "nothing asynchronous"),
    ("SystemTime", "no clock; take `now` as an argument"),
    ("Instant", "no clock; take `now` as an argument"),
    ("std::fs", "no I/O"),
    ("std::process", "no I/O"),
    ("std::thread", "no threads"),
    ("std::env", "no environment"),
    ("TcpStream", "no I/O"),
    ("TcpListener", "no I/O"),
    ("UdpSocket", "no I/O"),
    ("ToSocketAddrs", "no I/O"),
    ("io::stdin", "no I/O"),
    ("io::stdout", "no I/O"),
    ("io::stderr", "no I/O"),
];
