//! Unpacks the module of the token tools, in the browser: a small module of its own, which stands before the large one in
//! its script. LZMA makes that one a quarter smaller than what browsers unpack by themselves.
//!
//! It knows the packed form and nothing else; `cargo xtask tools` writes it. Bytes go in through one buffer and come out
//! through the same, as those of the large module do.

use std::cell::RefCell;

use lzma_rust2::LzmaReader;
// The trait of `read_exact`: its own, or where another crate of the build asks for that, the standard library's.
#[allow(unused_imports, reason = "one of the two is another crate's choice")]
use {lzma_rust2::*, std::io::Read as _};

/// Makes the buffer `length` bytes long and gives its address, at which it stays until the next call.
#[expect(unsafe_code, reason = "the host finds an export by its name, which must not be mangled")]
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(length, 0);
        buffer.as_mut_ptr()
    })
}

/// Unpacks what stands in the buffer, puts the module in its place and gives its length; 0 if nothing could be unpacked.
#[expect(unsafe_code, reason = "the host finds an export by its name, which must not be mangled")]
#[unsafe(no_mangle)]
pub extern "C" fn unpack() -> usize {
    let module = unpacked(&BUFFER.take()).unwrap_or_default();
    let length = module.len();
    BUFFER.set(module);
    length
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::default();
}

/// The module of what was packed: four bytes that say where in it [`products`] were left out, or [`NOWHERE`], then «LZMA
/// alone», which is a byte of properties, the dictionary's size, the length in eight bytes, and the stream.
pub fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let (at, packed) = packed.split_first_chunk()?;
    let at = u32::from_le_bytes(*at);
    let length = u64::from_le_bytes(packed.get(5..13)?.try_into().ok()?);
    let mut module = vec![0; usize::try_from(length).ok()?];
    LzmaReader::new_mem_limit(packed, u32::MAX, None).ok()?.read_exact(&mut module).ok()?;
    if at != NOWHERE {
        let products = products();
        module.get_mut(usize::try_from(at).ok()?..)?.get_mut(..products.len())?.copy_from_slice(&products);
    }
    Some(module)
}

/// All products of two elements of GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1, which what reads QR codes carries as a table
/// (ISO/IEC 18004 §7.5). No compression makes it smaller: it is left out, and computed again.
pub fn products() -> Vec<u8> {
    let twice = |a: u8| (a << 1) ^ if a & 0x80 == 0 { 0 } else { 0x1d };
    let product = |a: u8, b: u8| {
        let (sum, _) = (0..8).fold((0, a), |(sum, a), bit| (if b >> bit & 1 == 1 { sum ^ a } else { sum }, twice(a)));
        sum
    };
    (0..=255).flat_map(|a| (0..=255).map(move |b| product(a, b))).collect()
}

/// No products were left out.
pub const NOWHERE: u32 = u32::MAX;
