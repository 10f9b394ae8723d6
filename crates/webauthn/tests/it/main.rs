//! The crate through its public API: the specification's own vectors, and each of them with one thing wrong.

mod maker;
mod support;

mod android;
mod apple;
mod assertions;
mod registrations;
mod trust;
