//! The messages in `tests/corpus`.

use std::path::{Path, PathBuf};

use bytes::Bytes;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// One message by its name.
pub(crate) fn file(name: &str) -> Bytes {
    let path = folder().join(format!("{name}.sip"));
    std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display())).into()
}

/// All messages of a subfolder, with their names.
pub(crate) fn all(under: &str) -> Vec<(String, Bytes)> {
    let entries = std::fs::read_dir(folder().join(under)).unwrap();
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sip"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, Bytes::from(std::fs::read(&path).unwrap()))
        })
        .collect();
    found.sort();
    found
}
