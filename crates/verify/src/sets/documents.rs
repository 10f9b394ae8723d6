//! Documents at others' addresses, as they came: what they say is their reader's matter.

use std::sync::Arc;

use jose::remote::Wish;

use super::many::Many;
use super::shared::{Counts, Shared, Unavailable};
use crate::clock::Clock;
use crate::fetch::Fetch;

/// The documents at many addresses, such as those that a provider's clients name; kept and asked for as key sets are.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::clock::System;
/// use vestibule_verify::fetch::{Fetcher, Reach};
/// use vestibule_verify::sets::Documents;
///
/// let documents = Documents::new(Arc::new(Fetcher::new(Reach::public())), Arc::new(System));
/// assert_eq!(documents.at("https://app.example/sector.json").counts().fetched, 0);
/// ```
pub struct Documents(Many<Vec<u8>>);

impl Documents {
    /// None yet.
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>) -> Self {
        Self(Many::new(fetch, clock, |body| Ok(body.to_vec())))
    }

    /// The document at this address. Of too many, those that nobody has asked for longest are forgotten.
    pub fn at(&self, url: &str) -> DocumentSource {
        DocumentSource(self.0.at(url))
    }
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents").finish_non_exhaustive()
    }
}

/// The document at one address. Cheap to clone; clones share what is kept.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::clock::System;
/// use vestibule_verify::fetch::{Answer, Fetch, Fetching, Request};
/// use vestibule_verify::sets::{DocumentSource, Documents};
///
/// struct List;
///
/// impl Fetch for List {
///     fn fetch(&self, _: Request) -> Fetching {
///         Box::pin(async { Ok(Answer { status: 200, headers: Default::default(), body: b"[]".to_vec() }) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source: DocumentSource = Documents::new(Arc::new(List), Arc::new(System)).at("https://app.example/sector.json");
/// let document = source.get(None).await?;
/// assert_eq!((document.as_slice(), source.get(None).await?.len(), source.counts().fetched), (&b"[]"[..], 2, 1));
/// // One that does not do: asked for anew once, and then not again for a while.
/// let newer = source.get(Some(&document)).await?;
/// assert!(source.get(Some(&newer)).await.is_err() && source.counts().fetched == 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DocumentSource(Arc<Shared<Vec<u8>>>);

impl DocumentSource {
    /// The document as it is; or one that is newer than this, which does not do, asked for as often as the cool-down allows.
    pub async fn get(&self, newer_than: Option<&Arc<Vec<u8>>>) -> Result<Arc<Vec<u8>>, Unavailable> {
        self.0.get(newer_than.map_or(Wish::Any, |than| Wish::Newer { than, missing: None })).await
    }

    /// How often it was fetched.
    pub fn counts(&self) -> Counts {
        self.0.counts()
    }
}
