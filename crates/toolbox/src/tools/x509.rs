//! X.509 certificates, to be looked at. Whether one is to be trusted is not judged here.

use std::fmt::Write as _;

use jose::Limits;
use jose::json::{Object, Value};
use jose::x509::{AltName, Certificate};

use super::keys::refused;
use crate::definition::{Action, Field, Kind, Prints, Tool, Work};
use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;
use crate::time;

pub(crate) const TOOL: Tool = Tool {
    name: "x509",
    title: "X.509 view",
    summary: "Shows what stands in certificates: whose key, for whom, until when",
    actions: &[Action {
        name: "",
        title: "Show",
        summary: "Shows what stands in certificates: whose key, for whom, until when",
        example: "vestibule x509 cert.pem",
        fields: &[
            Field::new("file", Kind::Key, "Certificates", "The certificates in PEM, or one in DER")
                .argument()
                .or_stdin()
                .example("-----BEGIN CERTIFICATE-----"),
            Field::new("at", Kind::Time, "At", "The time to go by, instead of now"),
        ],
        prints: Prints::Report,
        work: Work::Once(run),
    }],
};

fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let bytes = input.required_bytes("file")?;
    let now = input.moment("at").unwrap_or(env.now);
    let certificates = match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains("-----BEGIN") => Certificate::from_pem(text, &Limits::DEFAULT),
        _ => Certificate::from_der(&bytes, &Limits::DEFAULT).map(|certificate| vec![certificate]),
    };
    let certificates = certificates.map_err(|error| refused("file", &error))?;
    if certificates.is_empty() {
        return Err(ToolError::of("file", "there is no certificate in it", "give one in PEM or DER").into());
    }
    let mut output = Output::default();
    let mut all = Vec::new();
    let several = certificates.len() > 1;
    for (index, certificate) in certificates.iter().enumerate() {
        let name = if several { format!("certificate {index}") } else { "certificate".into() };
        all.push(Value::Object(shown(env, certificate, now, name, &mut output)));
    }
    Ok(output.member("certificates", all))
}

fn shown(env: &Env<'_>, certificate: &Certificate, now: i64, name: String, output: &mut Output) -> Object {
    let key = certificate.public_key();
    let kind = key.as_ref().map_or_else(|error| error.to_string(), |key| format!("{key:?}"));
    let dated = |moment: i64| format!("{} ({})", time::format(moment), time::relative(moment, now));
    let mut lines: Vec<(&str, &str, String)> = vec![
        ("subject", "subject", certificate.subject().to_string()),
        ("issuer", "issuer", certificate.issuer().to_string()),
        ("serial", "serial", Encoding::Hex.encode(certificate.serial())),
        ("not before", "not_before", dated(certificate.not_before())),
        ("not after", "not_after", dated(certificate.not_after())),
        ("public key", "key", kind),
        ("signed with", "signature_algorithm", certificate.signature_algorithm().to_owned()),
    ];
    let names: Vec<String> = certificate.alt_names().iter().map(alt_name).collect();
    if !names.is_empty() {
        lines.push(("names", "alt_names", names.join(", ")));
    }
    if let Some(usage) = certificate.key_usage() {
        lines.push(("key usage", "key_usage", usage.join(", ")));
    }
    if let Some(usage) = certificate.extended_key_usage() {
        lines.push(("extended key usage", "extended_key_usage", usage.join(", ")));
    }
    if let Some(constraints) = certificate.basic_constraints() {
        let mut text = if constraints.ca { "an authority" } else { "no authority" }.to_owned();
        if let Some(length) = constraints.path_len {
            // Writing to a string does not fail.
            let _ = write!(text, ", {length} more below it at most");
        }
        lines.push(("authority", "authority", text));
    }
    let sha256 = certificate.sha256(env.provider);
    lines.push(("x5t#S256", "x5t#S256", jose::base64url::encode(sha256)));
    lines.push(("SHA-256", "sha256", Encoding::Hex.encode(&sha256)));
    lines.push(("SHA-1", "sha1", Encoding::Hex.encode(&certificate.sha1(env.provider))));
    output.notes.extend(remarks(certificate, now, &name, key.is_err()));
    let heads = ["what", "value"].map(str::to_owned).to_vec();
    let rows = lines.iter().map(|(label, _, text)| vec![(*label).to_owned(), text.clone()]).collect();
    output.blocks.push(Block::Table { name, heads, rows });
    let mut members: Object = lines.into_iter().map(|(_, member, text)| (member.to_owned(), text.into())).collect();
    members.insert("not_before".into(), time::format(certificate.not_before()).into());
    members.insert("not_after".into(), time::format(certificate.not_after()).into());
    members
}

fn remarks(certificate: &Certificate, now: i64, name: &str, unreadable: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |level, code: &str, text: &str| notes.push(Note::new(level, code, format!("{name}: {text}")));
    if certificate.not_after() < now {
        note(Level::Warning, "x509-expired", "it has expired");
    }
    if certificate.not_before() > now {
        note(Level::Warning, "x509-not-yet", "it is not valid yet");
    }
    let algorithm = certificate.signature_algorithm().to_ascii_lowercase();
    if algorithm.contains("sha1") || algorithm.contains("sha-1") || algorithm.contains("md5") {
        note(Level::Warning, "x509-weak-hash", "it is signed over a hash that has been broken");
    }
    if unreadable {
        note(Level::Warning, "x509-key", "its key is weak, or of a type that is not known here");
    }
    if certificate.is_self_issued() {
        note(Level::Info, "x509-self-issued", "subject and issuer are the same: nobody else vouches for it");
    }
    if certificate.alt_names().is_empty() && !certificate.basic_constraints().is_some_and(|constraints| constraints.ca)
    {
        note(Level::Info, "x509-no-names", "it has no subjectAltName, so that no browser takes it for a host");
    }
    notes
}

fn alt_name(name: &AltName) -> String {
    match name {
        AltName::Dns(host) => host.clone(),
        AltName::Email(address) => address.clone(),
        AltName::Uri(uri) => uri.clone(),
        AltName::Ip(address) => address.to_string(),
        AltName::Directory(name) => name.to_string(),
        AltName::Other(tag) => format!("a name of kind {tag}"),
    }
}
