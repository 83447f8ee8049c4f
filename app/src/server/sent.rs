//! A form as it arrives, and the two ways to answer it: go on, or show the page again with what was typed and what was wrong.

use axum::{
    Form,
    extract::{FromRequest, Request},
    response::{IntoResponse, Redirect, Response},
};
use domain::{AuditFilter, RowVersion};
use http::{StatusCode, header, request::Parts};
use leptos::prelude::provide_context;
use serde::Deserialize;

use super::{flash, router::Site, session::Asker};
use crate::{
    form::{Changed, Draft, Refusal, Submission},
    words::told,
};

/// A sent form.
pub(crate) struct Sent<D> {
    pub(crate) draft: D,
    row_version: String,
    parts: Parts,
}

#[derive(Deserialize)]
struct Fields<D> {
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
            Form::<Fields<D>>::from_request(request, site).await.map_err(IntoResponse::into_response)?;
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
        self.row_version.parse().map_err(|_| Refusal::saying(told("The form is incomplete; open it again.")))
    }

    /// The request it came with.
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The request it came with, for an answer of its own.
    pub(crate) fn into_parts(self) -> Parts {
        self.parts
    }

    /// As [`Self::answer`], for a form without a page of its own: what is wrong is told on `page`, where it stands.
    pub(crate) async fn answer_at(self, site: &Site, page: &str, outcome: Result<Done, Refusal>) -> Response {
        match outcome {
            Ok(done) => self.answer(site, Ok(done)).await,
            Err(refusal) => {
                let said = refusal.message.or(refusal.fields.into_iter().next().map(|fault| fault.message));
                ([(header::SET_COOKIE, flash::leave(&said.unwrap_or_default()))], Redirect::to(page))
                    .into_response()
            }
        }
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
        let mut refusal = refusal;
        if refusal.stale {
            refusal.changed = last_change(site, &self.parts, refusal.message.as_deref()).await;
        }
        let submission = Submission { draft: self.draft.showable(), row_version: self.row_version, refusal };
        let mut response = super::render(site, self.parts, move || provide_context(submission.clone())).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}

/// Who changed `subject` last, as far as the audit log tells. Not knowing it is no reason to fail.
async fn last_change(site: &Site, parts: &Parts, subject: Option<&str>) -> Option<Changed> {
    // The log is searched for a part of the subject: a few lines may be of things with longer names.
    const LINES: u32 = 50;
    let (asker, subject) = (parts.extensions.get::<Asker>()?, subject?);
    let filter = AuditFilter { subject: subject.to_owned(), ..AuditFilter::newest(LINES) };
    let lines = store::audit::list(&site.pool, &asker.scope, &filter).await.ok()?;
    let line = lines.rows.into_iter().find(|line| line.subject == subject)?;
    Some(Changed { by: line.user_name, at: line.at })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use domain::{MappingGatewayDraft, RoutingGatewayDraft};
    use leptos::prelude::ServerFnError;
    use leptos::server_fn::codec::{FromReq, GetUrl};

    use super::*;

    const TYPED: &str = "row_version=7&name=Vendor+1&account=2&address=192.0.2.7&prefixes=44%2C+1&prefix_mode=extension\
        &priority=10&max_calls=&enabled=on&later=x&SS_SIP_TIMEOUT_INVITE=6&SS_SIP_TIMEOUT_RINGING=&SS_TYPO=1";

    async fn posted<D: Draft>(body: &'static str) -> Fields<D> {
        let request = Request::post("/")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        Form::from_request(request, &())
            .await
            .unwrap_or_else(|refused: axum::extract::rejection::FormRejection| panic!("{refused}"))
            .0
    }

    fn overrides(draft: &RoutingGatewayDraft) -> Vec<(&str, &str)> {
        draft.overrides.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }

    const OVERRIDES: [(&str, &str); 3] =
        [("SS_SIP_TIMEOUT_INVITE", "6"), ("SS_SIP_TIMEOUT_RINGING", ""), ("SS_TYPO", "1")];

    #[tokio::test]
    async fn a_posted_gateway_has_its_fields_its_version_and_its_own_parameters_apart() {
        let form = posted::<RoutingGatewayDraft>(TYPED).await;
        assert_eq!((form.row_version.as_str(), form.draft.prefixes.as_str()), ("7", "44, 1"));
        assert_eq!((form.draft.name.as_str(), form.draft.enabled.as_str()), ("Vendor 1", "on"));
        assert_eq!(overrides(&form.draft), OVERRIDES);
        assert_eq!(form.draft.check().unwrap_err().by_field().keys().collect::<Vec<_>>(), [&"SS_TYPO"]);
    }

    #[tokio::test]
    async fn the_browser_reads_the_same_form_the_same_way() {
        // Forms are checked in the browser by the codec that decodes a query.
        let request = Request::get(format!("/?{TYPED}")).body(Body::empty()).unwrap();
        let draft: Result<RoutingGatewayDraft, ServerFnError> =
            <RoutingGatewayDraft as FromReq<GetUrl, _, _>>::from_req(request).await;
        let form = posted::<RoutingGatewayDraft>(TYPED).await;
        let draft = draft.unwrap();
        assert_eq!(overrides(&draft), OVERRIDES);
        assert_eq!(draft.check(), form.draft.check());
    }

    #[tokio::test]
    async fn a_form_without_parameters_has_none() {
        let form =
            posted::<MappingGatewayDraft>("row_version=1&name=x&sources=192.0.2.1&account=1&enabled=on")
                .await;
        assert!(form.draft.overrides.is_empty());
        assert!(form.draft.check().unwrap().overrides.is_empty());
    }
}
