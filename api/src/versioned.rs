//! Things that people configure are made, changed and removed in one way: what is changed is named by the version that was
//! read, and whoever has an older one gets both.

use std::future::Future;

use domain::RowVersion;
use http::StatusCode;
use serde::Serialize;
use store::StoreError;

use crate::{
    admission::Asker,
    answer::{IfMatch, Made, Problem, Versioned},
    router::{Api, BASE},
};

/// A kind of configured thing.
pub(crate) trait Kind {
    /// What names one of them.
    type Id: Copy + Send;
    /// What people set on it.
    type Body: Serialize;
    /// What they read.
    type View: Serialize;

    /// The path of one of them, behind the base.
    fn place(id: Self::Id) -> String;

    /// The one with this id, as the asker may see it.
    fn one(api: &Api, asker: &Asker, id: Self::Id) -> impl Future<Output = Read<Self>> + Send;

    /// Gives the one that was read at `version` other settings.
    fn replace(
        api: &Api,
        asker: &Asker,
        id: Self::Id,
        version: RowVersion,
        sent: &Self::Body,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes the one that was read at `version`.
    fn remove(
        api: &Api,
        asker: &Asker,
        id: Self::Id,
        version: RowVersion,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A thing as it was read, with its version.
pub(crate) type Read<K> = Result<Versioned<<K as Kind>::View>, Problem>;

/// Answers with the one that has just been made.
pub(crate) async fn made<K: Kind>(api: &Api, asker: &Asker, id: K::Id) -> Result<Made<K::View>, Problem> {
    let Versioned(version, thing) = K::one(api, asker, id).await?;
    Ok(Made { place: format!("{BASE}{}", K::place(id)), version: Some(version), thing })
}

/// Changes one.
pub(crate) async fn change<K: Kind>(
    api: &Api,
    asker: &Asker,
    id: K::Id,
    matched: &IfMatch,
    sent: &K::Body,
) -> Read<K> {
    let Versioned(version, current) = K::one(api, asker, id).await?;
    if !matched.allows(version) {
        return Err(Problem::stale(&current, Some(sent)));
    }
    match K::replace(api, asker, id, version, sent).await {
        Ok(()) => K::one(api, asker, id).await,
        // Somebody else was quicker between the two.
        Err(StoreError::Conflict { .. }) => Err(Problem::stale(&K::one(api, asker, id).await?.1, Some(sent))),
        Err(error) => Err(error.into()),
    }
}

/// Removes one.
pub(crate) async fn remove<K: Kind>(
    api: &Api,
    asker: &Asker,
    id: K::Id,
    matched: &IfMatch,
) -> Result<StatusCode, Problem> {
    let Versioned(version, current) = K::one(api, asker, id).await?;
    if !matched.allows(version) {
        return Err(Problem::stale(&current, None::<&()>));
    }
    match K::remove(api, asker, id, version).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(StoreError::Conflict { .. }) => {
            Err(Problem::stale(&K::one(api, asker, id).await?.1, None::<&()>))
        }
        Err(error) => Err(error.into()),
    }
}
