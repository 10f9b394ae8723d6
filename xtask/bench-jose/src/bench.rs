//! One run from the keys to the table.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::cases::{self, Others};
use crate::child::Child;
use crate::file;
use crate::measure::turns;
use crate::options::Options;
use crate::report::{Report, Row, machine};

/// Measures what the options ask for.
pub(crate) fn run(options: &Options) -> Result<()> {
    let others = others(options)?;
    let (machine, mut rows) = (machine()?, Vec::new());
    for case in cases::all().iter().filter(|case| options.wants(&case.name)) {
        eprintln!("measuring {}", case.name);
        let mut sides = case.sides(&others).with_context(|| case.name.clone())?;
        let taken = turns(&mut sides, options.rounds()).with_context(|| case.name.clone())?;
        rows.push(Row { case: case.name.clone(), bar: case.bar, taken });
    }
    let file = match options.wants(FILE) {
        true => {
            eprintln!("measuring {FILE}");
            file::measure(options).context(FILE)?
        }
        false => None,
    };
    let report = Report { machine, rows, file };
    println!("{}", report.table());
    if let Some(svg) = &options.svg {
        fs::write(svg, report.svg()).with_context(|| svg.display().to_string())?;
    }
    if let Some(json) = &options.json {
        fs::write(json, format!("{:#}\n", report.json())).with_context(|| json.display().to_string())?;
    }
    Ok(())
}

/// One side of one case, for a profiler.
pub(crate) fn repeat(name: &str, side: &str, times: u64) -> Result<()> {
    let cases = cases::all();
    let Some(case) = cases.iter().find(|case| case.name == name) else {
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        bail!("there is no case «{name}», but: {}", names.join(", "));
    };
    let mut sides = case.sides(&Others::default())?;
    let side = sides.iter_mut().find(|own| own.name() == side).with_context(|| format!("no side «{side}»"))?;
    println!("{:?} for each of {times}", side.run(times)? / u32::try_from(times)?.max(1));
    Ok(())
}

fn others(options: &Options) -> Result<Others> {
    let mut others = Others::default();
    match &options.josekit {
        Some(program) => others.josekit = Some(Child::start("josekit", program, None)?),
        None => eprintln!("josekit is left out"),
    }
    match &options.node {
        Some(node) => {
            let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/bench.mjs");
            others.panva = Some(Child::start("panva/jose", node, Some(&program))?);
        }
        None => eprintln!("panva/jose is left out"),
    }
    Ok(others)
}

const FILE: &str = "HMAC of a file";
