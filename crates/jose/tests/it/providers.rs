//! Both providers pass the same tests. This process tests aws-lc, a second one RustCrypto: so no module needs to know of
//! it. To see one test fail there: `VESTIBULE_JOSE_PROVIDER=rustcrypto cargo test -p vestibule-jose NAME`.

use std::process::Command;

use crate::support::PROVIDER;

/// Without this test, and without those that ask both providers already.
#[test]
fn rustcrypto_passes_all_of_them() {
    let program = std::env::current_exe().expect("this program's path");
    let mut command = Command::new(program);
    command.args(["--skip", "providers::", "--skip", "cross::"]).env(PROVIDER, "rustcrypto");
    let output = command.output().expect("it starts");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "over RustCrypto:\n{said}{errors}");
    assert!(said.contains("test result: ok."), "nothing ran:\n{said}{errors}");
}
