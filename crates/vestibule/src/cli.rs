//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// One entrance for all of an organisation's apps.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the provider until SIGTERM or Ctrl-C.
    #[command(after_help = "Example: vestibule serve --listen 127.0.0.1:8080 --data-dir vestibule-data")]
    Serve(Serve),
}

/// How `serve` runs.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, env = "VESTIBULE_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Where the database lies; made where it is missing.
    #[arg(long, env = "VESTIBULE_DATA_DIR", default_value = "vestibule-data")]
    pub(crate) data_dir: PathBuf,
    /// The database: sqlite:FILE (relative to the data directory) or postgres://user:password@host/name.
    #[arg(long, env = "VESTIBULE_DATABASE_URL", default_value = "sqlite:vestibule.db", hide_env_values = true)]
    pub(crate) database: String,
}

impl Cli {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(options) => crate::serve::run(&options),
        }
    }
}
