//! Lists with their filters, kept under a name: each person's own, beside the filters of the page.

use domain::SavedView;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::{use_location, use_query_map};

use super::{Icon, Picture};
use crate::{
    figures::in_query,
    load::{LoadError, loaded, read},
    words::{fill, parts},
};

#[server(prefix = "/load", endpoint = "views", input = GetUrl)]
pub(crate) async fn load_views(page: String) -> Result<Vec<SavedView>, LoadError> {
    let (site, asker) = crate::server::session::asking(crate::access::Need::Own)?;
    Ok(store::saved_views::list(&site.pool, asker.user, Some(&page)).await?)
}

/// The views of this page, and a form that keeps what is shown now as another one.
#[component]
pub(crate) fn SavedViews() -> impl IntoView {
    let path = use_location().pathname;
    let here = Memo::new(move |_| path.get());
    let query = use_query_map();
    // The place in the list is not kept: a view begins at its beginning.
    let asked = Signal::derive(move || {
        query.with(|query| {
            let pairs = query.latest_values().filter(|(name, value)| *name != "after" && !value.is_empty());
            pairs
                .map(|(name, value)| format!("{}={}", in_query(name), in_query(value)))
                .collect::<Vec<_>>()
                .join("&")
        })
    });
    let views = read(move || here.get(), load_views);
    let t = parts();
    view! {
        <details class="drop views">
            <summary class="button small quiet">
                <Icon picture=Picture::List />
                {t.views}
            </summary>
            <div class="drop-box">
                {loaded(views, move |views| list(views, asked))}
                <form method="post" action="/views" class="view-form">
                    <input type="hidden" name="page" value=move || here.get() />
                    <input type="hidden" name="query" value=move || asked.get() />
                    <label class="unseen" for="view-name">
                        {t.view_name}
                    </label>
                    <input id="view-name" name="name" maxlength="64" placeholder=t.view_name autocomplete="off" />
                    <button type="submit" class="button small primary">
                        {t.keep_view}
                    </button>
                </form>
            </div>
        </details>
    }
}

fn list(views: Vec<SavedView>, asked: Signal<String>) -> impl IntoView {
    let t = parts();
    if views.is_empty() {
        return view! { <p class="about">{t.no_view}</p> }.into_any();
    }
    let lines = views
        .into_iter()
        .map(|view| {
            let SavedView { id, page, name, query } = view;
            let to = if query.is_empty() { page } else { format!("{page}?{query}") };
            let current = move || (asked.get() == query).then_some("true");
            view! {
                <li>
                    <a href=to aria-current=current>
                        {name.to_string()}
                    </a>
                    <form method="post" action=format!("/views/{id}/delete")>
                        <button type="submit" class="button small quiet" title=fill(t.forget_view, &[name.as_str()])>
                            <Icon picture=Picture::Close />
                            <span class="unseen">{fill(t.forget_view, &[name.as_str()])}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="view-list">{lines}</ul> }.into_any()
}
