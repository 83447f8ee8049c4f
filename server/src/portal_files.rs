//! Where the portal's files are: the WASM bundle, its loader and the style sheet.

use std::path::{Path, PathBuf};

/// The directory's name beside the program.
const NAME: &str = "site";
/// The file without which the pages stay without script.
const BUNDLE: &str = "pkg/portal.json";

/// What was found.
#[derive(Debug)]
pub(crate) struct PortalFiles {
    /// The directory, whether it holds them or not.
    pub(crate) directory: PathBuf,
    /// True when it holds them.
    pub(crate) complete: bool,
}

/// The directory that was asked for, else `site` beside the program, else beside its profile's directory, where `cargo xtask
/// portal` puts it.
pub(crate) fn find(asked: Option<&Path>) -> PortalFiles {
    let program = std::env::current_exe().unwrap_or_default();
    let usual = candidates(&program);
    let directory = match asked {
        Some(asked) => asked.canonicalize().unwrap_or_else(|_| asked.to_owned()),
        None => usual.iter().find(|place| place.join(BUNDLE).is_file()).unwrap_or(&usual[0]).clone(),
    };
    PortalFiles { complete: directory.join(BUNDLE).is_file(), directory }
}

fn candidates(program: &Path) -> [PathBuf; 2] {
    let beside = program.parent().unwrap_or(Path::new("."));
    [beside.join(NAME), beside.parent().unwrap_or(beside).join(NAME)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_looks_beside_itself_and_beside_its_profile() {
        let [beside, above] = candidates(Path::new("/t/debug/tandem"));
        assert_eq!((beside, above), ("/t/debug/site".into(), "/t/site".into()));
    }

    #[test]
    fn a_directory_without_the_bundle_is_told_apart() {
        let files = find(Some(Path::new("/nonexistent")));
        assert!(!files.complete);
        assert_eq!(files.directory, PathBuf::from("/nonexistent"));
    }
}
