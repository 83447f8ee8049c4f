//! The few pictures of the portal, drawn inline so that they take the colour of the text.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    Tandem,
    Dashboard,
    Incoming,
    Outgoing,
    Call,
    Account,
    Price,
    List,
    Search,
    Light,
    Leave,
    Menu,
    Download,
    Columns,
    Copy,
    Close,
    Look,
    Setting,
}

/// A picture beside a text; screen readers skip it.
#[component]
pub(crate) fn Icon(picture: Picture) -> impl IntoView {
    let path = match picture {
        Picture::Tandem => "M8 5a5 5 0 1 0 0 10a5 5 0 1 0 0-10M12 5a5 5 0 1 0 0 10a5 5 0 1 0 0-10",
        Picture::Dashboard => "M3 3h6v8H3zM11 3h6v4h-6zM11 9h6v8h-6zM3 13h6v4H3z",
        Picture::Incoming => "M12 4h4v12h-4M3 10h8M8 6.5l3.5 3.5L8 13.5",
        Picture::Outgoing => "M8 4H4v12h4M8 10h9M13.5 6.5L17 10l-3.5 3.5",
        Picture::Call => {
            "M5 3.5l2.5-.5 1.5 4-2 1.3a9 9 0 0 0 4.7 4.7l1.3-2 4 1.5-.5 2.5c-.2.8-.8 1.3-1.6 1.2A13 13 0 0 1 3.8 5.1c-.1-.8.4-1.4 1.2-1.6z"
        }
        Picture::Account => "M10 3.5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M4 16.5c.5-3 3-4.5 6-4.5s5.5 1.5 6 4.5",
        Picture::Price => "M4 3.5h12v13H4zM7 7h6M7 10h6M7 13h3",
        Picture::List => "M4 5h12M4 10h12M4 15h12",
        Picture::Search => "M9 4a5 5 0 1 0 0 10a5 5 0 1 0 0-10M12.7 12.7L16.5 16.5",
        Picture::Light => "M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13",
        Picture::Leave => "M8 4H4v12h4M8 10h9M13.5 6.5L17 10l-3.5 3.5",
        Picture::Menu => "M3 5h14M3 10h14M3 15h14",
        Picture::Download => "M10 3.5v8M6.5 8.5L10 12l3.5-3.5M4 15.5h12",
        Picture::Columns => "M3.5 4h13v12h-13zM8 4v12M12.5 4v12",
        Picture::Copy => "M7 7h9v9H7zM4 13V4h9",
        Picture::Close => "M5 5l10 10M15 5L5 15",
        Picture::Look => "M4 6h7M15 6h1M4 14h1M9 14h7M13 4v4M7 12v4",
        Picture::Setting => "M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4",
    };
    let solid =
        (picture == Picture::Light).then(|| view! { <path class="solid" d="M10 3.5a6.5 6.5 0 0 0 0 13z" /> });
    view! {
        <svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=path />
            {solid}
        </svg>
    }
}
