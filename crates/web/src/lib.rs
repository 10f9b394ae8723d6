//! web

pub mod look;
pub mod views;
