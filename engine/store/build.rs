//! Queries are checked against the committed cache, wherever `DATABASE_URL` points: only `./prepare`, which sets
//! `TANDEM_PREPARE_URL`, checks them against a live Postgres and writes the cache anew.

use std::env;

fn main() {
    println!("cargo::rerun-if-env-changed=TANDEM_PREPARE_URL");
    println!("cargo::rerun-if-changed=../../migrations");
    match env::var("TANDEM_PREPARE_URL") {
        Ok(url) => {
            let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for every build script");
            println!("cargo::rustc-env=SQLX_OFFLINE=false");
            println!("cargo::rustc-env=DATABASE_URL={url}");
            println!("cargo::rustc-env=SQLX_OFFLINE_DIR={root}/../../.sqlx");
        }
        Err(_) => println!("cargo::rustc-env=SQLX_OFFLINE=true"),
    }
}
