//! A form that somebody posted, with everything that its handler needs.

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use super::{
    router::Site,
    sent::{Done, Sent},
    session::Asker,
};
use crate::form::{Draft, Refusal};

/// The form `D` about `id`: what the address of its page names, nothing when it names nothing.
pub(crate) struct Posted<D, K = ()> {
    pub(crate) site: Site,
    pub(crate) id: K,
    pub(crate) asker: Asker,
    pub(crate) sent: Sent<D>,
}

impl<D: Draft, K: DeserializeOwned + Send> FromRequest<Site> for Posted<D, K> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Path(id) =
            Path::from_request_parts(&mut parts, site).await.map_err(IntoResponse::into_response)?;
        let asker = Asker::from_request_parts(&mut parts, site).await.map_err(IntoResponse::into_response)?;
        let sent = Sent::from_request(Request::from_parts(parts, body), site).await?;
        Ok(Self { site: site.clone(), id, asker, sent })
    }
}

impl<D: Draft, K> Posted<D, K> {
    /// Does what the form asks for, and answers it: goes on, or shows its page again with what was wrong.
    pub(crate) async fn answer(self, deed: impl AsyncFnOnce(&Self) -> Result<Done, Refusal>) -> Response {
        let outcome = deed(&self).await;
        self.sent.answer(&self.site, outcome).await
    }

    /// As [`Self::answer`], for a form without a page of its own: what is wrong is told on `page`, where it stands.
    pub(crate) async fn answer_at(
        self,
        page: &str,
        deed: impl AsyncFnOnce(&Self) -> Result<Done, Refusal>,
    ) -> Response {
        let outcome = deed(&self).await;
        self.sent.answer_at(&self.site, page, outcome).await
    }
}
