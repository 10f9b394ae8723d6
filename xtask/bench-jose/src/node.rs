//! panva/jose in Node: a child that works when it is told to and says what processor time it took, all its threads'.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::measure::Side;

/// The child; it ends with its standard input.
pub(crate) struct Node {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// One case in it.
struct InNode {
    node: Rc<RefCell<Node>>,
    case: Value,
}

impl Node {
    /// Starts it; `program` stands beside the package that npm brought.
    pub(crate) fn start(node: &Path, program: &Path) -> Result<Rc<RefCell<Self>>> {
        let mut command = Command::new(node);
        command.arg(program).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {}", node.display()))?;
        let input = child.stdin.take().context("the child's input")?;
        let output = BufReader::new(child.stdout.take().context("the child's output")?);
        Ok(Rc::new(RefCell::new(Self { child, input, output })))
    }

    /// A side that does what `case` says: see `node/bench.mjs`.
    pub(crate) fn side(node: &Rc<RefCell<Self>>, case: Value) -> Box<dyn Side> {
        Box::new(InNode { node: node.clone(), case })
    }

    fn ask(&mut self, message: &Value) -> Result<Value> {
        writeln!(self.input, "{message}")?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("node ended: {:?}", self.child.wait()?);
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Side for InNode {
    fn name(&self) -> &'static str {
        "panva/jose"
    }

    fn run(&mut self, times: u64) -> Result<Duration> {
        let mut message = self.case.clone();
        message["times"] = json!(times);
        let answer = self.node.borrow_mut().ask(&message)?;
        let micros = answer["micros"].as_f64().with_context(|| format!("node answered {answer}"))?;
        Ok(Duration::from_secs_f64(micros / 1e6))
    }

    /// Its clock is coarser, and waking it costs something.
    fn slice(&self) -> Duration {
        Duration::from_millis(10)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Nothing is left to be said to it, whether it is still there or not.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
