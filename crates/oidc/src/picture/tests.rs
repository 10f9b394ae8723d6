use super::*;

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    // Nobody here looks at the sum: browsers do.
    [&length, name.as_slice(), data, b"\0\0\0\0"].concat()
}

fn header(width: u32, height: u32) -> Vec<u8> {
    chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat())
}

fn png_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    [PNG_SIGNATURE.to_vec(), chunks.concat()].concat()
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

fn frame(width: u16, height: u16) -> Vec<u8> {
    segment(0xc0, &[&[8], &height.to_be_bytes()[..], &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat())
}

fn jpeg_of(segments: &[Vec<u8>], scan: &[u8]) -> Vec<u8> {
    let start = segment(0xda, &[1, 1, 0, 0, 63, 0]);
    [&[0xff, 0xd8], segments.concat().as_slice(), &start, scan, &[0xff, 0xd9]].concat()
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        body.extend_from_slice(*name);
        body.extend_from_slice(&u32::try_from(data.len()).expect("short").to_le_bytes());
        body.extend_from_slice(data);
        body.extend(std::iter::repeat_n(0, data.len() % 2));
    }
    [b"RIFF", &u32::try_from(body.len()).expect("short").to_le_bytes()[..], &body].concat()
}

/// A key frame of 100 by 50.
const VP8: &[u8] = &[0, 0, 0, 0x9d, 0x01, 0x2a, 100, 0, 50, 0, 1, 2, 3];
/// 100 by 50 with a profile, transparency, Exif and XMP told of.
const VP8X: &[u8] = &[0b0011_1100, 0, 0, 0, 99, 0, 0, 49, 0, 0];

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// PNG §11: the picture stays, and nothing that says where, when or by whom it was taken.
#[test]
fn a_png_keeps_its_picture_alone() {
    let (data, end) = (chunk(b"IDAT", b"dots"), chunk(b"IEND", b""));
    let told = [
        header(40, 30),
        chunk(b"eXIf", b"SECRET"),
        chunk(b"tEXt", b"SECRET"),
        chunk(b"iTXt", b"SECRET"),
        chunk(b"tIME", b"SECRET"),
        chunk(b"acTL", b"SECRET"),
        chunk(b"sRGB", b"\0"),
        chunk(b"PLTE", b"abc"),
        data.clone(),
        chunk(b"zTXt", b"SECRET"),
        end.clone(),
        b"SECRET after the end".to_vec(),
    ];
    let picture = Picture::read(&png_of(&told)).expect("a picture");
    assert_eq!((picture.kind, picture.size), (Kind::Png, (40, 30)));
    assert!(!holds(&picture.bytes, b"SECRET") && holds(&picture.bytes, b"dots"));
    assert_eq!(Picture::read(&picture.bytes), Ok(picture.clone()), "what is clean stays as it is");
    for (broken, why) in [
        (vec![data.clone(), end.clone()], "no header"),
        (vec![header(40, 30), end.clone()], "no picture"),
        (vec![header(40, 30), data.clone()], "no end"),
        (vec![header(40, 30), header(4, 3), data.clone(), end.clone()], "two headers"),
        (vec![header(40, 30), chunk(b"EVIL", b"x"), data.clone(), end.clone()], "a part that must be understood"),
        (vec![chunk(b"tEXt", b"x"), header(40, 30), data.clone(), end.clone()], "the header is not the first"),
    ] {
        assert_eq!(Picture::read(&png_of(&broken)), Err(Unfit::Unknown), "{why}");
    }
    for (width, height) in [(0, 1), (1, 0), (WIDEST + 1, 1), (1, u32::MAX)] {
        let file = png_of(&[header(width, height), data.clone(), end.clone()]);
        assert_eq!(Picture::read(&file), Err(Unfit::Dimensions), "{width} by {height}");
    }
}

/// T.81 annex B.
#[test]
fn a_jpeg_keeps_its_picture_alone() {
    let scan = [1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4];
    let told = [
        segment(0xe0, b"JFIF\0SECRET preview"),
        segment(0xe1, b"Exif\0\0SECRET place"),
        segment(0xe2, b"ICC_PROFILE\0SECRET"),
        segment(0xed, b"Photoshop SECRET"),
        segment(0xee, b"Adobe\0colours"),
        segment(0xfe, b"SECRET comment"),
        segment(0xdb, &[0; 65]),
        vec![0xff, 0xff],
        frame(640, 480)[1..].to_vec(),
        segment(0xc4, &[0; 20]),
    ];
    let file = [jpeg_of(&told, &scan), b"SECRET after the end".to_vec()].concat();
    let picture = Picture::read(&file).expect("a picture");
    assert_eq!((picture.kind, picture.size), (Kind::Jpeg, (640, 480)));
    assert!(!holds(&picture.bytes, b"SECRET") && holds(&picture.bytes, &scan) && holds(&picture.bytes, b"colours"));
    assert_eq!(Picture::read(&picture.bytes), Ok(picture.clone()));
    for (file, why) in [
        (jpeg_of(&[], &scan), "no frame"),
        (jpeg_of(&[frame(1, 1), frame(1, 1)], &scan), "two frames"),
        (jpeg_of(&[segment(0xc3, &[0; 12])], &scan), "lossless"),
        (jpeg_of(&[frame(640, 480)], &scan)[..33].to_vec(), "no end"),
        ([&[0xff, 0xd8, 0xff, 0xe1, 0, 1][..], &[0; 20]].concat(), "a length below its own"),
    ] {
        assert_eq!(Picture::read(&file), Err(Unfit::Unknown), "{why}");
    }
    assert_eq!(Picture::read(&jpeg_of(&[frame(0, 480)], &scan)), Err(Unfit::Dimensions));
}

/// RFC 9649 §2.7.
#[test]
fn a_webp_keeps_its_picture_alone() {
    let told = riff(&[
        (b"VP8X", VP8X),
        (b"ICCP", b"SECRET"),
        (b"ALPH", b"clear"),
        (b"VP8 ", VP8),
        (b"EXIF", b"SECRET place"),
        (b"XMP ", b"SECRET"),
    ]);
    let picture = Picture::read(&[told, b"SECRET after the end".to_vec()].concat()).expect("a picture");
    assert_eq!((picture.kind, picture.size), (Kind::Webp, (100, 50)));
    assert!(!holds(&picture.bytes, b"SECRET") && holds(&picture.bytes, b"clear"));
    assert_eq!(picture.bytes[20], 0b0001_0000, "the header tells of nothing that is gone");
    assert_eq!(Picture::read(&picture.bytes), Ok(picture.clone()));
    let simple = Picture::read(&riff(&[(b"VP8 ", VP8)])).expect("a picture");
    assert_eq!(simple.bytes, riff(&[(b"VP8 ", VP8)]));
    let lossless = [0x2f, 99, 0x40, 0x0c, 0x10, 7];
    assert_eq!(Picture::read(&riff(&[(b"VP8L", &lossless)])).map(|picture| picture.size), Ok((100, 50)));
    let another: &[u8] = &[0, 0, 0, 0, 199, 0, 0, 49, 0, 0];
    for (chunks, why) in [
        (vec![(b"VP8X", VP8X)], "no picture"),
        (vec![(b"VP8X", VP8X), (b"ANIM", b"......"), (b"VP8 ", VP8)], "a film"),
        (vec![(b"VP8 ", VP8), (b"VP8 ", VP8)], "two pictures"),
        (vec![(b"VP8X", another), (b"VP8 ", VP8)], "another canvas"),
        (vec![(b"EVIL", b"x"), (b"VP8 ", VP8)], "what nobody knows"),
    ] {
        assert_eq!(Picture::read(&riff(&chunks)), Err(Unfit::Unknown), "{why}");
    }
}

#[test]
fn what_it_is_the_bytes_say() {
    for text in ["", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<html>", "GIF89a", "%PDF-1.7", "\u{89}PNG"] {
        assert_eq!(Picture::read(text.as_bytes()), Err(Unfit::Unknown), "{text}");
    }
    let long = png_of(&[header(1, 1), chunk(b"IDAT", &vec![0; LARGEST]), chunk(b"IEND", b"")]);
    assert_eq!(Picture::read(&long), Err(Unfit::TooLarge));
    for kind in [Kind::Png, Kind::Jpeg, Kind::Webp] {
        assert_eq!(Kind::of_media_type(kind.media_type()), Some(kind));
    }
}

/// Cut short or with one byte turned over, a picture is refused or still clean; nothing stops the program.
#[test]
fn noise_is_refused_or_clean() {
    let files = [
        png_of(&[header(4, 3), chunk(b"tEXt", b"SECRET"), chunk(b"IDAT", b"dots"), chunk(b"IEND", b"")]),
        jpeg_of(&[segment(0xe1, b"SECRET"), frame(4, 3)], &[1, 2, 3]),
        riff(&[(b"VP8X", VP8X), (b"VP8 ", VP8), (b"EXIF", b"SECRET")]),
    ];
    for file in files {
        for end in 0..file.len() {
            let _ = Picture::read(&file[..end]);
            for bit in 0..8 {
                let mut turned = file.clone();
                turned[end] ^= 1 << bit;
                if let Ok(picture) = Picture::read(&turned) {
                    assert_eq!(Picture::read(&picture.bytes).map(|again| again.bytes), Ok(picture.bytes));
                }
            }
        }
    }
}
