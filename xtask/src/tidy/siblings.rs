//! A grant never imports a grant, a factor never a factor, a page never a page.

use super::tree::File;
use super::{Finding, House};
use crate::paths::{self, Named};

/// Paths from one module of a family to another. A file that begins with `// tidy: shared because …` is no member.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    FAMILIES.iter().flat_map(|family| check_family(house, family)).collect()
}

struct Family {
    folder: &'static str,
    module: &'static str,
    one: &'static str,
}

fn check_family(house: &House, family: &Family) -> Vec<Finding> {
    let members: Vec<(&File, String, usize)> = house
        .tree
        .files
        .iter()
        .filter_map(|file| member(file, family).map(|(name, depth)| (file, name, depth)))
        .collect();
    let shared = |name: &str| members.iter().any(|(file, of, _)| of == name && file.text.contains(SHARED));
    let mut findings = Vec::new();
    for (file, name, depth) in &members {
        let Some(rust) = &file.rust else { continue };
        for path in paths::named(&rust.code) {
            let Some(other) = target(&path, family, *depth) else { continue };
            let known = members.iter().any(|(_, of, _)| of == other);
            if known && other != name && !shared(other) && !shared(name) {
                let message =
                    format!("the {0} {name} imports the {0} {other}; what both need belongs above them", family.one);
                findings.push(Finding::new(&file.path, path.line, message));
            }
        }
    }
    findings
}

/// The member a file belongs to, and how many modules below the family's own it stands.
fn member(file: &File, family: &Family) -> Option<(String, usize)> {
    let rest = file.path.strip_prefix(family.folder)?.strip_suffix(".rs")?;
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        ["mod"] => None,
        [.., "mod"] => Some((parts[0].to_owned(), parts.len() - 1)),
        _ => Some((parts[0].to_owned(), parts.len())),
    }
}

/// The member a path leads to: `crate::grants::OTHER`, or as many `super` as lead up to the family.
fn target<'a>(path: &'a Named, family: &Family, depth: usize) -> Option<&'a str> {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    if let ["crate", module, other, ..] = segments.as_slice() {
        return (*module == family.module).then_some(other);
    }
    let ups = segments.iter().take_while(|segment| **segment == "super").count();
    // A nested `mod tests` stands one deeper, so one `super` more also leads out.
    (ups == depth || ups == depth + 1).then(|| segments.get(ups).copied()).flatten()
}

const SHARED: &str = "// tidy: shared because ";

const FAMILIES: &[Family] = &[
    Family { folder: "crates/idp/src/grants/", module: "grants", one: "grant" },
    Family { folder: "crates/idp/src/factors/", module: "factors", one: "factor" },
    Family { folder: "crates/web/src/pages/", module: "pages", one: "page" },
];
