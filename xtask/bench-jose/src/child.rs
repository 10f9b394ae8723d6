//! A library in a process of its own, which works when it is told to and says what processor time it took: panva/jose in
//! Node, all its threads counted, and josekit, whose features would change jose if it were linked in beside it.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::measure::Side;

/// The process; it ends with its standard input.
pub(crate) struct Child {
    name: &'static str,
    process: process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// One case in it.
struct InChild {
    child: Rc<RefCell<Child>>,
    case: Value,
}

impl Child {
    /// Starts it; `name` is its column of the table.
    pub(crate) fn start(name: &'static str, program: &Path, argument: Option<&Path>) -> Result<Rc<RefCell<Self>>> {
        let mut command = Command::new(program);
        command.args(argument).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let input = process.stdin.take().context("the child's input")?;
        let output = BufReader::new(process.stdout.take().context("the child's output")?);
        Ok(Rc::new(RefCell::new(Self { name, process, input, output })))
    }

    /// A side that does what `case` says: see `node/bench.mjs`.
    pub(crate) fn side(child: &Rc<RefCell<Self>>, case: Value) -> Box<dyn Side> {
        Box::new(InChild { child: child.clone(), case })
    }

    fn ask(&mut self, message: &Value) -> Result<Value> {
        writeln!(self.input, "{message}")?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("{} ended: {:?}", self.name, self.process.wait()?);
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Side for InChild {
    fn name(&self) -> &'static str {
        self.child.borrow().name
    }

    fn run(&mut self, times: u64) -> Result<Duration> {
        let mut message = self.case.clone();
        message["times"] = json!(times);
        let mut child = self.child.borrow_mut();
        let answer = child.ask(&message)?;
        let micros = answer["micros"].as_f64().with_context(|| format!("{} answered {answer}", child.name))?;
        Ok(Duration::from_secs_f64(micros / 1e6))
    }

    /// Its clock may be coarser, and waking it costs something.
    fn slice(&self) -> Duration {
        Duration::from_millis(10)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Nothing is left to be said to it, whether it is still there or not.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
