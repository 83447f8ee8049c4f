//! Files packed once as small as they get, instead of quickly at each request.

use std::{ffi::OsString, fs, path::Path};

use brotli::enc::BrotliEncoderParams;

/// Puts `file.br` (RFC 7932) beside a file.
pub(crate) fn pack(file: &Path) -> Result<(), String> {
    let plain = fs::read(file).map_err(|e| format!("{} cannot be read: {e}", file.display()))?;
    let parameters =
        BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: plain.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut plain.as_slice(), &mut packed, &parameters)
        .map_err(|e| format!("{} cannot be packed: {e}", file.display()))?;
    let beside = beside(file);
    fs::write(&beside, packed).map_err(|e| format!("{} cannot be written: {e}", Path::new(&beside).display()))
}

fn beside(file: &Path) -> OsString {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name
}
