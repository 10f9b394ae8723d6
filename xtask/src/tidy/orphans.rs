//! A file of tests that no module names is never compiled: its tests would hold nothing, and nobody would see it.

use super::{Finding, House};

/// Each file below `tests/it` is declared by the file above it.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, _) in house.tree.rust() {
        let Some((module, folder)) = place(&file.path) else { continue };
        let above = ["/main.rs", "/mod.rs", ".rs"].map(|end| format!("{folder}{end}"));
        let mut above = above.iter().filter_map(|path| house.tree.get(path));
        if !above.any(|above| above.text.lines().any(|line| declares(line, module))) {
            findings.push(Finding::new(&file.path, 1, format!("no module is called {module}: nothing here runs")));
        }
    }
    findings
}

/// The module that a file holds, and the folder whose file declares it; `None` where cargo finds it by itself.
fn place(path: &str) -> Option<(&str, &str)> {
    let (folder, name) = path.strip_suffix(".rs")?.rsplit_once('/')?;
    match name {
        _ if !path.contains("/tests/it/") => None,
        "main" => None,
        "mod" => folder.rsplit_once('/').map(|(above, name)| (name, above)),
        _ => Some((name, folder)),
    }
}

fn declares(line: &str, module: &str) -> bool {
    let declared = line.trim().strip_suffix(';').and_then(|line| line.rsplit_once("mod "));
    declared.is_some_and(|(before, name)| name == module && !before.starts_with("//"))
}
