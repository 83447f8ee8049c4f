//! The steps from sources to the directory `site`.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use wasm_bindgen_cli_support::Bindgen;

use crate::pack::{pack, unpack};

const TARGET: &str = "wasm32-unknown-unknown";

/// What a browser loads beside the page itself.
const FILES: [&str; 3] = ["portal.js", "portal_bg.wasm", "portal.css"];

/// How thoroughly the browser half is optimised.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// Quick to build, large.
    Dev,
    /// Slow to build, small.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm-release",
        }
    }

    fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "wasm-release",
        }
    }
}

/// Builds everything and gives the directory it stands in.
pub(crate) fn build(profile: Profile) -> Result<PathBuf, String> {
    // Where cargo runs it, not where it was compiled: checkouts may share a build directory.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run it as cargo xtask")?;
    let root = Path::new(&own).parent().ok_or("xtask lies in no workspace")?.to_owned();
    let target = target_directory(&root)?;
    let site = target.join("site");
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg).map_err(|e| format!("{} cannot be made: {e}", pkg.display()))?;

    target_is_installed()?;
    println!("portal: compiling the browser half ({})", profile.name());
    let wasm = compile(&root, &target, profile)?;
    FILES.iter().try_for_each(|name| unpack(&pkg.join(name)))?;
    println!("portal: binding it to JavaScript");
    bind(&wasm, &pkg, profile)?;
    style(&root, &pkg)?;
    copy(&root.join("style/favicon.svg"), &site.join("favicon.svg"))?;
    if matches!(profile, Profile::Release) {
        println!("portal: packing");
        FILES.iter().try_for_each(|name| pack(&pkg.join(name)))?;
    }
    write(&pkg.join("version"), fingerprint(&pkg)?.as_bytes())?;
    Ok(site)
}

/// The same directory that cargo uses, so that the process finds the site beside its own executable.
fn target_directory(root: &Path) -> Result<PathBuf, String> {
    match std::env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
        None => Ok(root.join("target")),
        Some(dir) => std::path::absolute(dir).map_err(|e| format!("CARGO_TARGET_DIR is no directory: {e}")),
    }
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Without its standard library a WASM build fails with an error that names no remedy.
fn target_is_installed() -> Result<(), String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|e| format!("rustc cannot be started: {e}"))?;
    let directory = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && directory.is_dir() {
        Ok(())
    } else {
        Err(format!("the Rust target {TARGET} is missing; add it with: rustup target add {TARGET}"))
    }
}

fn compile(root: &Path, target: &Path, profile: Profile) -> Result<PathBuf, String> {
    let status = cargo()
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .args(["build", "-p", "app", "--lib", "--features", "hydrate", "--target", TARGET])
        .args(["--profile", profile.name()])
        .status()
        .map_err(|e| format!("cargo cannot be started: {e}"))?;
    if !status.success() {
        return Err("the browser half does not compile".to_owned());
    }
    Ok(target.join(TARGET).join(profile.directory()).join("app.wasm"))
}

fn bind(wasm: &Path, pkg: &Path, profile: Profile) -> Result<(), String> {
    let run = || {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).web(true)?.out_name("portal").typescript(false);
        // Functions' names are a third of what browsers would load; they only help whoever reads a trace of a development build.
        bindgen.remove_name_section(matches!(profile, Profile::Release));
        bindgen.generate(pkg)
    };
    run().map_err(|e| format!("{} cannot be bound to JavaScript: {e:#}", wasm.display()))
}

fn style(root: &Path, pkg: &Path) -> Result<(), String> {
    let options = grass::Options::default().style(grass::OutputStyle::Compressed);
    let css = grass::from_path(root.join("style/main.scss"), &options).map_err(|e| e.to_string())?;
    write(&pkg.join("portal.css"), css.as_bytes())
}

/// A short name for the content, with which pages ask for the files: browsers may then keep them for ever.
fn fingerprint(pkg: &Path) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    for name in FILES {
        let path = pkg.join(name);
        fs::read(&path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|e| format!("{} cannot be copied: {e}", from.display()))
}

fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    fs::write(path, content).map_err(|e| format!("{} cannot be written: {e}", path.display()))
}
