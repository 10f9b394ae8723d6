//! `qr`: what is drawn is read again.

use vestibule_toolbox as toolbox;

use crate::support::{done, member, refused};

#[test]
fn what_is_drawn_is_read() {
    for text in ["x", "otpauth://totp/Example:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example"]
    {
        let output = done("qr draw", &[("text", text)]);
        let picture = pgm(&member(&output, "lines"));
        let read: toolbox::Output =
            done("qr read", &[("picture-base64", &toolbox::encoding::Encoding::Base64.encode(&picture))]);
        assert_eq!(read.text(), Some(text));
    }
    assert!(done("qr draw", &[("text", "x"), ("svg", "")]).text().expect("text").starts_with("<svg "));
    assert!(refused("qr draw", &[("text", &"x".repeat(3000))]).contains("too long"));
}

#[test]
fn what_is_no_picture_is_refused() {
    let base64 = |bytes: &[u8]| toolbox::encoding::Encoding::Base64.encode(bytes);
    for picture in [
        &b""[..],
        b"P6 1 1 255 x",
        b"P5 1 1 255 ",
        b"P5 2 2 255 xxx",
        b"P5 4294967295 4294967295 255 x",
        b"P5 0 0 255 ",
        b"P5 1 1 65535 xx",
        b"P5 #",
        b"P5 x",
    ] {
        assert!(refused("qr read", &[("picture-base64", &base64(picture))]).contains("not PGM"), "{picture:?}");
    }
    assert!(refused("qr read", &[("picture-base64", &base64(b"P5 # a comment\n1 1 255 x"))]).contains("no QR code"));
}

/// The terminal's half blocks as pixels, each module four by four.
fn pgm(lines: &str) -> Vec<u8> {
    let rows: Vec<Vec<bool>> = lines
        .lines()
        .flat_map(|line| {
            let half =
                |top: bool| line.chars().map(move |letter| letter == '█' || letter == if top { '▀' } else { '▄' });
            [half(true).collect(), half(false).collect::<Vec<_>>()]
        })
        .collect();
    let side = rows[0].len();
    let mut picture = format!("P5 {} {} 255\n", side * 4, side * 4).into_bytes();
    for y in 0..side * 4 {
        picture.extend((0..side * 4).map(|x| if rows[y / 4][x / 4] { 255 } else { 0 }));
    }
    picture
}
