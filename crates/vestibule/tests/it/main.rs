//! The binary as others meet it: started, asked over TCP, stopped by a signal.

mod config;
mod limits;
mod program;
mod start;
