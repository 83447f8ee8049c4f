//! The small configuration with which a new installation can place its first call.

use domain::AccountFilter;
use store::{Actor, Pool, Scope, accounts, document::Document, rate_tables};

use crate::failure::Failure;

const DEMO: &str = include_str!("../demo.toml");

/// Loads the demo when nothing has been configured yet; says whether it did.
pub(crate) async fn load_into_empty(pool: &Pool) -> Result<bool, Failure> {
    let untouched = accounts::list(pool, &Scope::All, &AccountFilter::default()).await?.is_empty()
        && rate_tables::list(pool, &Scope::All).await?.is_empty();
    if !untouched {
        return Ok(false);
    }
    let document = Document::parse(DEMO).map_err(|error| Failure::Document(format!("demo.toml: {error}")))?;
    let actor = Actor::command("demo");
    store::document::apply(pool, &actor, &document, false)
        .await
        .map_err(|error| Failure::Document(format!("demo.toml: {error}")))?;
    Ok(true)
}
