//! The process `tandem`: options are read, one command runs, a failure is one sentence.
//!
//! Read on in [`serve`], which shows the order in which a switch starts and stops; [`postgres`] is the private database,
//! [`database`] decides between it and the user's own, [`commands`] are the short-lived ones.

mod administrator;
mod advertise;
mod certificate;
mod commands;
mod database;
mod demo;
mod failure;
mod farewell;
mod files_limit;
mod health;
mod jobs;
mod keys;
mod listen;
mod options;
mod pages;
mod portal_files;
mod postgres;
mod progress;
mod serve;
mod state_directory;
mod summary;
mod webhooks;

use std::process::ExitCode;

use clap::Parser;

use crate::{failure::Failure, options::Options};

// Calls allocate and free small buffers all the time on many threads: mimalloc keeps that off shared locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let options = Options::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tandem: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::system("start the threads of the process"))?;
    runtime.block_on(commands::run(options))
}
