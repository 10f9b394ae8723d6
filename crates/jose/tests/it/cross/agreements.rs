//! Key agreement.

use vestibule_jose::provider::{Agree, Curve, PrivateMaterial, Provider, ProviderError, PublicMaterial};
use zeroize::Zeroizing;

use super::numbers::{FIELD_25519, add, order, prime};
use super::{Bytes, alike, both, pairs};

const CURVES: &[Curve] = &[Curve::P256, Curve::P384, Curve::P521];

fn ec(curve: Curve, d: &[u8]) -> PrivateMaterial {
    PrivateMaterial::Ec { curve, d: Zeroizing::new(d.to_vec()), public: None }
}

fn x25519(d: [u8; 32]) -> PrivateMaterial {
    PrivateMaterial::X25519 { d: Zeroizing::new(d), public: None }
}

fn own(provider: &dyn Provider, key: &PrivateMaterial) -> Box<dyn Agree> {
    provider.agreement_key(key).expect("a private key")
}

/// Fixed keys on both sides: one secret, whoever computes it.
#[test]
fn both_agree_on_the_same_secret() {
    let bytes = Bytes::new("agree");
    let scalar = |curve: Curve| [&[0][..], &bytes.take(curve.field_len() - 1)].concat();
    let mut sides: Vec<_> = CURVES.iter().map(|curve| [(); 2].map(|()| ec(*curve, &scalar(*curve)))).collect();
    sides.push([(); 2].map(|()| x25519(bytes.array())));
    for [a, b] in sides {
        let public = |key: &PrivateMaterial| alike("public", |p| own(p, key).public().clone());
        let ab = alike("a with b", |p| own(p, &a).agree(&public(&b))).expect("agreed");
        assert_eq!(alike("b with a", |p| own(p, &b).agree(&public(&a))).expect("agreed"), ab);
    }
}

/// One makes the key for one message, the other holds the recipient's.
#[test]
fn a_key_for_one_agreement_fits_the_other_side() {
    let bytes = Bytes::new("ephemeral");
    let scalar = |curve: Curve| [&[0][..], &bytes.take(curve.field_len() - 1)].concat();
    let mut recipients: Vec<_> = CURVES.iter().map(|curve| ec(*curve, &scalar(*curve))).collect();
    recipients.push(x25519(bytes.array()));
    for recipient in recipients {
        for (name, sender, receiver) in pairs() {
            let recipient = own(receiver, &recipient);
            let ephemeral = sender.ephemeral_key(recipient.public()).expect("a key");
            let sent = ephemeral.agree(recipient.public()).expect("agreed");
            assert_eq!(recipient.agree(ephemeral.public()).expect("agreed"), sent, "{name}");
        }
    }
    let k256 = PublicMaterial::Ec { curve: Curve::Secp256k1, point: vec![4; 65] };
    assert!(alike("secp256k1", |p| p.ephemeral_key(&k256).map(drop)).is_err());
    assert!(alike("Ed25519", |p| p.ephemeral_key(&PublicMaterial::Ed25519 { x: [9; 32] }).map(drop)).is_err());
}

/// SEC 1 §3.2.1 and §3.2.2.1: scalars from 1 to the order, points on the curve, and halves that belong together.
#[test]
fn what_cannot_be_a_key_is_refused() {
    for curve in CURVES.iter().copied() {
        let len = curve.field_len();
        let small = |last: u8| [vec![0; len - 1], vec![last]].concat();
        let below = |n: &[u8]| [&n[..len - 1], &[n[len - 1] - 1]].concat();
        for (name, d, good) in [
            ("1", small(1), true),
            ("order - 1", below(&order(curve)), true),
            ("0", small(0), false),
            ("order", order(curve), false),
            ("all ones", vec![0xff; len], false),
            ("short", vec![1; len - 1], false),
            ("long", [&[0][..], &small(1)].concat(), false),
            ("nothing", vec![], false),
        ] {
            let made = alike(name, |p| p.agreement_key(&ec(curve, &d)).map(drop));
            assert_eq!(made, if good { Ok(()) } else { Err(ProviderError::KeyRejected) }, "{curve:?} {name}");
        }
        let point = |d| match alike("public", |p| own(p, &ec(curve, d)).public().clone()) {
            PublicMaterial::Ec { point, .. } => point,
            other => panic!("{other:?}"),
        };
        let (one, two) = (point(&small(1)), point(&small(2)));
        let (x, y) = one[1..].split_at(len);
        let compressed = [&[2 + y[len - 1] % 2], x].concat();
        let hybrid = [&[6 + y[len - 1] % 2], x, y].concat();
        let mirrored_wrongly = [&[4], y, x].concat();
        for (name, peer) in [
            ("off the curve", mirrored_wrongly),
            ("zeros", [&[4], &vec![0; 2 * len][..]].concat()),
            ("x is the prime", [&[4], &prime(curve)[..], y].concat()),
            ("infinity", vec![0]),
            ("compressed", compressed),
            ("hybrid", hybrid),
            ("without its head", one[1..].to_vec()),
            ("short", one[..2 * len].to_vec()),
            ("long", [&one[..], &[0]].concat()),
            ("nothing", vec![]),
        ] {
            let peer = PublicMaterial::Ec { curve, point: peer };
            let agreed = alike(name, |p| own(p, &ec(curve, &small(7))).agree(&peer));
            assert_eq!(agreed, Err(ProviderError::KeyRejected), "{curve:?} {name}");
        }
        let halves = |public| PrivateMaterial::Ec { curve, d: Zeroizing::new(small(1)), public: Some(public) };
        assert!(alike("halves", |p| p.agreement_key(&halves(one.clone())).map(drop)).is_ok());
        assert!(alike("halves", |p| p.agreement_key(&halves(two.clone())).map(drop)).is_err());
        assert!(
            alike("X25519", |p| own(p, &ec(curve, &small(7))).agree(&PublicMaterial::X25519 { x: [9; 32] })).is_err()
        );
    }
    let mixed = |p: &dyn Provider| {
        let mut small = [0; 48];
        small[47] = 1;
        own(p, &ec(Curve::P256, &small[16..])).agree(own(p, &ec(Curve::P384, &small)).public())
    };
    assert_eq!(alike("two curves", mixed), Err(ProviderError::KeyRejected));
    assert!(alike("secp256k1", |p| p.agreement_key(&ec(Curve::Secp256k1, &[1; 32])).map(drop)).is_err());
}

/// RFC 7748 §5 and §6.1: any 32 bytes are a scalar and a coordinate (the highest bit does not count); a secret of zeros is
/// refused.
#[test]
fn x25519_takes_any_number_and_refuses_zeros() {
    let bytes = Bytes::new("x25519");
    let agreed =
        |name: &str, d: [u8; 32], x: [u8; 32]| alike(name, |p| own(p, &x25519(d)).agree(&PublicMaterial::X25519 { x }));
    for _ in 0..8 {
        let (d, mut x) = (bytes.array(), bytes.array::<32>());
        let secret = agreed("random", d, x).expect("agreed");
        x[31] ^= 0x80;
        assert_eq!(agreed("the highest bit", d, x).expect("agreed"), secret);
    }
    agreed("a scalar of zeros", [0; 32], bytes.array()).expect("clamped");
    for d in [[0; 32], [0xff; 32], bytes.array()] {
        // Twice the neutral element, the point of order 2, those of order 8, and each beyond the field's prime.
        for small in SMALL_ORDER {
            for x in [Some(*small), add(small, &FIELD_25519)] {
                let Some(x) = x else { continue };
                assert_eq!(agreed("small order", d, x), Err(ProviderError::KeyRejected), "{x:?}");
            }
        }
        // Not reduced and not of small order: 9 + p.
        let mut nine = [0; 32];
        nine[0] = 9;
        let beyond = add(&nine, &FIELD_25519).expect("below 2²⁵⁵");
        assert_eq!(agreed("9 + p", d, beyond).expect("agreed"), agreed("9", d, nine).expect("agreed"));
    }
    let halves = |x| PrivateMaterial::X25519 { d: Zeroizing::new([5; 32]), public: Some(x) };
    assert!(alike("halves", |p| p.agreement_key(&halves([9; 32])).map(drop)).is_err());
    let [right, _] = both().map(|(_, p)| match own(p, &x25519([5; 32])).public() {
        PublicMaterial::X25519 { x } => *x,
        other => panic!("{other:?}"),
    });
    assert!(alike("halves", |p| p.agreement_key(&halves(right)).map(drop)).is_ok());
}

/// Little-endian: 0, 1, p - 1 and the two of order 8.
const SMALL_ORDER: &[[u8; 32]] = &[
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];
