//! The rules of the token endpoint, one module per grant type. A grant never knows another.

pub mod code;
pub mod device;
pub mod device_proof;
pub mod exchange;
pub mod grant;
pub mod refresh;
