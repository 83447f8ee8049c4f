//! Where a page stands, as a path of links.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{access::may_open, words::frame};

/// The word for a part of an address. A part without one is a key.
fn word(part: &str) -> Option<&'static str> {
    let t = frame();
    Some(match part {
        "operation" => t.operation,
        "mapping-gateways" => t.mapping_gateways,
        "routing-gateways" => t.routing_gateways,
        "phones" => t.phones,
        "registrations" => t.registrations,
        "online" => t.online,
        "security" => t.security,
        "suspensions" => t.suspensions,
        "calls" => t.current_calls,
        "trace" => t.trace,
        "ladder" => t.ladder,
        "captures" => t.captures,
        "business" => t.business,
        "accounts" => t.accounts,
        "rate-tables" => t.rate_tables,
        "rates" => t.rates,
        "cdrs" => t.call_records,
        "search" => t.search,
        "styleguide" => t.styleguide,
        "new" => t.new,
        "edit" => t.edit,
        "delete" => t.delete,
        "pay" => t.payment,
        "several" => t.several,
        "system" => t.system,
        "sip-parameters" => t.sip_parameters,
        "system-parameters" => t.system_parameters,
        "server-parameters" => t.server_parameters,
        "parameter-changes" => t.parameter_changes,
        "reset" => t.reset,
        "audit" => t.audit,
        "agents" => t.agents,
        "people" => t.people,
        "roles" => t.roles,
        "lockouts" => t.lockouts,
        "me" => t.me,
        "password" => t.password,
        "second-factor" => t.second_factor,
        "codes" => crate::words::people().new_codes,
        "tokens" => t.tokens,
        "again" => t.again,
        "remove" => t.remove,
        "listeners" => t.listeners,
        "webhooks" => t.webhooks,
        "chain" => t.chain,
        _ => return None,
    })
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Crumb {
    text: String,
    /// None for an area, which has no page, and for the page itself.
    path: Option<String>,
}

fn crumbs(path: &str) -> Vec<Crumb> {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).take(8).collect();
    let mut walked = String::new();
    let last = parts.len().saturating_sub(1);
    let mut crumbs = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        walked.push('/');
        walked.push_str(part);
        let word = word(part).map(str::to_owned);
        // A list of rates is the page of its table.
        if *part == "rates" && place != last {
            continue;
        }
        let parameter = || part.parse::<domain::Parameter>().ok().map(|known| known.to_string());
        let key = || format!("#{}", part.chars().take(8).collect::<String>());
        let text = word.or_else(parameter).unwrap_or_else(key);
        let has_page = place != last && !matches!(*part, "operation" | "business" | "security" | "system");
        crumbs.push(Crumb { text, path: has_page.then(|| walked.clone()) });
    }
    crumbs
}

/// The path to this page.
#[component]
pub(crate) fn Crumbs() -> impl IntoView {
    let here = use_location().pathname;
    let links = move || {
        crumbs(&here.get())
            .into_iter()
            .map(|crumb| match crumb.path.filter(|path| may_open(path)) {
                Some(path) => view! {
                    <li>
                        <a href=path>{crumb.text}</a>
                    </li>
                }
                .into_any(),
                None => view! { <li>{crumb.text}</li> }.into_any(),
            })
            .collect_view()
    };
    view! {
        <nav class="crumbs" aria-label=frame().breadcrumbs>
            <ol>
                <li>
                    <a href="/">{frame().tandem}</a>
                </li>
                {links}
            </ol>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_have_no_page_and_keys_are_marked() {
        let shown = crumbs("/operation/mapping-gateways/7/delete");
        let texts: Vec<&str> = shown.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["Operation", "Mapping gateways", "#7", "Delete"]);
        let linked: Vec<Option<&str>> = shown.iter().map(|c| c.path.as_deref()).collect();
        assert_eq!(
            linked,
            [None, Some("/operation/mapping-gateways"), Some("/operation/mapping-gateways/7"), None]
        );
    }

    #[test]
    fn a_parameter_stands_under_its_name() {
        let shown = crumbs("/system/sip-parameters/SS_SIP_TIMEOUT_INVITE/reset");
        let texts: Vec<&str> = shown.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["System", "SIP parameters", "SS_SIP_TIMEOUT_INVITE", "Reset"]);
        assert!(shown[0].path.is_none());
    }

    #[test]
    fn an_endless_address_makes_no_endless_path() {
        assert_eq!(crumbs(&"/x".repeat(10_000)).len(), 8);
    }
}
