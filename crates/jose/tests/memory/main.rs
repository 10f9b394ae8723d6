//! How much memory an input costs: no entry point of the crate holds more than 16 MiB above what it was given, whatever
//! that is. A binary of its own, since the allocator counts for the whole process.
//!
//! Every input of `inputs` goes through every entry of `entries`, with both providers. What aws-lc allocates itself, in
//! C, is not seen; what the provider in Rust does for the same is. Not in the list is `base64url::decode`, whose answer
//! is three bytes for four signs; all that reads foreign text bounds it before.

#![cfg(feature = "aws-lc")]

mod entries;
mod inputs;

use std::hint::black_box;

use peak_alloc::PeakAlloc;
use vestibule_jose::provider::{SeededRandom, aws_lc, rustcrypto};

use entries::{ENTRIES, Input, Reader};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Above the input.
const ALLOWED: usize = 16 << 20;

/// One test, so that nothing else allocates meanwhile.
#[test]
fn no_input_costs_more_than_16_mib() {
    let pure = rustcrypto(SeededRandom::new(&[7; SeededRandom::SEED_LEN]).expect("long enough").into_source());
    let readers = [("aws-lc", Reader::new(aws_lc())), ("RustCrypto", Reader::new(&pure))];
    let mut beyond = Vec::new();
    for (input, make) in inputs::all() {
        let text = Input::from(make());
        for (provider, reader) in &readers {
            for (entry, read) in ENTRIES {
                let above = cost(|| read(reader, &text));
                if above > ALLOWED {
                    beyond.push(format!("{entry} of {input} with {provider}: {} KiB", above >> 10));
                }
            }
        }
    }
    assert!(beyond.is_empty(), "{beyond:#?}");
    // The scales are right: what is held is seen, and what was let go before too.
    assert!((ALLOWED..ALLOWED + 100_000).contains(&cost(|| drop(black_box(vec![1u8; ALLOWED])))));
}

/// What is held at most while this runs, beyond what was before.
fn cost(run: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    run();
    MEMORY.peak_usage().saturating_sub(before)
}
