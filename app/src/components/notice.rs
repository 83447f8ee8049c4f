//! A sentence above the content that somebody should read.

use leptos::prelude::*;

/// What a notice is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoticeKind {
    /// Something was done.
    Done,
    /// Something to think about first.
    Caution,
    /// Something did not work.
    Trouble,
}

/// A notice; screen readers speak it at once.
#[component]
pub(crate) fn Notice(kind: NoticeKind, children: Children) -> impl IntoView {
    let (class, role) = match kind {
        NoticeKind::Done => ("notice done", "status"),
        NoticeKind::Caution => ("notice caution", "alert"),
        NoticeKind::Trouble => ("notice trouble", "alert"),
    };
    view! {
        <div class=class role=role>
            {children()}
        </div>
    }
}
