//! The token tools as a WebAssembly module: JSON goes in through one buffer, JSON comes out through the same.
//!
//! It owns the border of the module's memory and nothing else. It must never compute anything itself (`toolbox` does), and
//! never hold a clock or a source of randomness: both come with each call. The host writes only within the buffer that it
//! was given, so that no pointer is ever read here.

mod call;

use std::cell::RefCell;

use toolbox::json::Desk;
use zeroize::{Zeroize as _, Zeroizing};

/// Makes the buffer `length` bytes long and gives its address, at which it stays until the next call. A buffer of another
/// length than before is wiped first.
#[expect(unsafe_code, reason = "the host finds an export by its name, which must not be mangled")]
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        if buffer.len() != length {
            // Growing may move the bytes and leave a copy behind.
            buffer.zeroize();
            buffer.resize(length, 0);
        }
        buffer.as_mut_ptr()
    })
}

/// Answers the question that stands as JSON in the buffer (`toolbox::json` has the shapes), puts the answer in its place
/// and gives its length.
#[expect(unsafe_code, reason = "the host finds an export by its name, which must not be mangled")]
#[unsafe(no_mangle)]
pub extern "C" fn call() -> usize {
    let asked = BUFFER.take();
    let answer = DESK.with_borrow_mut(|desk| call::answer(desk, &asked));
    let length = answer.len();
    BUFFER.set(Zeroizing::new(answer.as_bytes().to_vec()));
    length
}

/// Feeds what stands in the buffer to a stream that was begun; 1 if there is such a stream, else 0.
#[expect(unsafe_code, reason = "the host finds an export by its name, which must not be mangled")]
#[unsafe(no_mangle)]
pub extern "C" fn update(stream: u32) -> u32 {
    BUFFER.with_borrow(|buffer| DESK.with_borrow_mut(|desk| desk.update(stream.into(), buffer)).into())
}

thread_local! {
    static BUFFER: RefCell<Zeroizing<Vec<u8>>> = RefCell::default();
    static DESK: RefCell<Desk> = RefCell::default();
}
