//! The crate through its public API: the specification's own vectors, and each of them with one thing wrong.

mod support;

mod assertions;
mod registrations;
mod trust;
