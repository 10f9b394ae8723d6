//! As little HTTP/1.1 as a load generator needs: requests are bytes made before, answers are a status and a body.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection that is kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Clone, Copy)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    /// The lines of the head, without the empty one.
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request as it stands and reads its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (head, end) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(head) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break (head, head + 4 + length(&self.buffer[..head])?);
            }
        };
        while self.buffer.len() < end {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection in an answer");
            }
        }
        let text = std::str::from_utf8(&self.buffer[..head]).context("the head of an answer")?;
        let status = text.get(9..12).and_then(|digits| digits.parse().ok()).context("no status")?;
        Ok(Answer { status, head: text, body: &self.buffer[head + 4..end] })
    }
}

impl Answer<'_> {
    /// The values of a header.
    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.filter(move |(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Refuses any status but this one, with the beginning of the body.
    pub(crate) fn expect(&self, status: u16) -> Result<()> {
        if self.status == status {
            return Ok(());
        }
        let begin = &self.body[..self.body.len().min(300)];
        bail!("{} where {status} was due: {}", self.status, String::from_utf8_lossy(begin));
    }
}

/// `GET path`.
pub(crate) fn get(host: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
}

/// `POST path` with a form, and further header lines, each with its line end.
pub(crate) fn post(host: SocketAddr, path: &str, headers: &str, form: &str) -> Vec<u8> {
    let length = form.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{form}"
    )
    .into_bytes()
}

/// Appends `text` as a form has it.
pub(crate) fn escape(text: &str, to: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => to.push(char::from(byte)),
            _ => to.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// A form of these fields.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        escape(name, &mut form);
        form.push('=');
        escape(value, &mut form);
    }
    form
}

/// The length of the body. None of the answers measured here is chunked.
fn length(head: &[u8]) -> Result<usize> {
    for line in head.split(|byte| *byte == b'\n') {
        if let Some(name) = line.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME)) {
            let value = std::str::from_utf8(&line[name.len()..]).unwrap_or_default();
            return value.trim().parse().context("content-length");
        }
    }
    // 204 and 304 have no body.
    if matches!(head.get(9..12), Some(b"204" | b"304")) {
        return Ok(0);
    }
    bail!("an answer without a length");
}

const NAME: &[u8] = b"content-length:";
