//! A connection whose end does not swallow the last answer.
//!
//! To close a socket with unread bytes in it resets it, and the other side loses the answer that says why (RFC 9112
//! §9.6). So the end is said first, and what still comes is read and thrown away, for a little while.

use std::io::Result;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// The stream, and how its end goes on.
pub(crate) struct Lingering {
    stream: TcpStream,
    discarded: usize,
    /// Set once our side is closed.
    patience: Option<Pin<Box<Sleep>>>,
}

impl Lingering {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, discarded: 0, patience: None }
    }
}

impl AsyncWrite for Lingering {
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let Self { stream, discarded, patience } = self.get_mut();
        let patience = match patience {
            Some(patience) => patience,
            None => {
                std::task::ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
                patience.insert(Box::pin(sleep(PATIENCE)))
            }
        };
        let mut scratch = [0; 4096];
        while *discarded < MOST {
            let mut buffer = ReadBuf::new(&mut scratch);
            match Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => *discarded += buffer.filled().len(),
                // The other side is done, or gone.
                Poll::Ready(_) => break,
                Poll::Pending => return patience.as_mut().poll(cx).map(Ok),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }
}

impl AsyncRead for Lingering {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

const PATIENCE: Duration = Duration::from_secs(1);
const MOST: usize = 4 * 1024 * 1024;
