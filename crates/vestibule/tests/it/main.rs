//! The binary as others meet it: started, asked over TCP, stopped by a signal.

mod client;
mod config;
mod help;
mod limits;
mod program;
mod session;
mod start;
mod user;
