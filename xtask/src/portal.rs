//! The steps from sources to the directory `site`.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use wasm_bindgen_cli_support::Bindgen;

use crate::{pack::pack, split::split};

const TARGET: &str = "wasm32-unknown-unknown";

/// What the files are called.
pub(crate) const NAME: &str = "portal";

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
    // Made beside the files that are being served, and put in their place when all of it is there.
    let fresh = pkg.join("fresh");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).map_err(|e| format!("{} cannot be removed: {e}", fresh.display()))?;
    }
    fs::create_dir_all(&fresh).map_err(|e| format!("{} cannot be made: {e}", fresh.display()))?;

    target_is_installed()?;
    println!("portal: compiling the browser half ({})", profile.name());
    let wasm = compile(&root, &target, profile)?;
    println!("portal: cutting it into parts");
    let parts = split(&wasm, &fresh, profile)?;
    println!("portal: binding it to JavaScript");
    bind(&parts.main, &fresh, profile)?;
    fs::remove_file(&parts.main).map_err(|e| format!("{} stays: {e}", parts.main.display()))?;
    style(&root, &fresh)?;
    copy(&root.join("style/favicon.svg"), &site.join("favicon.svg"))?;
    let files = listed(&fresh)?;
    let version = fingerprint(&files)?;
    if matches!(profile, Profile::Release) {
        println!("portal: packing");
        files.iter().try_for_each(|file| pack(file))?;
    }
    install(&pkg, &fresh, &version, &parts.files)?;
    Ok(site)
}

/// Puts the new files under their version, tells which they are, and only then takes away those of other versions.
fn install(
    pkg: &Path,
    fresh: &Path,
    version: &str,
    parts: &BTreeMap<String, Vec<String>>,
) -> Result<(), String> {
    let place = pkg.join(version);
    if place.exists() {
        fs::remove_dir_all(&place).map_err(|e| format!("{} cannot be removed: {e}", place.display()))?;
    }
    fs::rename(fresh, &place).map_err(|e| format!("{} cannot be put in place: {e}", place.display()))?;
    let told = serde_json::json!({ "version": version, "parts": parts });
    write(&pkg.join("portal.json"), told.to_string().as_bytes())?;
    for other in listed(pkg)?.iter().filter(|other| other.is_dir() && **other != place) {
        fs::remove_dir_all(other).map_err(|e| format!("{} cannot be removed: {e}", other.display()))?;
    }
    Ok(())
}

/// What stands in a directory, in the order of its names.
fn listed(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |e| format!("{} cannot be read: {e}", directory.display());
    let entries = fs::read_dir(directory).map_err(unreadable)?;
    let mut paths =
        entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
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
        .args(["rustc", "-p", "app", "--lib", "--features", "hydrate", "--target", TARGET])
        .args(["--profile", profile.name()])
        // Without them nobody can tell which function needs which.
        .args(["--", "-Clink-arg=--emit-relocs"])
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
        bindgen.input_path(wasm).web(true)?.out_name(NAME).typescript(false);
        // The parts call what the linker has exported for them.
        bindgen.keep_lld_exports(true);
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

/// A short name for the content, under which pages ask for the files: browsers may then keep them for ever.
fn fingerprint(files: &[PathBuf]) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    for path in files {
        path.file_name().hash(&mut hasher);
        fs::read(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|e| format!("{} cannot be copied: {e}", from.display()))
}

fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    fs::write(path, content).map_err(|e| format!("{} cannot be written: {e}", path.display()))
}
