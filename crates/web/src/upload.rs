//! A form with a file (`multipart/form-data`, RFC 7578), as browsers send it.

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::{HeaderMap, header};

use crate::app::App;
use crate::form::{self, Form};

/// The fields of a form, and the first file in it; what it is called and of which type it is said to be nobody reads.
pub(crate) struct Upload {
    /// The fields.
    pub(crate) form: Form,
    /// The file; empty where none was chosen.
    pub(crate) file: Vec<u8>,
}

impl Upload {
    fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let boundary = boundary(headers.get(header::CONTENT_TYPE)?.to_str().ok()?)?;
        let (mut fields, mut file) = (Vec::new(), None);
        for part in parts(body, boundary)? {
            match part.is_file {
                true if file.is_some() => return None,
                true => file = Some(part.content.to_vec()),
                false => fields.push((part.name, std::str::from_utf8(part.content).ok()?.to_owned())),
            }
        }
        Some(Self { form: Form::of(fields)?, file: file.unwrap_or_default() })
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        form::received(request, app, Self::parse, "the form is malformed, or has more than one file").await
    }
}

/// One part.
struct Part<'a> {
    name: String,
    is_file: bool,
    content: &'a [u8],
}

/// RFC 2046 §5.1.1: at most 70 characters, perhaps in quotes.
fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    let boundary = parameters.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?;
    let boundary = boundary.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(boundary);
    let fits = (1..=70).contains(&boundary.len()) && !boundary.contains(['"', ' ']);
    (kind.trim().eq_ignore_ascii_case("multipart/form-data") && fits).then_some(boundary)
}

/// Each stands between a delimiter with its line's end and the next one; after the last stand two hyphens.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(&delimiter.as_bytes()[2..])?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, delimiter.as_bytes())?;
        parts.push(part(&rest[..end])?);
        rest = &rest[end + delimiter.len()..];
        if parts.len() > MOST {
            return None;
        }
    }
    Some(parts)
}

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value.trim())
    })?;
    let mut parameters = disposition.strip_prefix("form-data")?.split(';').map(str::trim);
    let name = parameters.clone().find_map(|one| one.strip_prefix("name=\"")?.strip_suffix('"'))?;
    let is_file = parameters.any(|one| one.starts_with("filename"));
    Some(Part { name: name.to_owned(), is_file, content: &bytes[end + 4..] })
}

fn find(bytes: &[u8], words: &[u8]) -> Option<usize> {
    bytes.windows(words.len()).position(|window| window == words)
}

const MOST: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &[u8]) -> Option<Upload> {
        Upload::parse(&HeaderMap::from_iter([(header::CONTENT_TYPE, content_type.parse().unwrap())]), body)
    }

    const KIND: &str = "multipart/form-data; boundary=b0";
    const FORM: &[u8] = b"--b0\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nt\r\n\
        --b0\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a;b.png\"\r\nContent-Type: text/html\r\n\r\n\
        \x89PNG\r\n\0--b1\r\n--b0--\r\n";

    #[test]
    fn fields_and_the_file_are_read() {
        for kind in [KIND, "Multipart/Form-Data; charset=utf-8; boundary=\"b0\""] {
            let upload = read(kind, FORM).expect("a form");
            assert_eq!((upload.form.get("csrf"), upload.file.as_slice()), ("t", &b"\x89PNG\r\n\0--b1"[..]));
        }
        let none = b"--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b0--";
        assert!(read(KIND, none).expect("a form").file.is_empty());
        assert!(read(KIND, b"--b0--").expect("an empty form").file.is_empty());
    }

    #[test]
    fn what_is_malformed_is_refused() {
        let twice = [&FORM[..FORM.len() - 4], &b"\r\n"[..], &FORM[FORM.len() - 90..]].concat();
        for (kind, body) in [
            ("application/x-www-form-urlencoded", FORM),
            ("multipart/form-data", FORM),
            ("multipart/form-data; boundary=", FORM),
            ("multipart/form-data; boundary=b2", FORM),
            (KIND, &FORM[..FORM.len() - 8]),
            (KIND, &FORM[1..]),
            (KIND, b""),
            (KIND, b"--b0\r\n\r\nno head\r\n--b0--"),
            (KIND, b"--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--b0--"),
            (KIND, &twice),
        ] {
            assert!(read(kind, body).is_none(), "{kind} {}", String::from_utf8_lossy(body));
        }
        let many = b"--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n".repeat(MOST + 1);
        assert!(read(KIND, &[many, b"--b0--".to_vec()].concat()).is_none());
        for end in 0..FORM.len() {
            let _ = read(KIND, &FORM[..end]);
        }
    }
}
