//! HTTP GET for the commands: bounded in size, time and redirects.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use url::Url;
use verify::fetch::{Fetch as _, FetchError, Fetcher, Reach, Request};

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Fetches a document that the operator names. From https no redirect leads to http.
pub(crate) async fn fetch(url: &str) -> anyhow::Result<Answer> {
    let mut at = Url::parse(url).with_context(|| format!("{url} is no URL; give https://…"))?;
    let fetcher = Fetcher::new(Reach::everywhere()).user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")));
    for _ in 0..=MOST_REDIRECTS {
        let answer = get(&fetcher, &at).await?;
        let location = answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value);
        let Some(location) = location.filter(|_| matches!(answer.status, 301 | 302 | 303 | 307 | 308)) else {
            return Ok(answer);
        };
        let next = at.join(location).with_context(|| format!("{at} leads to {location:?}; give another URL"))?;
        if at.scheme() == "https" && next.scheme() != "https" {
            bail!("{at} leads from https to {next}; give the URL itself if you trust it");
        }
        at = next;
    }
    bail!("{url} leads on more than {MOST_REDIRECTS} times; give the URL itself")
}

async fn get(fetcher: &Fetcher, at: &Url) -> anyhow::Result<Answer> {
    if !matches!(at.scheme(), "http" | "https") {
        bail!("cannot fetch {at}; only http and https are fetched");
    }
    let request = Request::get(at.as_str()).header("accept", "application/json").at_most(MOST_BYTES).within(LONGEST);
    let answer = fetcher.fetch(request).await.map_err(|error| match error {
        FetchError::TooSlow(limit) => anyhow!("{at} did not answer within {} s; try later", limit.as_secs()),
        FetchError::TooLong(limit) => {
            anyhow!("cannot fetch {at}; give a URL that answers, or a file: at most {} KiB are read", limit >> 10)
        }
        error => anyhow::Error::new(error).context(format!("cannot fetch {at}; give a URL that answers, or a file")),
    })?;
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = answer.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    Ok(Answer { status: answer.status, headers, body: answer.body })
}

const MOST_REDIRECTS: usize = 3;
/// For one answer, whole.
const LONGEST: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1 << 20;
