//! Signing keys.

use testkit_macros::both_databases;

use crate::house::{House, ISSUER};

#[both_databases]
async fn a_fresh_house_opens(house: House) {
    assert_eq!(house.node().await.issuer(), ISSUER);
}
