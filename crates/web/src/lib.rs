//! Endpoints and pages: axum, templates, the stylesheet, the languages.
//!
//! This crate owns everything that is HTTP or seen. It must never reach the store or know SQL: what it
//! needs it asks of `idp`, and errors become answers in one place.

mod answer;
mod app;
mod app2app;
mod authorize;
mod check_session;
mod client;
mod cors;
mod discovery;
mod done;
mod error;
mod form;
pub mod front;
mod jwks;
mod leave;
mod leaving;
pub mod look;
mod look_of;
mod lost;
pub mod mails;
mod mini_programs;
mod pages;
mod passage;
mod password_problem;
mod person;
mod pictures;
mod presented;
mod protocol;
mod query;
mod router;
mod signed_out;
mod sites;
pub mod tools;
mod upload;
mod userinfo;
pub mod views;
mod visit;
mod waiting;
mod well_known;

pub use app::App;
pub use axum::Router;
pub use axum::response::Response;
pub use router::router;
