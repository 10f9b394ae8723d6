//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{self, Verdict};
use crate::config;

/// One entrance for all of an organisation's apps.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, subcommand_required = true)]
pub(crate) struct Cli {
    /// The configuration [default: VESTIBULE_CONFIG, else ./vestibule.toml where there is one]
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the provider and two sample apps, Photos and Drive, to try it with.
    #[command(after_help = "Example: vestibule demo --dir vestibule-demo")]
    Demo(commands::demo::Demo),
    /// Runs the provider until SIGTERM or Ctrl-C.
    #[command(after_help = "Example: vestibule serve --listen 127.0.0.1:8080 --data-dir vestibule-data")]
    Serve(Serve),
    /// Writes a configuration and prints the first administrator's one-time link.
    #[command(after_help = "Example: vestibule init /etc/vestibule --public-url https://id.example.com")]
    Init(commands::init::Init),
    /// Adds people and changes who may sign in.
    #[command(subcommand, after_help = "Example: vestibule user add ada@example.com --name 'Ada Lovelace'")]
    User(commands::user::Command),
    /// Registers apps and changes them.
    #[command(subcommand, after_help = "Example: vestibule client list")]
    Client(Box<commands::client::Command>),
    /// Adds groups of people and says who is in them.
    #[command(subcommand, after_help = "Example: vestibule group add-member staff ada@example.com")]
    Group(commands::group::Command),
    /// Says what is asked of the native apps of one developer that share a session.
    #[command(subcommand, after_help = "Example: vestibule app-group set acme --rotation on")]
    AppGroup(commands::app_group::Command),
    /// Lists, rotates, revokes and imports signing keys.
    #[command(subcommand, after_help = "Example: vestibule key list")]
    Key(commands::key::Command),
    /// The audit trail: what happened, to whom, when and from where.
    #[command(subcommand, after_help = "Example: vestibule audit list ada@example.com")]
    Audit(commands::audit::Command),
    /// Registers plain websites, which sign people in through a proxy, and says who may see them.
    #[command(subcommand, after_help = "Example: vestibule site add wiki.example.com")]
    Site(commands::site::Command),
    /// Lists and ends sessions.
    #[command(subcommand, after_help = "Example: vestibule session list")]
    Session(commands::session::Command),
    /// Looks at everything that `serve` rests on and says what to do; exits with 1 where something is wrong.
    #[command(after_help = "Example: vestibule doctor --config /etc/vestibule/vestibule.toml")]
    Doctor(commands::doctor::Doctor),
    /// Brings the schema up to date, as every start does.
    #[command(after_help = "Example: vestibule migrate --distribute | psql postgres://user:password@host/name")]
    Migrate(commands::migrate::Migrate),
    /// Checks, explains and shows the configuration.
    #[command(subcommand, after_help = "Example: vestibule config check")]
    Config(config::View),
    #[command(flatten)]
    Tool(commands::tools::Call),
    /// Writes the token tools' pages as static files, for any web server or none.
    #[command(after_help = "Example: vestibule tools --out tools")]
    Tools(commands::tools_folder::Tools),
    /// Prints completions for a shell.
    #[command(after_help = "Example: vestibule completions bash > /etc/bash_completion.d/vestibule")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page.
    #[command(after_help = "Example: vestibule man > /usr/local/share/man/man1/vestibule.1")]
    Man,
}

/// How `serve` runs, where it differs from the configuration.
#[derive(Debug, Args)]
struct Serve {
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// The issuer, as browsers and apps reach it; unset, it follows the listener.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Where database, keys and mail lie; made where it is missing.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
    /// sqlite:FILE (in the data directory) or postgres://user:password@host/name.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Cli {
    pub(crate) fn run(self) -> anyhow::Result<Verdict> {
        let file = self.config.as_deref();
        match self.command {
            Command::Serve(options) => crate::serve::run(&config::load(file, &options.overrides())?),
            Command::Demo(demo) => commands::demo::run(&demo),
            Command::Init(init) => commands::init::run(&init),
            Command::Doctor(doctor) => commands::doctor::run(&doctor, file),
            Command::Migrate(migrate) => commands::migrate::run(&migrate, file),
            Command::User(command) => commands::user::run(command, file),
            Command::Key(command) => commands::key::run(command, file),
            Command::Site(command) => commands::site::run(command, file),
            Command::Session(command) => commands::session::run(command, file),
            Command::Client(command) => commands::client::run(*command, file),
            Command::Audit(command) => commands::audit::run(command, file),
            Command::Group(command) => commands::group::run(command, file),
            Command::AppGroup(command) => commands::app_group::run(command, file),
            Command::Config(view) => config::run(view, file),
            Command::Tool(call) => commands::tools::run(&call),
            Command::Tools(tools) => commands::tools_folder::run(&tools),
            Command::Completions { shell } => commands::shell::completions(shell),
            Command::Man => commands::shell::man(),
        }
    }
}

impl Serve {
    fn overrides(self) -> [(&'static str, &'static str, Option<String>); 4] {
        [
            ("listen", "--listen", self.listen),
            ("public_url", "--public-url", self.public_url),
            ("data_dir", "--data-dir", self.data_dir),
            ("database.url", "--database", self.database),
        ]
    }
}
