//! The figures for programs.

use serde_json::{Map, Value, json};

use super::{FILE_BAR, Report, Row};

impl Report {
    /// All of it; times in the unit that the name says.
    pub(crate) fn json(&self) -> Value {
        let machine = &self.machine;
        json!({
            "machine": {
                "processor": machine.processor,
                "cores": machine.cores,
                "kernel": machine.kernel,
                "load_before": machine.load,
            },
            "cases": self.rows.iter().map(case).collect::<Vec<_>>(),
            "file": self.file.as_ref().map(|file| json!({
                "bytes": file.bytes,
                "ours": file.ours,
                "ours_cpu_s": file.own.cpu,
                "ours_wall_s": file.own.wall,
                "openssl_cpu_s": file.openssl.cpu,
                "openssl_wall_s": file.openssl.wall,
                "share": file.share(),
                "bar": FILE_BAR,
                "holds": file.share() >= FILE_BAR,
            })),
        })
    }
}

fn case(row: &Row) -> Value {
    let sides: Map<String, Value> = row
        .taken
        .iter()
        .map(|taken| (taken.name.to_owned(), json!({"us": taken.micros, "share": taken.share})))
        .collect();
    json!({"case": row.case, "bar": row.bar, "holds": row.holds(), "sides": sides})
}
