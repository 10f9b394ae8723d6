//! The binary as others meet it: started, asked over TCP, stopped by a signal.

mod client;
mod config;
mod doctor;
mod faults;
mod help;
mod http;
mod init;
mod key;
mod limits;
mod person;
mod program;
mod session;
mod start;
mod user;
