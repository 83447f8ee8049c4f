//! What a page shows, as a file for Wireshark, tcpdump and sngrep.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use super::{found::MOST_IN_FILE, question::Question};
use crate::{
    load::LoadError,
    server::{Site, session::Asker},
};

/// The file.
pub(crate) async fn packets(
    State(site): State<Site>,
    asker: Asker,
    Query(question): Query<Question>,
) -> Response {
    let found = match question.find(&site, &asker, MOST_IN_FILE).await {
        Ok(found) => found,
        Err(LoadError::NotFound | LoadError::LoggedOut) => return StatusCode::NOT_FOUND.into_response(),
        Err(LoadError::Invalid(invalid)) => {
            return (StatusCode::UNPROCESSABLE_ENTITY, format!("{invalid}\n")).into_response();
        }
        Err(LoadError::Failed(said)) => {
            return (StatusCode::SERVICE_UNAVAILABLE, format!("{said}\n")).into_response();
        }
    };
    tracing::info!(messages = found.messages.len(), by = %asker.actor.name, "messages of the trace were taken as a file");
    let file = switch::trace::pcapng(&found.messages, "Tandem");
    let name = "attachment; filename=\"trace.pcapng\"";
    ([(header::CONTENT_TYPE, "application/vnd.tcpdump.pcap"), (header::CONTENT_DISPOSITION, name)], file)
        .into_response()
}
