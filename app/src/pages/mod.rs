//! The pages, by the areas of the menu.

pub(crate) mod again;
pub(crate) mod dashboard;
pub(crate) mod login;
pub(crate) mod login_code;
pub(crate) mod me;
pub(crate) mod search;
pub(crate) mod several;
pub(crate) mod styleguide;

pub(crate) mod business;
pub(crate) mod cdrs;
pub(crate) mod operation;
pub(crate) mod security;
pub(crate) mod system;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The key in the page's address; none when it is none, for which the page answers "not found".
fn key<K: std::str::FromStr + Send + Sync + 'static>(name: &'static str) -> impl Fn() -> Option<K> + Copy {
    let params = use_params_map();
    move || params.with(|params| params.get(name)?.parse().ok())
}

/// A value in the page's query, empty when it is not there.
fn query(name: &'static str) -> Signal<String> {
    let query = use_query_map();
    Signal::derive(move || query.with(|query| query.get(name).unwrap_or_default()))
}
