//! What is measured, and the bars.

mod encryption;
mod proof;
mod signature;

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Result;
use jose::JwsAlgorithm;
use jose::alg::KeyManagement;
use jose::provider::{Curve, KeySpec};

use serde_json::Value;

use crate::child::Child;
use crate::measure::Side;

/// One line of the table.
pub(crate) struct Case {
    /// The algorithm and what is done.
    pub(crate) name: String,
    /// The least share of the raw primitive's speed; none where it is only shown.
    pub(crate) bar: Option<f64>,
    make: Box<Make>,
}

/// What is there to compare with, each in a process of its own.
#[derive(Clone, Default)]
pub(crate) struct Others {
    pub(crate) josekit: Option<Rc<RefCell<Child>>>,
    pub(crate) panva: Option<Rc<RefCell<Child>>>,
}

impl Others {
    /// The sides of those that know the algorithm.
    fn sides(&self, case: &Value) -> impl Iterator<Item = Box<dyn Side>> {
        let josekit = self.josekit.as_ref().filter(|_| case["alg"] != JwsAlgorithm::MlDsa44.as_str());
        josekit.into_iter().chain(&self.panva).map(|child| Child::side(child, case.clone()))
    }
}

type Make = dyn Fn(&Others) -> Result<Vec<Box<dyn Side>>>;

impl Case {
    /// The raw primitive, jose, then the others that know the algorithm.
    pub(crate) fn sides(&self, others: &Others) -> Result<Vec<Box<dyn Side>>> {
        (self.make)(others)
    }
}

/// All cases, in the table's order.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (alg, sign, verify) in SIGNATURES {
        let (alg, named) = (*alg, |what| format!("{alg} {what}"));
        cases.push(case(named("sign"), *sign, move |others| signature::sign(alg, others)));
        cases.push(case(named("verify"), *verify, move |others| signature::verify(alg, others)));
    }
    cases.push(case("DPoP proof verify".to_owned(), None, |_| proof::verify()));
    cases.push(case("of that, its key".to_owned(), None, |_| proof::key()));
    for (name, alg, spec) in ENCRYPTIONS {
        let (alg, spec, named) = (*alg, *spec, |what| format!("{name} {what}"));
        let bar = Some(JWE);
        cases.push(case(named("encrypt"), bar, move |others| encryption::encrypt(alg, spec, others)));
        cases.push(case(named("decrypt"), bar, move |others| encryption::decrypt(alg, spec, others)));
    }
    cases
}

fn case(name: String, bar: Option<f64>, make: impl Fn(&Others) -> Result<Vec<Box<dyn Side>>> + 'static) -> Case {
    Case { name, bar, make: Box::new(make) }
}

/// Signing, verifying with the claims checked.
const SIGNATURES: &[(JwsAlgorithm, Option<f64>, Option<f64>)] = &[
    (JwsAlgorithm::HS256, Some(0.60), Some(0.50)),
    (JwsAlgorithm::RS256, Some(0.97), Some(0.93)),
    (JwsAlgorithm::PS256, Some(0.97), Some(0.93)),
    (JwsAlgorithm::ES256, Some(0.95), Some(0.93)),
    (JwsAlgorithm::EdDSA, Some(0.95), Some(0.93)),
    (JwsAlgorithm::ES384, None, Some(0.93)),
    (JwsAlgorithm::MlDsa44, None, Some(0.93)),
];

/// All with A256GCM.
const ENCRYPTIONS: &[(&str, KeyManagement, KeySpec)] = &[
    ("RSA-OAEP-256", KeyManagement::RsaOaep256, KeySpec::Rsa(jose::provider::RsaSize::Bits2048)),
    ("ECDH-ES+A256KW P-256", KeyManagement::EcdhEsA256Kw, KeySpec::Ec(Curve::P256)),
    ("ECDH-ES X25519", KeyManagement::EcdhEs, KeySpec::X25519),
];

const JWE: f64 = 0.95;
