//! The book's page of the tools is what the definitions say.

use std::path::Path;

use vestibule_toolbox as toolbox;

#[test]
fn the_book_is_up_to_date() {
    let page = toolbox::reference::page();
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/book/tools.md");
    if std::fs::read_to_string(&book).unwrap_or_default() != page {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tools.md");
        std::fs::write(&new, page).expect("written");
        panic!(
            "docs/book/tools.md is not what the definitions say; copy {} over it and look at the change",
            new.display()
        );
    }
}
