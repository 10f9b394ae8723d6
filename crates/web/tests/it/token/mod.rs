//! `/oauth2/token`, and what becomes of the tokens.

mod access;
mod algorithms;
mod clients;
mod ends;
mod exchange;
mod fetched_keys;
mod races;
