//! `/oauth2/token`, and what becomes of the tokens.

mod access;
mod algorithms;
mod clients;
mod ends;
mod fetched_keys;
mod races;
