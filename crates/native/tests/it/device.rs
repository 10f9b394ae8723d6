//! A device: its stores, its person's browser, and the way to the provider.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::BodyExt as _;
use testkit::{Browser as Person, Context, House, ISSUER, Router, Turned};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;
use verify::fetch::{Answer, Fetch, FetchError, Fetching, Request};
use vestibule_native::stores::Memory;
use vestibule_native::{App, Browser, Error, Platform, Settings};

/// Ada's.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) network: Arc<Network>,
    pub(crate) shared: Arc<Memory>,
    pub(crate) browser: Arc<Ada>,
    clock: Arc<Turned>,
}

impl Device {
    pub(crate) async fn of(house: &House, node: &Arc<Context>) -> Self {
        House::add_person(node, ADA, "Ada Lovelace").await;
        let network = Arc::new(Network {
            router: Mutex::new(Some(House::router(node))),
            posts: AtomicUsize::new(0),
            gets: AtomicUsize::new(0),
        });
        let browser = Arc::new(Ada {
            person: Arc::new(tokio::sync::Mutex::new(Person::new(House::router(node)))),
            opened: Mutex::default(),
            waits: AtomicBool::new(false),
            backs: Arc::default(),
        });
        let clock = Arc::new(Turned(Arc::clone(&house.clock)));
        Self { network, shared: Arc::default(), browser, clock }
    }

    pub(crate) fn app(&self, client_id: &str, scope: &str) -> App {
        self.app_with(client_id, scope, |settings| settings)
    }

    pub(crate) fn app_with(&self, client_id: &str, scope: &str, change: impl FnOnce(Settings) -> Settings) -> App {
        App::new(change(Settings::new(ISSUER, client_id).scope(scope)), self.platform())
    }

    /// With nothing in the app's own store.
    pub(crate) fn platform(&self) -> Platform {
        Platform::new(Arc::new(Memory::default()))
            .shared(self.shared.clone())
            .browser(self.browser.clone())
            .fetch(self.network.clone())
            .clock(self.clock.clone())
    }
}

/// Leads to the provider's router, or nowhere.
pub(crate) struct Network {
    pub(crate) router: Mutex<Option<Router>>,
    pub(crate) posts: AtomicUsize,
    pub(crate) gets: AtomicUsize,
}

impl Fetch for Network {
    fn fetch(&self, request: Request) -> Fetching {
        let router = self.router.lock().unwrap().clone();
        let target = request.url().strip_prefix(ISSUER).unwrap().to_owned();
        let mut built = http::Request::builder().method(request.method()).uri(target).header("host", "id.example");
        for (name, value) in request.headers() {
            built = built.header(name, value);
        }
        let built = match request.body() {
            Some((kind, body)) => {
                self.posts.fetch_add(1, Ordering::SeqCst);
                built.header("content-type", kind).body(body.to_owned())
            }
            None => {
                self.gets.fetch_add(1, Ordering::SeqCst);
                built.body(String::new())
            }
        };
        Box::pin(async move {
            let Some(router) = router else { return Err(FetchError::Http("the network is away".to_owned())) };
            let answer = router.oneshot(built.unwrap()).await.unwrap();
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.unwrap().to_bytes().to_vec();
            Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
        })
    }
}

/// Ada at her browser: she signs in, allows, and goes where she is sent.
pub(crate) struct Ada {
    person: Arc<tokio::sync::Mutex<Person>>,
    pub(crate) opened: Mutex<Vec<String>>,
    /// Whether she lingers before she goes back to the app.
    pub(crate) waits: AtomicBool,
    backs: Arc<Mutex<Vec<url::Url>>>,
}

impl Ada {
    /// Where she would go back to.
    pub(crate) async fn back(&self) -> url::Url {
        loop {
            if let Some(back) = self.backs.lock().unwrap().pop() {
                return back;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Signs out at the provider's own pages.
    pub(crate) async fn sign_out(&self) {
        let mut person = self.person.lock().await;
        let page = person.open("/oauth2/logout").await;
        person.press(&page, "signout", "signout", &[]).await;
    }
}

impl Browser for Ada {
    fn open(&self, address: &str) -> Result<(), Error> {
        self.opened.lock().unwrap().push(address.to_owned());
        let (person, address) = (self.person.clone(), address.to_owned());
        let (waits, backs) = (self.waits.load(Ordering::SeqCst), self.backs.clone());
        tokio::spawn(async move {
            let mut person = person.lock().await;
            let mut page = person.open(&address).await;
            for _ in 0..6 {
                if page.left {
                    break;
                }
                page = match page.step() {
                    "signin" => person.sign_in(&page, ADA).await,
                    "consent" => person.press(&page, "consent", "allow", &[]).await,
                    "continue" => person.press(&page, "continue", "continue", &[]).await,
                    step => panic!("{step}: {}", page.text),
                };
            }
            assert!(page.left, "{}", page.text);
            match waits {
                true => backs.lock().unwrap().push(page.url),
                false => drop(get(&page.url).await),
            }
        });
        Ok(())
    }
}

/// What a browser does with the redirect to this machine.
pub(crate) async fn get(url: &url::Url) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    stream.write_all(format!("GET {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

pub(crate) const ADA: &str = "ada@example.com";
