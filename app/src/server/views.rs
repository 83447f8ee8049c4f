//! Keeping and forgetting views. Either leads back to the page they are of, with a sentence.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{SavedViewDraft, SavedViewId};
use http::{StatusCode, header};

use super::{
    flash,
    router::Site,
    sent::{Done, Sent},
    session::{Asker, local_path},
};
use crate::{
    form::{Confirmation, Refusal},
    words::{fill, parts},
};

/// Keeps a view; one of the same name on the same page is replaced.
pub(super) async fn keep(State(site): State<Site>, asker: Asker, sent: Sent<SavedViewDraft>) -> Response {
    let draft = &sent.draft;
    let back = match draft.query.is_empty() {
        true => draft.page.clone(),
        false => format!("{}?{}", draft.page, draft.query),
    };
    let back = local_path(&back).to_owned();
    match store::saved_views::save(&site.pool, asker.user, draft).await {
        Ok(_) => Done::to(back, fill(parts().view_kept, &[draft.name.trim()])).into_answer(),
        Err(error) => sent.answer_at(&site, &back, Err(Refusal::from(error))).await,
    }
}

/// Forgets a view of one's own.
pub(super) async fn forget(
    State(site): State<Site>,
    asker: Asker,
    Path(id): Path<i64>,
    sent: Sent<Confirmation>,
) -> Response {
    // The page that the button stood on, by its path alone: what else a browser tells of it is not needed.
    let from = sent.parts().headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let path = from.and_then(|from| from.parse::<http::Uri>().ok());
    let back = path.as_ref().map_or("/", |uri| local_path(uri.path())).to_owned();
    match store::saved_views::remove(&site.pool, asker.user, SavedViewId(id)).await {
        Ok(()) => {
            let said = flash::leave(parts().view_forgotten);
            ([(header::SET_COOKIE, said)], Redirect::to(&back)).into_response()
        }
        Err(store::StoreError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => super::Broken::from(error).into_response(),
    }
}
