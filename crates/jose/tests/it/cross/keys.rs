//! Keys: each provider reads what the other made, and both refuse the same.

use vestibule_jose::provider::{Curve, KeySpec, MlDsa, PrivateMaterial, PublicMaterial, RsaPrivate, RsaSize};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::numbers::{FIELD_25519, add, difference, order, prime, product, sum, trimmed};
use super::{Bytes, alike, asymmetric, pairs, private, public, rsa, rsa_2049};

/// The one place where RSA keys are made, since that is slow.
#[test]
fn each_reads_the_keys_that_the_other_made() {
    let ec = Curve::ALL.iter().map(|curve| (KeySpec::Ec(*curve), curve.alg()));
    let rest = [(KeySpec::Rsa(RsaSize::Bits2048), JwsAlgorithm::PS256), (KeySpec::Ed25519, JwsAlgorithm::EdDSA)];
    for (spec, alg) in ec.chain(rest) {
        for (name, maker, reader) in
            pairs().filter(|(name, ..)| spec != rsa_spec() || name.starts_with("RustCrypto to a"))
        {
            let document = maker.generate(spec).expect("a key");
            let key = SigningKey::from_pkcs8_der(reader, &document, alg).expect("read");
            let own = VerifyingKey::public(maker, key.verifying_key().material().expect("public").clone(), None, None);
            let signature = key.sign(b"message").expect("signed");
            assert!(own.expect("a key").verify(alg, b"message", &signature), "{name} {alg}");
        }
    }
    for (name, maker, reader) in pairs() {
        let (document, other) = (maker.generate(KeySpec::X25519).expect("a key"), maker.generate(KeySpec::X25519));
        assert_ne!(document, other.expect("a key"), "{name}");
        let d = document[document.len() - 32..].try_into().expect("32 bytes");
        let key = PrivateMaterial::X25519 { d: Zeroizing::new(d), public: None };
        reader.agreement_key(&key).expect("read");
    }
}

const fn rsa_spec() -> KeySpec {
    KeySpec::Rsa(RsaSize::Bits2048)
}

/// An algorithm goes with its own key alone.
#[test]
fn no_key_serves_a_foreign_algorithm() {
    let bytes = Bytes::new("foreign");
    for own in asymmetric() {
        let key = private(own, &bytes);
        for asked in JwsAlgorithm::ALL.iter().copied() {
            let fits = asked == own || asked.kty() == own.kty() && matches!(own.kty(), "RSA" | "OKP");
            assert_eq!(alike("a private key", |p| p.private_key(asked, &key).is_ok()), fits, "{asked} {own}");
            let half = public(vestibule_jose::provider::aws_lc(), own, &key);
            assert_eq!(alike("a public key", |p| p.public_key(asked, &half).is_ok()), fits, "{asked} {own}");
        }
        if own.kty() != "EC" || own == JwsAlgorithm::ES256K {
            assert!(!alike("agreement", |p| p.agreement_key(&key).is_ok()), "{own}");
        }
    }
    for material in [
        PrivateMaterial::X25519 { d: Zeroizing::new([5; 32]), public: None },
        PrivateMaterial::Ed448 { seed: Zeroizing::new([5; 57]), public: None },
        PrivateMaterial::X448 { d: Zeroizing::new([5; 56]), public: None },
    ] {
        assert!(!alike("EdDSA", |p| p.private_key(JwsAlgorithm::EdDSA, &material).is_ok()), "{material:?}");
    }
}

/// SEC 1 §3.2.1 and §3.2.2.1.
#[test]
fn ec_keys_keep_their_bounds() {
    for curve in Curve::ALL.iter().copied() {
        let (len, n) = (curve.field_len(), order(curve));
        let small = |last: u8| [vec![0; len - 1], vec![last]].concat();
        let of = |d: &[u8], public: Option<&[u8]>| {
            let key = PrivateMaterial::Ec { curve, d: Zeroizing::new(d.to_vec()), public: public.map(<[u8]>::to_vec) };
            alike("an EC key", |p| p.private_key(curve.alg(), &key).map(|key| key.public))
        };
        for (name, d, good) in [
            ("1", small(1), true),
            ("order - 1", difference(&n, &[1]), true),
            ("0", small(0), false),
            ("order", n.clone(), false),
            ("all ones", vec![0xff; len], false),
            ("short", vec![1; len - 1], false),
            ("long", [&[0][..], &small(1)].concat(), false),
            ("nothing", vec![], false),
        ] {
            assert_eq!(of(&d, None).is_ok(), good, "{curve:?} {name}");
        }
        let point = |d: &[u8]| match of(d, None) {
            Ok(PublicMaterial::Ec { point, .. }) => point,
            other => panic!("{other:?}"),
        };
        let (one, two) = (point(&small(1)), point(&small(2)));
        let (x, y) = one[1..].split_at(len);
        assert!(of(&small(1), Some(&one)).is_ok());
        for (name, given) in [
            ("another's", two.clone()),
            ("off the curve", [&[4], y, x].concat()),
            ("compressed", [&[2 + y[len - 1] % 2], x].concat()),
            ("nothing", vec![]),
        ] {
            assert!(of(&small(1), Some(&given)).is_err(), "{curve:?} {name}");
        }
        for (name, point, good) in [
            ("on the curve", one.clone(), true),
            ("off the curve", [&[4], y, x].concat(), false),
            ("zeros", [&[4], &vec![0; 2 * len][..]].concat(), false),
            ("x is the prime", [&[4], &prime(curve)[..], y].concat(), false),
            ("y + p", [&[4], x, &sum(y, &prime(curve))[1..]].concat(), false),
            ("infinity", vec![0], false),
            ("compressed", [&[2 + y[len - 1] % 2], x].concat(), false),
            ("hybrid", [&[6 + y[len - 1] % 2], x, y].concat(), false),
            ("long", [&one[..], &[0]].concat(), false),
            ("nothing", vec![], false),
        ] {
            let key = PublicMaterial::Ec { curve, point };
            assert_eq!(alike(name, |p| p.public_key(curve.alg(), &key).is_ok()), good, "{curve:?} {name}");
        }
    }
}

/// RFC 8017 §3.1; 2048 bits to 8192 (RFC 7518 §3.3).
#[test]
fn rsa_public_keys_keep_their_bounds() {
    let n = rsa().n;
    let of_bits = |bits: usize| {
        let mut number = Bytes::new("modulus").take(bits.div_ceil(8));
        let top = (bits - 1) % 8;
        number[0] = number[0] & ((1 << top) - 1) | 1 << top;
        *number.last_mut().expect("bytes") |= 1;
        number
    };
    for (name, n, e, good) in [
        ("as made", n.clone(), vec![1, 0, 1], true),
        ("e = 3", n.clone(), vec![3], true),
        ("e of 33 bits", n.clone(), vec![1, 0, 0, 0, 1], true),
        ("e of 34 bits", n.clone(), vec![2, 0, 0, 0, 1], false),
        ("e = 1", n.clone(), vec![1], false),
        ("e = 2", n.clone(), vec![2], false),
        ("e = 65536", n.clone(), vec![1, 0, 0], false),
        ("no e", n.clone(), vec![], false),
        ("e = n", n.clone(), n.clone(), false),
        ("2047 bits", of_bits(2047), vec![1, 0, 1], false),
        ("2048 bits", of_bits(2048), vec![1, 0, 1], true),
        ("2049 bits", of_bits(2049), vec![1, 0, 1], true),
        ("2055 bits", of_bits(2055), vec![1, 0, 1], true),
        ("3072 bits", of_bits(3072), vec![1, 0, 1], true),
        ("8192 bits", of_bits(8192), vec![1, 0, 1], true),
        ("8193 bits", of_bits(8193), vec![1, 0, 1], false),
        ("even", [&n[..255], &[2][..]].concat(), vec![1, 0, 1], false),
        ("nothing", vec![], vec![1, 0, 1], false),
    ] {
        let key = PublicMaterial::Rsa { n, e };
        for alg in [JwsAlgorithm::RS256, JwsAlgorithm::PS512] {
            assert_eq!(alike(name, |p| p.public_key(alg, &key).is_ok()), good, "{alg} {name}");
        }
    }
}

/// RFC 8017 §3.2: every number is what the others make it.
#[test]
fn rsa_private_keys_fit_together() {
    let key = rsa();
    let (p1, q1) = (difference(&key.p, &[1]), difference(&key.q, &[1]));
    let totient = product(&p1, &q1);
    let secret = |number: Vec<u8>| Zeroizing::new(trimmed(&number));
    let of = |change: &dyn Fn(&mut RsaPrivate)| {
        let mut key = rsa();
        change(&mut key);
        PrivateMaterial::Rsa(key)
    };
    let flipped = |number: &[u8]| {
        let mut out = number.to_vec();
        *out.last_mut().expect("bytes") ^= 2;
        Zeroizing::new(out)
    };
    for (name, material, good) in [
        ("as made", of(&|_| {}), true),
        ("2049 bits", PrivateMaterial::Rsa(rsa_2049()), true),
        ("another n", of(&|key| *key.n.last_mut().expect("bytes") ^= 2), false),
        ("another e", of(&|key| key.e = vec![3]), false),
        ("another d", of(&|key| key.d = flipped(&key.d)), false),
        ("another p", of(&|key| key.p = flipped(&key.p)), false),
        ("another q", of(&|key| key.q = flipped(&key.q)), false),
        ("another dp", of(&|key| key.dp = flipped(&key.dp)), false),
        ("another dq", of(&|key| key.dq = flipped(&key.dq)), false),
        ("another qi", of(&|key| key.qi = flipped(&key.qi)), false),
        ("d + φ(n)", of(&|key| key.d = secret(sum(&key.d, &totient))), false),
        ("dp + p - 1", of(&|key| key.dp = secret(sum(&key.dp, &p1))), false),
        ("dq + q - 1", of(&|key| key.dq = secret(sum(&key.dq, &q1))), false),
        ("qi + p", of(&|key| key.qi = secret(sum(&key.qi, &key.p))), false),
        ("p and q exchanged", of(&|key| std::mem::swap(&mut key.p, &mut key.q)), false),
        ("p is 1", of(&|key| (key.p, key.q) = (secret(vec![1]), Zeroizing::new(key.n.clone()))), false),
        ("p is 0", of(&|key| key.p = secret(vec![0])), false),
        ("no d", of(&|key| key.d = secret(vec![])), false),
        ("no qi", of(&|key| key.qi = secret(vec![])), false),
        ("d is 0", of(&|key| key.d = Zeroizing::new(vec![0])), false),
    ] {
        let alg = JwsAlgorithm::RS256;
        assert_eq!(alike(name, |p| p.private_key(alg, &material).is_ok()), good, "{name}");
    }
}

/// RFC 8032 §5.1.3 and §5.1.5.
#[test]
fn ed25519_keys_are_points_and_halves_belong_together() {
    let bytes = Bytes::new("ed25519 keys");
    let (seed, other) = (bytes.array(), bytes.array());
    let alg = JwsAlgorithm::EdDSA;
    let of = |public| PrivateMaterial::Ed25519 { seed: Zeroizing::new(seed), public };
    let x = match alike("derived", |p| public(p, alg, &of(None))) {
        PublicMaterial::Ed25519 { x } => x,
        found => panic!("{found:?}"),
    };
    assert!(alike("its own", |p| p.private_key(alg, &of(Some(x))).is_ok()));
    assert!(!alike("another's", |p| p.private_key(alg, &of(Some(other))).is_ok()));
    let mut mirrored = x;
    mirrored[31] ^= 0x80;
    assert!(!alike("mirrored", |p| p.private_key(alg, &of(Some(mirrored))).is_ok()));

    // aws-lc looks at the point only when it verifies; what matters is that then nothing holds.
    for low in 0..=255_u8 {
        let mut x = bytes.array::<32>();
        x[0] = low;
        let signature = bytes.take(64);
        alike("a random point", |p| {
            p.public_key(alg, &PublicMaterial::Ed25519 { x }).is_ok_and(|key| key.verify(b"", &signature))
        });
    }
    // `jose` itself refuses what is not reduced, whoever the provider is.
    for low in 0..19 {
        let mut y = [0; 32];
        y[0] = low;
        let beyond = add(&y, &FIELD_25519).expect("below 2²⁵⁵");
        for sign in [0, 0x80] {
            let mut x = beyond;
            x[31] |= sign;
            let read =
                alike("not reduced", |p| VerifyingKey::public(p, PublicMaterial::Ed25519 { x }, None, None).is_ok());
            assert!(!read, "p + {low}");
        }
    }
}

/// FIPS 204 §7.2: of any bytes, as many as the set's.
#[test]
fn ml_dsa_keys_have_their_length() {
    let bytes = Bytes::new("ml-dsa");
    for set in MlDsa::ALL.iter().copied() {
        for (len, good) in
            [(0, false), (set.public_len() - 1, false), (set.public_len(), true), (set.public_len() + 1, false)]
        {
            let key = PublicMaterial::MlDsa { set, public: bytes.take(len) };
            assert_eq!(alike("ML-DSA", |p| p.public_key(set.alg(), &key).is_ok()), good, "{set:?} {len}");
        }
        let seed = Zeroizing::new(bytes.array());
        let of = |public| PrivateMaterial::MlDsa { set, seed: seed.clone(), public };
        let PublicMaterial::MlDsa { public: own, .. } = alike("derived", |p| public(p, set.alg(), &of(None))) else {
            panic!("another key")
        };
        assert!(alike("its own", |p| p.private_key(set.alg(), &of(Some(own.clone()))).is_ok()));
        assert!(!alike("another's", |p| p.private_key(set.alg(), &of(Some(bytes.take(own.len())))).is_ok()));
    }
}
