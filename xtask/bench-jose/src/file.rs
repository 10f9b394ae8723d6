//! HMAC-SHA-256 of a large file: `vestibule hmac`, or jose's streaming MAC, against `openssl dgst`. Each is a process of
//! its own, started by turns; the file is read before, so that the disk has no part in it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use jose::alg::Hash;
use jose::provider;

use crate::measure::median;
use crate::options::Options;

/// What the two took.
#[derive(Clone, Debug)]
pub(crate) struct FileCase {
    pub(crate) bytes: u64,
    /// What was measured on our side.
    pub(crate) ours: &'static str,
    pub(crate) own: Took,
    pub(crate) openssl: Took,
}

/// Seconds of one run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    /// Processor time, the mean: the kernel counts it in hundredths.
    pub(crate) cpu: f64,
    /// On the wall, the median.
    pub(crate) wall: f64,
}

impl FileCase {
    /// OpenSSL's processor time divided by ours.
    pub(crate) fn share(&self) -> f64 {
        self.openssl.cpu / self.own.cpu
    }
}

/// Measures; nothing where there is no `openssl`.
pub(crate) fn measure(options: &Options) -> Result<Option<FileCase>> {
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        eprintln!("there is no openssl on the PATH; the HMAC of a file is left out");
        return Ok(None);
    }
    let folder = options.dir.clone().unwrap_or_else(std::env::temp_dir);
    let file = Large::new(&folder, options.file_bytes())?;
    let (mut own, mut openssl) = (Vec::new(), Vec::new());
    for _ in 0..if options.quick { 1 } else { ROUNDS } {
        let (took, tag) = run(&mut openssl_command(&file.path))?;
        let (own_took, own_tag) = run(&mut own_command(options, &file.path)?)?;
        let hex = tag.split(' ').next().unwrap_or_default();
        ensure!(hex.len() == 64 && own_tag.contains(hex), "openssl says {tag}, ours {own_tag}");
        openssl.push(took);
        own.push(own_took);
    }
    let ours = if options.vestibule.is_some() { "vestibule hmac" } else { "jose's streaming MAC" };
    Ok(Some(FileCase { bytes: options.file_bytes(), ours, own: Took::of(&own), openssl: Took::of(&openssl) }))
}

impl Took {
    fn of(runs: &[Took]) -> Self {
        let cpu = runs.iter().map(|run| run.cpu).sum::<f64>() / runs.len() as f64;
        Self { cpu, wall: median(&mut runs.iter().map(|run| run.wall).collect::<Vec<_>>()) }
    }
}

/// The child that stands for the command until it is there, and where it is not built.
pub(crate) fn hmac(path: &Path) -> Result<()> {
    let mut file = File::open(path)?;
    let mut mac = provider::aws_lc().mac(Hash::Sha256, KEY.as_bytes());
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => mac.update(&piece[..read]),
        }
    }
    println!("{}", mac.finish().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    Ok(())
}

fn openssl_command(file: &Path) -> Command {
    let mut command = Command::new("openssl");
    command.args(["dgst", "-sha256", "-r", "-hmac", KEY]).arg(file);
    command
}

fn own_command(options: &Options, file: &Path) -> Result<Command> {
    let mut command = match &options.vestibule {
        Some(vestibule) => {
            let mut command = Command::new(vestibule);
            command.args(["hmac", "sign", "--alg", "sha256", "--key", KEY, "--file"]);
            command
        }
        None => {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("hmac");
            command
        }
    };
    command.arg(file);
    Ok(command)
}

/// What it took, and its output.
fn run(command: &mut Command) -> Result<(Took, String)> {
    let (begun, before) = (Instant::now(), children_cpu()?);
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let took = Took { cpu: children_cpu()? - before, wall: begun.elapsed().as_secs_f64() };
    if !output.status.success() {
        bail!("{command:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok((took, String::from_utf8(output.stdout)?))
}

/// Seconds that ended children took: `cutime` and `cstime` of proc_pid_stat(5).
fn children_cpu() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("the program's name stands in brackets")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// A file of zeros that really takes its bytes, removed at the end.
struct Large {
    path: PathBuf,
}

impl Large {
    fn new(folder: &Path, bytes: u64) -> Result<Self> {
        let path = folder.join(format!("vestibule-bench-{}", std::process::id()));
        let mut file = File::create_new(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let large = Self { path };
        let piece = vec![0; 1 << 20];
        let mut left = bytes;
        while left > 0 {
            let now = left.min(piece.len() as u64);
            file.write_all(&piece[..now as usize])?;
            left -= now;
        }
        Ok(large)
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        // Where it cannot be removed, there is nobody to tell who could do more.
        _ = fs::remove_file(&self.path);
    }
}

const KEY: &str = "a key of thirty-two bytes, or so";
const ROUNDS: usize = 7;
