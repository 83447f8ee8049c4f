//! A form as it arrives, and the two ways to answer it: go on, or show the page again with what was typed and what was wrong.

use axum::{
    Form,
    extract::{FromRequest, Request},
    response::{IntoResponse, Redirect, Response},
};
use domain::RowVersion;
use http::{StatusCode, header, request::Parts};
use leptos::prelude::provide_context;
use serde::Deserialize;

use super::{flash, router::Site};
use crate::form::{Draft, Refusal, Submission};

/// A sent form.
pub(crate) struct Sent<D> {
    pub(crate) draft: D,
    row_version: String,
    parts: Parts,
}

#[derive(Deserialize)]
struct Posted<D> {
    #[serde(default)]
    row_version: String,
    #[serde(flatten)]
    draft: D,
}

impl<D: Draft> FromRequest<Site> for Sent<D> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        let Form(posted) =
            Form::<Posted<D>>::from_request(request, site).await.map_err(IntoResponse::into_response)?;
        Ok(Self { draft: posted.draft, row_version: posted.row_version, parts })
    }
}

/// A form that was taken: where to go, and what to say there.
pub(crate) struct Done {
    to: String,
    said: String,
}

impl Done {
    pub(crate) fn to(path: impl Into<String>, said: impl Into<String>) -> Self {
        Self { to: path.into(), said: said.into() }
    }

    /// The answer to a taken form: the browser fetches the next page by itself, so that reloading sends nothing again.
    pub(crate) fn into_answer(self) -> Response {
        ([(header::SET_COOKIE, flash::leave(&self.said))], Redirect::to(&self.to)).into_response()
    }
}

impl<D: Draft> Sent<D> {
    /// The version of the row that the person had before their eyes.
    pub(crate) fn version(&self) -> Result<RowVersion, Refusal> {
        self.row_version.parse().map_err(|_| Refusal::saying("The form is incomplete; open it again."))
    }

    /// The request it came with.
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Answers it. What was taken is told to the running switch, so that the next call sees it.
    pub(crate) async fn answer(self, site: &Site, outcome: Result<Done, Refusal>) -> Response {
        match outcome {
            Ok(done) => {
                site.switch.reload();
                done.into_answer()
            }
            Err(refusal) => self.refuse(site, refusal, StatusCode::UNPROCESSABLE_ENTITY).await,
        }
    }

    /// Shows its page again, with `refusal`.
    pub(crate) async fn refuse(self, site: &Site, refusal: Refusal, status: StatusCode) -> Response {
        let status = if refusal.stale { StatusCode::CONFLICT } else { status };
        let submission = Submission { draft: self.draft.showable(), row_version: self.row_version, refusal };
        let mut response = super::render(site, self.parts, move || provide_context(submission.clone())).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}
