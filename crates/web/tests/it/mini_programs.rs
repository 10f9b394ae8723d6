//! Mini programs in a host app.

mod answers;
mod hosts;

use idp::caller::Caller;
use serde_json::{Value, json};
use testkit::House;
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::holder::Holder;
use crate::lobby::{ADA, GRACE, Lobby, app, ask, assert_code};

const TOKEN: &str = "/oauth2/token";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const CODE: &str = "urn:vestibule:params:oauth:token-type:authorization-code";
/// RFC 7636 appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The super app with Ada signed in, its key, and two programs in it.
struct Super {
    lobby: Lobby,
    holder: Holder,
    token: String,
    taxi: Api,
    shop: Api,
}

impl Super {
    async fn app(house: House) -> Self {
        let lobby = Lobby::open(house).await;
        for host in ["host", "rival"] {
            let grants = ["authorization_code", "refresh_token", EXCHANGE];
            let more = json!({ "vestibule_type": "native", "vestibule_trusted": true, "grant_types": grants });
            House::add_client(&lobby.node, app(host, host, more)).await;
        }
        let program = |state: &str| {
            json!({ "vestibule_host": "host", "vestibule_program_state": state, "vestibule_trusted": false,
                    "grant_types": ["authorization_code", "refresh_token"] })
        };
        let taxi = Api::register(&lobby, "taxi", program("live")).await;
        let shop = Api::register(&lobby, "shop", program("live")).await;
        let holder = Holder::new();
        let token = sign_in(&lobby, &taxi, "host", &holder, ADA).await;
        Self { lobby, holder, token, taxi, shop }
    }

    fn now(&self) -> i64 {
        self.lobby.house.clock_now().seconds()
    }

    /// The host exchanges its token for a program's code.
    async fn code(&self, program: &str, more: &[(&str, &str)]) -> Reply {
        let proof = self.holder.prove(("POST", TOKEN), self.now(), None, None);
        self.code_with(("host", &self.token, Some(&proof)), program, more).await
    }

    async fn code_with(
        &self,
        (client, token, proof): (&str, &str, Option<&str>),
        program: &str,
        more: &[(&str, &str)],
    ) -> Reply {
        let usual = [
            ("client_id", client),
            ("grant_type", EXCHANGE),
            ("subject_token", token),
            ("subject_token_type", ACCESS),
            ("requested_token_type", CODE),
            ("audience", program),
            ("scope", "openid profile"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(changed, _)| changed == name));
        let fields: Vec<_> = kept.chain(more.iter().copied()).collect();
        let headers: Vec<_> = proof.iter().map(|proof| ("dpop", *proof)).collect();
        self.taxi.post_as_is(TOKEN, &headers, &fields).await
    }

    /// What the host's sheet shows.
    async fn sheet(&self, program: &str, scope: &str) -> Reply {
        let path = format!("/api/mini-programs/v1/programs/{program}");
        let proof = self.holder.prove(("GET", &path), self.now(), Some(&self.token), None);
        let authorization = format!("DPoP {}", self.token);
        let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
        self.taxi.get_with(&format!("{path}?scope={}", scope.replace(' ', "+")), &headers).await
    }
}

/// Somebody signs in to a native app whose tokens are bound to this key.
async fn sign_in(lobby: &Lobby, api: &Api, client: &str, holder: &Holder, who: &str) -> String {
    let mut browser = lobby.browser();
    let page = browser.open(&ask(client, &[])).await;
    let code = assert_code(&browser.sign_in(&page, who).await);
    let proof = holder.prove(("POST", TOKEN), lobby.house.clock_now().seconds(), None, None);
    let redirect = format!("https://{client}.example/cb");
    let fields = [
        ("client_id", client),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &redirect),
        ("code_verifier", VERIFIER),
    ];
    api.post_as_is(TOKEN, &[("dpop", &proof)], &fields).await.text("access_token")
}

/// A program's backend redeems what its page was handed.
async fn redeem(program: &Api, code: &str) -> Reply {
    let fields = [("grant_type", "authorization_code"), ("code", code), ("code_verifier", VERIFIER)];
    program.post(TOKEN, &fields).await
}

/// The sheet first, then silently; a subject of the program's own; nothing that outlives the host's session.
#[both_databases]
async fn a_program_gets_a_code_of_its_own(house: House) {
    let host = Super::app(house).await;
    let first = host.code("taxi", &[]).await;
    assert_eq!((first.status, first.error()), (400, "consent_required"), "{}", first.json);
    let sheet = host.sheet("taxi", "openid profile email unknown").await;
    let silent = |sheet: &Reply| -> Vec<(String, bool)> {
        let scopes = sheet.json["scopes"].as_array().unwrap().iter();
        scopes.map(|one| (one["name"].as_str().unwrap().to_owned(), one["silent"].as_bool().unwrap())).collect()
    };
    let asked =
        |email, rest| vec![("email".to_owned(), email), ("openid".to_owned(), rest), ("profile".to_owned(), rest)];
    assert_eq!((sheet.status, silent(&sheet)), (200, asked(false, false)), "{}", sheet.json);
    assert_eq!(sheet.json["client"]["name"], "taxi");
    assert!(sheet.json["scopes"][0]["words"].as_str().is_some_and(|words| words.len() > 8));
    let reply = host.code("taxi", &[("allowed_scope", "openid profile")]).await;
    assert_eq!((reply.status, &reply.json["issued_token_type"]), (200, &json!(CODE)), "{}", reply.json);
    assert_eq!((reply.text("token_type").as_str(), &reply.json["expires_in"]), ("N_A", &json!(60)));
    let tokens = redeem(&host.taxi, &reply.text("access_token")).await;
    assert_eq!(tokens.text("scope"), "openid profile", "{}", tokens.json);
    let sub = |token: &str| jose::jwt::inspect(token, &jose::Limits::DEFAULT).unwrap().claims["sub"].clone();
    assert_ne!(sub(&tokens.text("id_token")), sub(&host.token), "pairwise");
    assert_eq!(silent(&host.sheet("taxi", "openid profile email").await), asked(false, true), "remembered");
    let again = host.code("taxi", &[]).await;
    assert_eq!(again.status, 200, "{}", again.json);
    let shop = host.code("shop", &[("allowed_scope", "openid profile")]).await;
    let other = redeem(&host.shop, &shop.text("access_token")).await;
    assert_ne!(sub(&other.text("id_token")), sub(&tokens.text("id_token")), "each program has subjects of its own");
    assert!(host.lobby.trail(ADA).await.contains(&"consent.given".to_owned()));
    // The host's session ends, and all with it.
    let person = host.lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    host.lobby.node.revoke_sessions_of(person).await.unwrap();
    assert!(!host.taxi.is_active(&tokens.text("access_token")).await);
    assert_eq!(redeem(&host.taxi, &again.text("access_token")).await.error(), "invalid_grant");
    assert_eq!(host.code("taxi", &[]).await.error(), "invalid_request");
}

/// What a program tries, and what somebody tries who has stolen the host's token.
#[both_databases]
async fn a_program_gets_nothing_of_the_hosts_or_anothers(house: House) {
    let host = Super::app(house).await;
    let allow = ("allowed_scope", "openid profile email phone offline_access admin");
    let reply = host.code("taxi", &[("scope", "openid phone admin offline_access"), allow]).await;
    let tokens = redeem(&host.taxi, &reply.text("access_token")).await;
    assert_eq!(tokens.text("scope"), "openid", "only what it is registered for, and nothing that outlives the host");
    // Another's code, redeemed by this one, or by its owner a second time.
    let code = host.code("taxi", &[allow]).await.text("access_token");
    assert_eq!(redeem(&host.shop, &code).await.error(), "invalid_grant");
    assert_eq!(redeem(&host.taxi, &code).await.status, 200, "somebody else's try cost nothing");
    assert_eq!(redeem(&host.taxi, &code).await.error(), "invalid_grant");
    let fields = [("grant_type", "authorization_code"), ("client_id", "taxi"), ("code_verifier", VERIFIER)];
    let code = host.code("taxi", &[allow]).await.text("access_token");
    let bare = host.taxi.post_as_is(TOKEN, &[], &[&fields[..], &[("code", code.as_str())]].concat()).await;
    assert_eq!(bare.error(), "invalid_client", "a code is worth something with the backend's credential alone");
    // The host's token without its key, with another's, or from another host.
    let thief = Holder::new();
    let stolen = thief.prove(("POST", TOKEN), host.now(), None, None);
    for proof in [None, Some(stolen.as_str())] {
        let reply = host.code_with(("host", &host.token, proof), "taxi", &[allow]).await;
        assert_eq!(reply.error(), "invalid_dpop_proof");
    }
    let rival = sign_in(&host.lobby, &host.taxi, "rival", &thief, GRACE).await;
    let proof = || thief.prove(("POST", TOKEN), host.now(), None, None);
    let reply = host.code_with(("rival", &rival, Some(&proof())), "taxi", &[allow]).await;
    assert_eq!(reply.error(), "invalid_target", "the program is another host's");
    let reply = host.code_with(("rival", &host.token, Some(&proof())), "taxi", &[allow]).await;
    assert_eq!(reply.error(), "invalid_request", "the token is another host's");
    for (more, error) in [
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("audience", "photos"), "invalid_target"),
        (("audience", ""), "invalid_request"),
    ] {
        let reply = host.code("taxi", &[more, allow]).await;
        assert_eq!(reply.error(), error, "{more:?}: {}", reply.json);
    }
}

/// Draft and review are for the invited, live is for all, and what a blocked program holds counts no more.
#[both_databases]
async fn a_program_goes_from_draft_to_live_and_may_be_blocked(house: House) {
    let host = Super::app(house).await;
    let allow = [("allowed_scope", "openid profile")];
    let set = async |state: &str| {
        let change: Value = json!({ "vestibule_program_state": state });
        host.lobby.node.update_client("taxi", change.as_object().unwrap().clone()).await.unwrap();
    };
    let before = redeem(&host.taxi, &host.code("taxi", &allow).await.text("access_token")).await.text("access_token");
    assert!(host.taxi.is_active(&before).await);
    let mut browser = host.lobby.browser();
    for state in ["draft", "review"] {
        set(state).await;
        assert_eq!(host.code("taxi", &allow).await.error(), "invalid_target", "{state}");
        assert_eq!(host.sheet("taxi", "openid").await.error(), "invalid_target", "{state}");
        // Nor by the door of all other clients, and what it has been given before counts no more.
        let page = browser.open(&ask("taxi", &[])).await;
        let page = if page.step() == "signin" { browser.sign_in(&page, ADA).await } else { page };
        assert!(!page.left && page.says("taxi") && page.step() == "not-admitted", "{state}: {}", page.text);
        assert!(!host.taxi.is_active(&before).await, "{state}");
    }
    let ada = host.lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    assert!(host.lobby.node.invite_to("taxi", ada, &[], &Caller::operator()).await.unwrap());
    let reply = host.code("taxi", &allow).await;
    let tokens = redeem(&host.taxi, &reply.text("access_token")).await;
    let pending = host.code("taxi", &allow).await.text("access_token");
    let access = tokens.text("access_token");
    assert!(host.taxi.is_active(&access).await);
    set("blocked").await;
    assert_eq!(host.shop.get("/oauth2/userinfo", &access).await.status, 401);
    assert_eq!(host.taxi.refresh(&tokens.text("refresh_token")).await.error(), "invalid_client");
    assert_eq!(redeem(&host.taxi, &pending).await.error(), "invalid_client");
    assert_eq!(host.code("taxi", &allow).await.error(), "invalid_target");
}

/// A step-up that the program's registration demands surfaces in the host.
#[both_databases]
async fn a_demand_of_the_program_surfaces_in_the_host(house: House) {
    let host = Super::app(house).await;
    let change = json!({ "vestibule_level": "multi-factor" });
    host.lobby.node.update_client("taxi", change.as_object().unwrap().clone()).await.unwrap();
    for more in [&[][..], &[("allowed_scope", "openid profile")]] {
        let reply = host.code("taxi", more).await;
        assert!(
            ["unmet_authentication_requirements", "interaction_required"].contains(&reply.error()),
            "{}",
            reply.json
        );
    }
}

/// RFC 9470 §3: so does what the program's API demands, of the proofs and of their age; it is a condition and no wish.
#[both_databases]
async fn a_demand_of_the_programs_api_surfaces_in_the_host(house: House) {
    let host = Super::app(house).await;
    let allow = ("allowed_scope", "openid profile");
    assert_eq!(host.code("taxi", &[allow, ("max_age", "60")]).await.status, 200, "just signed in");
    let strong = ("acr_values", "urn:vestibule:acr:multi-factor");
    for more in [&[strong][..], &[strong, allow]] {
        let reply = host.code("taxi", more).await;
        let words = ["unmet_authentication_requirements", "interaction_required", "login_required"];
        assert!(words.contains(&reply.error()), "{}", reply.json);
    }
    assert_eq!(host.code("taxi", &[("acr_values", "urn:vestibule:acr:single-factor")]).await.status, 200);
    host.lobby.house.clock.advance(std::time::Duration::from_secs(61));
    let old = host.code("taxi", &[("max_age", "60")]).await;
    assert_eq!((old.status, old.error()), (400, "login_required"), "{}", old.json);
    assert_eq!(host.code("taxi", &[("max_age", "90")]).await.status, 200);
    for wrong in [("max_age", "soon"), ("acr_values", "a b c d e f g h i")] {
        assert_eq!(host.code("taxi", &[wrong]).await.error(), "invalid_request", "{wrong:?}");
    }
}
