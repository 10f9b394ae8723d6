//! The pages of the house, each by itself: what two of them need stands above them.

pub(crate) mod account;
pub(crate) mod device;
pub(crate) mod handoff;
pub(crate) mod home;
pub(crate) mod logout;
pub(crate) mod not_me;
pub(crate) mod recover;
pub(crate) mod set_password;
pub(crate) mod signin;
pub(crate) mod signup;
