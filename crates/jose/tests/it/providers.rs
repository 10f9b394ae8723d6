//! Both providers pass the same tests. This process tests aws-lc, a second one RustCrypto: so no module needs to know of
//! it. To see one test fail there: `VESTIBULE_JOSE_PROVIDER=rustcrypto cargo test -p vestibule-jose NAME`.

use std::process::Command;

use crate::support::{PROVIDER, tests_rustcrypto};

#[test]
fn rustcrypto_passes_all_of_them() {
    if tests_rustcrypto() {
        return;
    }
    let program = std::env::current_exe().expect("this program's path");
    let output = Command::new(program).env(PROVIDER, "rustcrypto").output().expect("it starts");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "over RustCrypto:\n{said}{errors}");
    assert!(said.contains("test result: ok."), "nothing ran:\n{said}{errors}");
}
