//! The menu: the groups that carriers know, with what exists.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, Picture};
use crate::{access::may_open, words::frame};

/// A page of the menu.
pub(crate) struct Entry {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    pub(crate) picture: Picture,
    /// The letter that leads there behind `g`; none for a page without one.
    pub(crate) letter: &'static str,
}

/// Pages that belong together; the first group has no title.
pub(crate) struct Group {
    title: &'static str,
    pub(crate) entries: Vec<Entry>,
}

/// The groups, in the language of the page.
pub(crate) fn menu() -> Vec<Group> {
    let t = frame();
    let entry = |path, text, picture, letter| Entry { path, text, picture, letter };
    vec![
        Group { title: "", entries: vec![entry("/", t.dashboard, Picture::Dashboard, "d")] },
        Group {
            title: t.operation,
            entries: vec![
                entry("/operation/mapping-gateways", t.mapping_gateways, Picture::Incoming, "m"),
                entry("/operation/routing-gateways", t.routing_gateways, Picture::Outgoing, "r"),
                entry("/operation/phones", t.phones, Picture::Call, "h"),
                entry("/operation/registrations", t.registrations, Picture::Outgoing, "g"),
                entry("/operation/online", t.online, Picture::Dashboard, "w"),
                entry("/operation/calls", t.current_calls, Picture::Call, "l"),
                entry("/operation/trace", t.trace, Picture::List, "b"),
            ],
        },
        Group {
            title: t.business,
            entries: vec![
                entry("/business/accounts", t.accounts, Picture::Account, "a"),
                entry("/business/agents", t.agents, Picture::Account, "e"),
                entry("/business/rate-tables", t.rate_tables, Picture::Price, "t"),
            ],
        },
        Group { title: t.analysis, entries: vec![entry("/cdrs", t.call_records, Picture::List, "c")] },
        Group {
            title: t.security,
            entries: vec![entry("/security/suspensions", t.suspensions, Picture::Close, "x")],
        },
        Group {
            title: t.system,
            entries: vec![
                entry("/system/sip-parameters", t.sip_parameters, Picture::Setting, "s"),
                entry("/system/system-parameters", t.system_parameters, Picture::Setting, "y"),
                entry("/system/server-parameters", t.server_parameters, Picture::Setting, "v"),
                entry("/system/people", t.people, Picture::Account, "p"),
                entry("/system/roles", t.roles, Picture::List, "o"),
                entry("/system/lockouts", t.lockouts, Picture::Close, "k"),
                entry("/system/listeners", t.listeners, Picture::Incoming, "i"),
                entry("/system/webhooks", t.webhooks, Picture::Outgoing, "j"),
                entry("/system/audit", t.audit, Picture::List, "u"),
            ],
        },
    ]
}

fn leads_to(entry: &str, here: &str) -> bool {
    here == entry || (entry != "/" && here.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/')))
}

/// The list of links.
#[component]
pub(crate) fn Menu() -> impl IntoView {
    let here = use_location().pathname;
    let groups = menu()
        .into_iter()
        .filter(|group| group.entries.iter().any(|entry| may_open(entry.path)))
        .map(|group| {
            let entries = group
                .entries
                .into_iter()
                .filter(|entry| may_open(entry.path))
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
        <nav class="menu" aria-label=frame().main_menu>
            {groups}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_leads_to_one_page() {
        let mut letters: Vec<&str> =
            menu().iter().flat_map(|group| group.entries.iter().map(|entry| entry.letter)).collect();
        letters.sort_unstable();
        let count = letters.len();
        letters.dedup();
        assert_eq!(letters.len(), count);
    }

    #[test]
    fn a_menu_entry_is_current_on_its_own_pages_only() {
        assert!(leads_to("/business/accounts", "/business/accounts/7"));
        assert!(!leads_to("/business/accounts", "/business/accounts-old"));
        assert!(!leads_to("/", "/cdrs"));
    }
}
