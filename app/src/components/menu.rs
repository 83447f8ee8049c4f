//! The menu: the groups that carriers know, with what exists.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, Picture};

struct Entry {
    path: &'static str,
    text: &'static str,
    picture: Picture,
}

struct Group {
    title: &'static str,
    entries: &'static [Entry],
}

const MENU: &[Group] = &[
    Group { title: "", entries: &[Entry { path: "/", text: "Dashboard", picture: Picture::Dashboard }] },
    Group {
        title: "Operation",
        entries: &[
            Entry {
                path: "/operation/mapping-gateways",
                text: "Mapping gateways",
                picture: Picture::Incoming,
            },
            Entry {
                path: "/operation/routing-gateways",
                text: "Routing gateways",
                picture: Picture::Outgoing,
            },
            Entry { path: "/operation/calls", text: "Current calls", picture: Picture::Call },
        ],
    },
    Group {
        title: "Business",
        entries: &[
            Entry { path: "/business/accounts", text: "Accounts", picture: Picture::Account },
            Entry { path: "/business/rate-tables", text: "Rate tables", picture: Picture::Price },
        ],
    },
    Group {
        title: "CDR & analysis",
        entries: &[Entry { path: "/cdrs", text: "Call records", picture: Picture::List }],
    },
];

fn leads_to(entry: &str, here: &str) -> bool {
    here == entry || (entry != "/" && here.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/')))
}

/// The list of links.
#[component]
pub(crate) fn Menu() -> impl IntoView {
    let here = use_location().pathname;
    let groups = MENU
        .iter()
        .map(|group| {
            let entries = group
                .entries
                .iter()
                .map(|entry| {
                    let current = move || here.with(|here| leads_to(entry.path, here)).then_some("page");
                    view! {
                        <li>
                            <a href=entry.path aria-current=current>
                                <Icon picture=entry.picture />
                                {entry.text}
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                {(!group.title.is_empty()).then(|| view! { <p class="menu-title">{group.title}</p> })}
                <ul>{entries}</ul>
            }
        })
        .collect_view();
    view! {
        <nav class="menu" aria-label="Main">
            {groups}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_entry_is_current_on_its_own_pages_only() {
        assert!(leads_to("/business/accounts", "/business/accounts/7"));
        assert!(!leads_to("/business/accounts", "/business/accounts-old"));
        assert!(!leads_to("/", "/cdrs"));
    }
}
