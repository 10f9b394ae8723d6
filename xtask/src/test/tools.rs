//! The programs the tests need besides cargo: found, installed where they can be, and named for the tests.

use super::postgres::Postgres;
use super::{debian, kotlin, node, python};
use crate::command::{Run, which};
use crate::project::Project;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

/// Where the programs are.
pub(crate) struct Tools {
    /// Node 22 or newer.
    pub(crate) node: PathBuf,
    /// Python with the packages of `tests/clients/requirements.txt`, Traefik among them.
    pub(crate) python: PathBuf,
    /// Chromium, Google's build included.
    chromium: PathBuf,
    nginx: PathBuf,
    caddy: PathBuf,
    traefik: PathBuf,
}

impl Tools {
    /// Installs what is missing, then finds everything.
    pub(crate) fn install(project: &Project) -> Result<Tools> {
        components(project)?;
        debian::install_missing()?;
        node::install(project)?;
        python::install(project)?;
        kotlin::install(project)?;
        Tools::find(project)
    }

    /// Finds everything without installing.
    pub(crate) fn find(project: &Project) -> Result<Tools> {
        let again = "run `cargo xtask test --only setup`";
        Ok(Tools {
            node: node::find(project).context(again)?,
            python: python::find(project).context(again)?,
            chromium: which(debian::CHROMIUM).with_context(|| format!("Chromium is missing; {again}"))?,
            nginx: which(&["nginx"]).with_context(|| format!("nginx is missing; {again}"))?,
            caddy: which(&["caddy"]).with_context(|| format!("Caddy is missing; {again}"))?,
            traefik: python::program(project, "traefik").context(again)?,
        })
    }

    /// The variables that tell the tests outside cargo what to use.
    pub(crate) fn environment(&self, project: &Project) -> Vec<(String, String)> {
        // Whatever a test starts by the name `node` is the same Node.
        let mut path: Vec<PathBuf> = self.node.parent().map(PathBuf::from).into_iter().collect();
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let path = std::env::join_paths(path).unwrap_or_default();
        let named = [
            ("VESTIBULE_BIN", project.release("vestibule")),
            ("VESTIBULE_SAMPLES_BIN", project.release("vestibule-samples")),
            ("VESTIBULE_VERIFY_API", project.example("verify-api")),
            ("CHROMIUM", self.chromium.clone()),
            ("NGINX", self.nginx.clone()),
            ("CADDY", self.caddy.clone()),
            ("TRAEFIK", self.traefik.clone()),
            ("PYTHON", self.python.clone()),
            ("PATH", path.into()),
            // Nothing is left beside the sources.
            ("PYTHONDONTWRITEBYTECODE", "1".into()),
        ];
        named.into_iter().map(|(name, value)| (name.to_owned(), value.to_string_lossy().into_owned())).collect()
    }
}

impl std::fmt::Display for Tools {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "node       {}", self.node.display())?;
        writeln!(f, "python     {}", self.python.display())?;
        writeln!(f, "chromium   {}", self.chromium.display())?;
        writeln!(f, "nginx      {}", self.nginx.display())?;
        writeln!(f, "caddy      {}", self.caddy.display())?;
        writeln!(f, "traefik    {}", self.traefik.display())?;
        write!(f, "postgresql {}", Postgres::binaries().unwrap_or_default().display())
    }
}

/// rustfmt and clippy are not part of a minimal toolchain.
fn components(project: &Project) -> Result<()> {
    for (component, command) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !Run::cargo(&project.root, &[command, "--version"]).succeeds() {
            println!("setup: {component} is missing; adding it to the toolchain");
            Run::new(&project.root, "rustup", &["component", "add", component]).loudly()?;
        }
    }
    Ok(())
}
