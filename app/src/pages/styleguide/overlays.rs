//! What lies over a page: the palette, dialogs and the sentence that a form leaves. They stand open here, in their place.

use leptos::prelude::*;

use crate::{
    components::{Notice, NoticeKind, PaletteBox, ShortcutList, UnsavedQuestion},
    pages::search::{Found, FoundKind},
    words::frame,
};

/// The palette, with what it found for a word and with nothing.
pub(super) fn palette() -> impl IntoView {
    let one = |kind, title: &str, path: &str| Found { kind, title: title.to_owned(), path: path.to_owned() };
    let found = vec![
        one(FoundKind::Page, frame().accounts, "/business/accounts"),
        one(FoundKind::Calls, "Calls to 442079460000", "/cdrs?callee=442079460000"),
    ];
    view! {
        <div class="row">
            <div class="palette still">
                <PaletteBox id="example-found" asked="442079460000" found />
            </div>
            <div class="palette still">
                <PaletteBox id="example-nothing" asked="nobody" found=Vec::new() />
            </div>
        </div>
    }
}

/// Dialogs.
pub(super) fn dialogs() -> impl IntoView {
    view! {
        <div class="row">
            <div class="question still">
                <UnsavedQuestion title="example-unsaved" />
            </div>
            <div class="help still">
                <ShortcutList />
            </div>
        </div>
    }
}

/// Sentences.
pub(super) fn notices() -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Done>"Done: the account was created."</Notice>
        <Notice kind=NoticeKind::Caution>"Caution: read this before you go on."</Notice>
        <Notice kind=NoticeKind::Trouble>"Trouble: the database is not available."</Notice>
    }
}
