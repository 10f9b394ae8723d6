//! What a device proof adds to the exchange of a device secret (OpenID Connect Native SSO 1.0 §4.3), beside one raw
//! verification of ES256.
//!
//! Two groups of apps take turns: of one the secret alone is asked, of the other a proof by the container's key, too. Each
//! connection has a container of its own in each group. Proofs are signed by the generator.

use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context as _, Result, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{CONNECTIONS, PERSON};
use crate::bench::Bench;
use crate::browser::Browser;
use crate::http::{Answer, form, post};
use crate::load::{self, Measure, Script};
use crate::prover::{Prover, now};
use crate::provider::Provider;
use crate::report::{Bar, Parts, Row};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let provider = Provider::new(bench.provider.directory.join("device-proof"))?;
    provider.add_person(PERSON)?;
    for (group, proof) in GROUPS {
        provider.set_app_group(group, proof)?;
        for app in ["mail", "notes"] {
            provider.add_app_of(&format!("{group}-{app}"), group)?;
        }
    }
    let own = provider.serve()?;
    let host = own.address;
    let usual = std::mem::replace(&mut bench.server, own);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let key = Rc::new(Prover::new("device-proof+jwt")?);
    let [(plain, _), (proving, _)] = GROUPS;
    let mut plainly = runtime.block_on(containers(host, plain, None))?;
    let mut provenly = runtime.block_on(containers(host, proving, Some(&key)))?;
    let padding = device_proof(&key, host, "proving-notes", "as long", "0-0").context("no proof")?;
    let mut longer = runtime.block_on(containers(host, plain, None))?;
    longer.iter_mut().for_each(|script| script.padding = Some(padding.clone()));
    let (mut without, mut longer_without, mut with) = (Measure::default(), Measure::default(), Measure::default());
    let stolen = provenly.first().context("no container")?.asked(None);
    let (status, body) = bench.ask(&stolen)?;
    ensure!(status == 400, "a secret without its proof: {status}, {}", String::from_utf8_lossy(&body));
    for _ in 0..bench.options.rounds() {
        let (measure, back) = load::run(&bench.server, plainly, bench.options.duration())?;
        (without, plainly) = (without.with(measure), back);
        let (measure, back) = load::run(&bench.server, longer, bench.options.duration())?;
        (longer_without, longer) = (longer_without.with(measure), back);
        let (measure, back) = load::run(&bench.server, provenly, bench.options.duration())?;
        (with, provenly) = (with.with(measure), back);
    }
    std::mem::replace(&mut bench.server, usual).stop()?;
    let (added, verify) = (with.cost() - without.cost(), bench.limits.verify);
    let note = format!(
        "{:.1} µs with a proof, {:.1} µs without; one verification {verify:.1} µs; {:.0} exchanges/s with",
        with.cost(),
        without.cost(),
        with.rate()
    );
    let figure = "CPU added / verification";
    bench.rows.push(Row::new("device_proof", figure, added / verify, Bar::at_most(BAR, "×"), note));
    let pieces = bench.pieces()?;
    let (raw, key, thumbprint) = (pieces.get("raw")?, pieces.get("key")?, pieces.get("thumbprint")?);
    let secret = pieces.get("secret hash")?;
    let parts = vec![
        ("the raw verification", raw),
        ("the key in the header: its point checked, a handle made", key - thumbprint),
        ("its thumbprint, which must be the container's", thumbprint),
        ("header and claims: base64url, strict JSON, each compared", pieces.get("device")? - raw - key - secret),
        ("the SHA-256 of the device secret, which `hash` must be", secret),
        ("the hash under which the `jti` is kept", pieces.get("jti hash")?),
        ("its row, in the transaction that lets the app in", pieces.get("kept beside")?),
        ("the longer form: received, decoded, looked through", longer_without.cost() - without.cost()),
    ];
    bench.parts.push(Parts { case: "device_proof", whole: added, verify, parts });
    Ok(())
}

/// Signs in to the group's first app once for each connection.
async fn containers(host: SocketAddr, group: &str, key: Option<&Rc<Prover>>) -> Result<Vec<Exchanging>> {
    let mut browser = Browser::open(host).await?;
    let mut scripts = Vec::new();
    for connection in 0..CONNECTIONS {
        browser.forget();
        let mail = format!("{group}-mail");
        let code = browser.sign_in_for(&mail, "openid device_sso", PERSON).await?;
        let proof = key.and_then(|key| device_proof(key, host, &mail, &code, &format!("c{connection}")));
        let proof = proof.as_deref().map(|proof| ("device_proof", proof));
        let answer = browser.redeem_as(&mail, &code, proof.as_slice()).await?;
        let text =
            |name: &str| answer[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {answer}"));
        scripts.push(Exchanging {
            host,
            client: format!("{group}-notes"),
            id_token: text("id_token")?,
            secret: text("device_secret")?,
            key: key.cloned(),
            padding: None,
            connection,
            count: 0,
            request: Vec::new(),
        });
    }
    Ok(scripts)
}

fn device_proof(key: &Prover, host: SocketAddr, client: &str, beside: &str, jti: &str) -> Option<String> {
    let hash = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, beside.as_bytes()));
    let claims = json!({ "iss": client, "aud": format!("http://{host}"), "iat": now(), "jti": jti, "hash": hash });
    key.prove(&claims)
}

/// The second app, which exchanges the same secret again and again.
struct Exchanging {
    host: SocketAddr,
    client: String,
    id_token: String,
    secret: String,
    key: Option<Rc<Prover>>,
    /// A field that says nothing, as long as a proof.
    padding: Option<String>,
    connection: usize,
    count: u64,
    request: Vec<u8>,
}

impl Exchanging {
    fn asked(&self, proof: Option<&str>) -> Vec<u8> {
        let issuer = format!("http://{}", self.host);
        let mut fields = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("client_id", &self.client),
            ("audience", &issuer),
            ("scope", "openid"),
            ("subject_token", &self.id_token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
            ("actor_token", &self.secret),
            ("actor_token_type", "urn:openid:params:token-type:device-secret"),
        ];
        fields.extend(proof.map(|proof| ("device_proof", proof)));
        fields.extend(self.padding.as_deref().map(|padding| ("device_prose", padding)));
        post(self.host, "/oauth2/token", "", &form(&fields))
    }
}

impl Script for Exchanging {
    fn request(&mut self) -> &[u8] {
        self.count += 1;
        let jti = format!("{}-{}", self.connection, self.count);
        let proof = self.key.as_ref().and_then(|key| device_proof(key, self.host, &self.client, &self.secret, &jti));
        self.request = self.asked(proof.as_deref());
        &self.request
    }

    fn answered(&mut self, answer: Answer<'_>) -> Result<()> {
        answer.expect(200)?;
        let answer: Value = serde_json::from_slice(answer.body)?;
        ensure!(answer["access_token"].is_string(), "no access token: {answer}");
        Ok(())
    }
}

/// The names of the groups, and whether a proof is asked of them.
const GROUPS: [(&str, bool); 2] = [("plain", false), ("proving", true)];
const BAR: f64 = 2.0;
