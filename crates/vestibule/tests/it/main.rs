//! The binary as others meet it: started, asked over TCP, stopped by a signal.

mod attestation;
mod brand;
mod client;
mod config;
mod demo;
mod doctor;
mod faults;
mod group;
mod help;
mod http;
mod init;
mod key;
mod limits;
mod metrics;
mod person;
mod program;
mod proxies;
mod readme;
mod revoked;
mod session;
mod site;
mod start;
mod tls;
mod tools;
mod user;
