//! Cuts the browser half where `app/src/parts.rs` says.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use wasm_encoder::{Module, RawSection};
use wasm_split_cli_support::{Options, transform};
use wasmparser::Parser;

use crate::portal::{NAME, Profile};

/// What has come out.
pub(crate) struct Parts {
    /// What every page needs; it has still to be bound to JavaScript.
    pub(crate) main: PathBuf,
    /// The files of each part beside it, without their ending.
    pub(crate) files: BTreeMap<String, Vec<String>>,
}

/// Cuts `wasm`, and writes what comes out, with a script that loads the parts, into `directory`.
pub(crate) fn split(wasm: &Path, directory: &Path, profile: Profile) -> Result<Parts, String> {
    let failed = |e: &dyn std::fmt::Display| format!("{} cannot be cut into parts: {e}", wasm.display());
    let whole = fs::read(wasm).map_err(|e| failed(&e))?;
    let main = directory.join("whole.wasm");
    let script = format!("./{NAME}.js");
    let mut options = Options::new(&whole);
    options.output_dir = directory;
    options.main_out_path = &main;
    options.main_module = &script;
    options.link_name = "./parts.js";
    let cut = transform(options).map_err(|e| failed(&e))?;
    if matches!(profile, Profile::Release) {
        for part in &cut.split_modules {
            let plain = fs::read(part).map_err(|e| failed(&e))?;
            let bare = without_names(&plain).map_err(|e| failed(&e))?;
            fs::write(part, bare).map_err(|e| failed(&e))?;
        }
    }
    Ok(Parts { main, files: cut.prefetch_map.into_iter().collect() })
}

/// Leaves out what browsers do not run: functions' names are half of a part.
fn without_names(wasm: &[u8]) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    const CUSTOM: u8 = 0;
    let mut bare = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Some((id, range)) = payload?.as_section()
            && id != CUSTOM
        {
            let data = &wasm[range.start as usize..range.end as usize];
            bare.section(&RawSection { id, data });
        }
    }
    Ok(bare.finish())
}
