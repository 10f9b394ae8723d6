//! Tidy by its front door: a small workspace on disk that breaks one rule, and the command that must name it.
//! Each case first stands on a healthy house, so that a rule that always complains would be seen as well.
//! Nothing here may reach the network: the crates of others are folders beside the workspace.

mod fixture;
mod tidy;
