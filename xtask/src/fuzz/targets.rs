//! The fuzz targets, and which files of ours each of them is to reach.

/// One target.
pub(crate) struct Target {
    /// Its name, and that of its program and its folder of seeds.
    pub(crate) name: &'static str,
    /// Its parsers: files, or folders with all below them, in `crates/`.
    pub(crate) parsers: &'static [&'static str],
}

pub(crate) const TARGETS: &[Target] = &[
    Target { name: "encodings", parsers: &["jose/src/json.rs", "jose/src/base64url"] },
    Target {
        name: "jws",
        parsers: &[
            "jose/src/jws/read.rs",
            "jose/src/jws/parts.rs",
            "jose/src/jws/usual.rs",
            "jose/src/jws/header.rs",
            "jose/src/jws/headers.rs",
            "jose/src/jws/verify.rs",
            "jose/src/critical.rs",
            "jose/src/jwt/token.rs",
            "jose/src/jwt/verify.rs",
            "jose/src/jwt/claims.rs",
            "jose/src/json/plain.rs",
            "jose/src/json/plain",
            "jose/src/find.rs",
        ],
    },
    Target {
        name: "jwe",
        parsers: &[
            "jose/src/jwe/message.rs",
            "jose/src/jwe/header.rs",
            "jose/src/jwe/params.rs",
            "jose/src/jwe/decrypt.rs",
            "jose/src/jwe/unwrap.rs",
            "jose/src/jwe/zip.rs",
        ],
    },
    Target {
        name: "sd_jwt",
        parsers: &[
            "jose/src/sd_jwt/message.rs",
            "jose/src/sd_jwt/json_form.rs",
            "jose/src/sd_jwt/disclosure.rs",
            "jose/src/sd_jwt/process.rs",
            "jose/src/sd_jwt/pointer.rs",
        ],
    },
    Target {
        name: "jwk",
        parsers: &[
            "jose/src/jwk/read.rs",
            "jose/src/jwk/members.rs",
            "jose/src/jwk/certificates.rs",
            "jose/src/jwk/usage.rs",
            "jose/src/jwks.rs",
        ],
    },
    Target { name: "pem", parsers: &["jose/src/pem.rs", "jose/src/der", "jose/src/x509", "jose/src/jwk/pem_keys.rs"] },
    Target { name: "webauthn", parsers: &["webauthn/src", "jose/src/x509/signed.rs"] },
    Target { name: "lint", parsers: &["jose/src/lint"] },
    Target {
        name: "tools",
        parsers: &[
            "toolbox/src/json.rs",
            "toolbox/src/input.rs",
            "toolbox/src/encoding.rs",
            "toolbox/src/percent.rs",
            "toolbox/src/time.rs",
            "toolbox/src/tools/hmac",
            "toolbox/src/tools/password_hash",
            "toolbox/src/tools/qr",
            "toolbox/src/tools/totp",
            "toolbox/src/tools/recognise.rs",
            "toolbox/src/tools/oidc.rs",
            "toolbox/src/tools/x509.rs",
        ],
    },
];
