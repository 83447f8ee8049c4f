//! Builds the portal: the browser half in WASM, the style sheet and the assets.
//!
//! `cargo xtask portal [--release]` writes a directory `site` into the target directory, from where the process serves it.
//! It is ordinary cargo, the library form of wasm-bindgen and a style compiler in Rust: no other tool has to be installed, and
//! the versions cannot differ from those in the lock file.

mod pack;
mod portal;
mod split;

use std::process::ExitCode;

use portal::Profile;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["portal"] => portal::build(Profile::Dev),
        ["portal", "--release"] => portal::build(Profile::Release),
        _ => Err("usage: cargo xtask portal [--release]".to_owned()),
    };
    match outcome {
        Ok(site) => {
            println!("portal: ready in {}", site.display());
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("portal: {sentence}");
            ExitCode::FAILURE
        }
    }
}
