//! Endpoints and pages: axum, templates, the stylesheet, the languages.
//!
//! This crate owns everything that is HTTP or seen. It must never reach the store or know SQL: what it
//! needs it asks of `idp`, and errors become answers in one place.

pub mod look;
mod router;
pub mod views;

pub use axum::Router;
pub use router::router;
