//! Writes the Kotlin and the Swift, and for the tests the Python, of a built library: `generate LIBRARY FOLDER LANGUAGE…`.

use uniffi::{GenerateOptions, TargetLanguage, generate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, folder, languages @ ..] = &arguments[..] else { return Err(USAGE.into()) };
    for name in languages {
        let language = match name.as_str() {
            "kotlin" => TargetLanguage::Kotlin,
            "swift" => TargetLanguage::Swift,
            "python" => TargetLanguage::Python,
            _ => return Err(USAGE.into()),
        };
        generate(GenerateOptions {
            languages: vec![language],
            source: library.into(),
            out_dir: format!("{folder}/{name}").into(),
            config_override: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/uniffi.toml").into()),
            format: false,
            crate_filter: Some("vestibule_native_bindings".to_owned()),
            metadata_no_deps: true,
        })?;
    }
    Ok(())
}

const USAGE: &str = "generate LIBRARY FOLDER kotlin|swift|python…";
