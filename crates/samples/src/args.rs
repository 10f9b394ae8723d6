//! The command line. Secrets come from the environment, since arguments can be read by every user of a machine.

use std::net::SocketAddr;

use clap::Parser;
use url::Url;

/// Photos and Drive, two relying parties to try a provider with.
///
/// Example: vestibule-samples --issuer http://localhost:8080 --photos-client-id photos --drive-client-id drive
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "The client secrets are read from VESTIBULE_SAMPLES_PHOTOS_SECRET and VESTIBULE_SAMPLES_DRIVE_SECRET."
)]
pub(crate) struct Args {
    /// The provider's issuer identifier
    #[arg(long, default_value = "http://localhost:8080")]
    pub(crate) issuer: Url,
    /// Where Photos listens; port 0 picks one
    #[arg(long, default_value = "127.0.0.1:8081")]
    photos_listen: SocketAddr,
    /// Where browsers find Photos; without it, the address it listens on
    #[arg(long)]
    photos_url: Option<Url>,
    /// The client identifier of Photos
    #[arg(long)]
    photos_client_id: String,
    /// Where Drive listens; port 0 picks one
    #[arg(long, default_value = "127.0.0.1:8082")]
    drive_listen: SocketAddr,
    /// Where browsers find Drive; without it, the address it listens on
    #[arg(long)]
    drive_url: Option<Url>,
    /// The client identifier of Drive
    #[arg(long)]
    drive_client_id: String,
    /// End when standard input is closed: with the process that started this one, however that ended
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,
}

/// What one of the two apps is started with.
pub(crate) struct AppArgs {
    pub(crate) listen: SocketAddr,
    pub(crate) url: Option<Url>,
    pub(crate) client_id: String,
    pub(crate) secret_variable: &'static str,
}

impl Args {
    pub(crate) fn photos(&self) -> AppArgs {
        AppArgs {
            listen: self.photos_listen,
            url: self.photos_url.clone(),
            client_id: self.photos_client_id.clone(),
            secret_variable: "VESTIBULE_SAMPLES_PHOTOS_SECRET",
        }
    }

    pub(crate) fn drive(&self) -> AppArgs {
        AppArgs {
            listen: self.drive_listen,
            url: self.drive_url.clone(),
            client_id: self.drive_client_id.clone(),
            secret_variable: "VESTIBULE_SAMPLES_DRIVE_SECRET",
        }
    }
}
