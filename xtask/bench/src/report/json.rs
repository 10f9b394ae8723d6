//! The figures for programs.

use serde_json::{Value, json};

use super::{Report, Row, Side};

impl Report {
    /// All of it; times in the unit that the name says.
    pub(crate) fn json(&self) -> Value {
        let (machine, limits) = (&self.machine, &self.limits);
        json!({
            "machine": {
                "processor": machine.processor,
                "cores": machine.cores,
                "kernel": machine.kernel,
                "disk": machine.disk,
                "load_before": machine.load,
            },
            "limits_us": {
                "es256_sign": limits.sign,
                "es256_verify": limits.verify,
                "argon2id_alone": limits.argon2_alone,
                "argon2id_together": limits.argon2_together,
                "sqlite_commit": limits.commit,
                "sqlite_commit_in_group": limits.commit_in_group,
            },
            "figures": self.rows.iter().map(figure).collect::<Vec<_>>(),
            "timings": self.timings.iter().map(super::Timing::json).collect::<Vec<_>>(),
            "parts": self.parts.iter().map(super::Parts::json).collect::<Vec<_>>(),
        })
    }
}

fn figure(row: &Row) -> Value {
    let load = row.load.map(|load| {
        json!({
            "requests_per_second": load.rate,
            "server_us": load.cost,
            "limit_us": load.limit,
            "generator_us": load.generator,
            "p99_ms": load.p99,
        })
    });
    json!({
        "case": row.case,
        "figure": row.what,
        "measured": row.value,
        "unit": row.bar.unit.trim(),
        "bar": row.bar.value,
        "side": if row.bar.side == Side::AtMost { "at most" } else { "at least" },
        "holds": row.holds(),
        "load": load,
        "note": row.note,
    })
}
