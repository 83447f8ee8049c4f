//! Who may open what: the one table of the portal's pages, forms, files and streams, and what each of them needs.
//!
//! The server's guard lets nobody through a door that does not stand here, and makes the scope of a question only from a need
//! that is met. The browser reads the same table to show only the links and buttons that lead somewhere. Loaders state their
//! need where they begin (`server::session::asking`), because pages call them without a request of their own.

use domain::{Home, Permission, Permissions};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What somebody needs to be let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Need {
    /// Nothing: the log-in itself.
    Nothing,
    /// To be logged in, even while a duty (a new password, a second factor) is open.
    LogIn,
    /// To be logged in with every duty done: what everybody has of their own.
    Own,
    /// A permission, wherever one belongs: the answer holds only what the scope shows.
    May(Permission),
    /// A permission, and to belong to the administration: there is no part of it for others.
    Inside(Permission),
}

impl From<Permission> for Need {
    fn from(permission: Permission) -> Self {
        Self::May(permission)
    }
}

impl Need {
    /// True when `who` has it.
    pub(crate) fn is_met_by(self, who: &Who) -> bool {
        match self {
            Self::Nothing | Self::LogIn => true,
            Self::Own => !who.has_duty,
            Self::May(permission) => who.may(permission),
            Self::Inside(permission) => who.home == Home::Administration && who.may(permission),
        }
    }
}

/// The person before the page, as far as the page must know.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Who {
    /// How they are called.
    pub(crate) name: String,
    /// Where they belong.
    pub(crate) home: Home,
    /// What they may do now: nothing while there is a duty.
    pub(crate) permissions: Permissions,
    /// They must replace a password or set up a second factor first.
    pub(crate) has_duty: bool,
}

impl Who {
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }
}

/// The person before this page; none on the log-in page.
pub(crate) fn who() -> Option<Who> {
    use_context::<Option<Who>>().flatten()
}

/// True when the person before this page may do this.
pub(crate) fn may(permission: Permission) -> bool {
    who().is_some_and(|who| who.may(permission))
}

/// True when the person before this page belongs to the administration.
pub(crate) fn inside() -> bool {
    who().is_some_and(|who| who.home == Home::Administration)
}

/// True when the page at `address` is there for the person before this one.
pub(crate) fn may_open(address: &str) -> bool {
    met(Door::at(address).and_then(|door| door.look))
}

/// True when there is a page at `address`, but not for the person before this one.
pub(crate) fn is_closed(address: &str) -> bool {
    Door::at(address).is_some_and(|door| !met(door.look))
}

/// True when the form at `address` is there for the person before this page.
pub(crate) fn may_send(address: &str) -> bool {
    met(Door::at(address).and_then(|door| door.send))
}

fn met(need: Option<Need>) -> bool {
    need.is_some_and(|need| need == Need::Nothing || who().is_some_and(|who| need.is_met_by(&who)))
}

/// Something that is asked for by an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Door {
    /// Its pattern, as the router writes it.
    pub(crate) path: &'static str,
    /// What looking at it needs; none when it is only a form.
    pub(crate) look: Option<Need>,
    /// What sending its form needs; none when it is no form.
    pub(crate) send: Option<Need>,
    /// It opens only to who has proved lately who they are.
    pub(crate) guarded: bool,
}

impl Door {
    /// The door at `address`. Words of a pattern go before its places: `/accounts/new` is no account.
    pub(crate) fn at(address: &str) -> Option<&'static Self> {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let fitting = DOORS.iter().filter(|door| fits(door.path, path));
        fitting.min_by_key(|door| door.path.matches('{').count())
    }

    /// The door with exactly this pattern.
    #[cfg(feature = "ssr")]
    pub(crate) fn of_pattern(pattern: &str) -> Option<&'static Self> {
        DOORS.iter().find(|door| door.path == pattern)
    }

    const fn guarded(self) -> Self {
        Self { guarded: true, ..self }
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(give)) if want == give => {}
            (Some(want), Some(give)) if want.starts_with('{') && !give.is_empty() => {}
            _ => return false,
        }
    }
}

const fn page(path: &'static str, need: Need) -> Door {
    Door { path, look: Some(need), send: None, guarded: false }
}

/// A form and its page, with the same need.
const fn form(path: &'static str, need: Need) -> Door {
    Door { path, look: Some(need), send: Some(need), guarded: false }
}

/// A page that some only look at and others change.
const fn edit(path: &'static str, look: Need, send: Need) -> Door {
    Door { path, look: Some(look), send: Some(send), guarded: false }
}

/// A form without a page of its own.
const fn send(path: &'static str, need: Need) -> Door {
    Door { path, look: None, send: Some(need), guarded: false }
}

use Need::{Inside, LogIn, May, Nothing, Own};
use Permission::*;

/// Every door.
pub(crate) const DOORS: &[Door] = &[
    form("/login", Nothing),
    form("/login/code", Nothing),
    send("/logout", LogIn),
    form("/again", LogIn),
    // One's own
    page("/me", Own),
    send("/me/sessions", Own),
    form("/me/password", LogIn),
    form("/me/second-factor", LogIn).guarded(),
    form("/me/second-factor/remove", Own).guarded(),
    form("/me/second-factor/codes", Own).guarded(),
    edit("/me/tokens", May(ManageTokens), May(ManageTokens)),
    form("/me/tokens/new", May(ManageTokens)).guarded(),
    send("/theme", LogIn),
    send("/preferences", LogIn),
    send("/columns", LogIn),
    send("/views", Own),
    send("/views/{id}/delete", Own),
    page("/", Own),
    page("/search", Own),
    page("/styleguide", Own),
    // Operation
    page("/operation/mapping-gateways", May(ViewGateways)),
    page("/operation/mapping-gateways/export.csv", May(ViewGateways)),
    form("/operation/mapping-gateways/new", Inside(EditGateways)),
    form("/operation/mapping-gateways/several", Inside(EditGateways)),
    edit("/operation/mapping-gateways/{id}", May(ViewGateways), Inside(EditGateways)),
    form("/operation/mapping-gateways/{id}/delete", Inside(EditGateways)),
    page("/operation/routing-gateways", Inside(ViewGateways)),
    page("/operation/routing-gateways/export.csv", Inside(ViewGateways)),
    form("/operation/routing-gateways/new", Inside(EditGateways)),
    form("/operation/routing-gateways/several", Inside(EditGateways)),
    edit("/operation/routing-gateways/{id}", Inside(ViewGateways), Inside(EditGateways)),
    form("/operation/routing-gateways/{id}/delete", Inside(EditGateways)),
    page("/operation/phones", May(ViewPhones)),
    page("/operation/phones/export.csv", May(ViewPhones)),
    form("/operation/phones/new", Inside(EditPhones)),
    form("/operation/phones/several", Inside(EditPhones)),
    edit("/operation/phones/{id}", May(ViewPhones), Inside(EditPhones)),
    form("/operation/phones/{id}/delete", Inside(EditPhones)),
    page("/operation/registrations", Inside(ViewPhones)),
    page("/operation/registrations/export.csv", Inside(ViewPhones)),
    form("/operation/registrations/new", Inside(EditPhones)),
    form("/operation/registrations/several", Inside(EditPhones)),
    edit("/operation/registrations/{id}", Inside(ViewPhones), Inside(EditPhones)),
    form("/operation/registrations/{id}/delete", Inside(EditPhones)),
    page("/operation/online", Inside(ViewPhones)),
    edit("/operation/calls", May(ViewCalls), Inside(EndCalls)),
    page("/events/calls", May(ViewCalls)),
    page("/operation/trace", Inside(ViewTrace)),
    page("/operation/trace/ladder", Inside(ViewTrace)),
    page("/operation/trace/ladder.pcapng", Inside(ViewTrace)),
    form("/operation/trace/captures", Inside(ViewTrace)),
    form("/operation/trace/captures/new", Inside(ViewTrace)),
    page("/events/status", May(ViewDashboard)),
    edit("/security/suspensions", Inside(ViewSecurity), Inside(EditSecurity)),
    send("/operation/registrations/{id}/now", Inside(EditPhones)),
    // Business
    page("/business/accounts", May(ViewAccounts)),
    page("/business/accounts/export.csv", May(ViewAccounts)),
    form("/business/accounts/new", Inside(EditAccounts)),
    form("/business/accounts/several", Inside(EditAccounts)),
    edit("/business/accounts/{id}", May(ViewAccounts), Inside(EditAccounts)),
    form("/business/accounts/{id}/pay", Inside(PayAccounts)),
    form("/business/accounts/{id}/delete", Inside(EditAccounts)),
    page("/business/rate-tables", May(ViewRates)),
    page("/business/rate-tables/export.csv", May(ViewRates)),
    form("/business/rate-tables/new", Inside(EditRates)),
    page("/business/rate-tables/{id}", May(ViewRates)),
    page("/business/rate-tables/{id}/export.csv", May(ViewRates)),
    form("/business/rate-tables/{id}/several", Inside(EditRates)),
    form("/business/rate-tables/{id}/edit", Inside(EditRates)),
    form("/business/rate-tables/{id}/delete", Inside(EditRates)),
    form("/business/rate-tables/{id}/rates/new", Inside(EditRates)),
    edit("/business/rate-tables/{id}/rates/{rate}", May(ViewRates), Inside(EditRates)),
    form("/business/rate-tables/{id}/rates/{rate}/delete", Inside(EditRates)),
    page("/business/agents", May(ViewAgents)),
    form("/business/agents/new", Inside(EditAgents)),
    edit("/business/agents/{id}", Inside(ViewAgents), Inside(EditAgents)),
    form("/business/agents/{id}/delete", Inside(EditAgents)),
    // System
    page("/system/people", Inside(ManagePeople)),
    form("/system/people/new", Inside(ManagePeople)).guarded(),
    form("/system/people/{id}", Inside(ManagePeople)).guarded(),
    form("/system/people/{id}/delete", Inside(ManagePeople)).guarded(),
    send("/system/people/{id}/sessions", Inside(ManagePeople)).guarded(),
    send("/system/people/{id}/second-factor", Inside(ManagePeople)).guarded(),
    page("/system/roles", Inside(ManagePeople)),
    form("/system/roles/new", Inside(ManagePeople)).guarded(),
    form("/system/roles/{id}", Inside(ManagePeople)).guarded(),
    form("/system/roles/{id}/delete", Inside(ManagePeople)).guarded(),
    edit("/system/lockouts", Inside(ViewSecurity), Inside(EditSecurity)),
    edit("/system/sip-parameters", Inside(ViewParameters), Inside(EditParameters)),
    page("/system/sip-parameters/{name}", Inside(ViewParameters)),
    form("/system/sip-parameters/{name}/reset", Inside(EditParameters)),
    edit("/system/system-parameters", Inside(ViewParameters), Inside(EditParameters)),
    page("/system/system-parameters/{name}", Inside(ViewParameters)),
    form("/system/system-parameters/{name}/reset", Inside(EditParameters)),
    edit("/system/server-parameters", Inside(ViewParameters), Inside(EditParameters)),
    page("/system/server-parameters/{name}", Inside(ViewParameters)),
    form("/system/server-parameters/{name}/reset", Inside(EditParameters)),
    page("/system/parameter-changes", Inside(ViewParameters)),
    page("/system/listeners", Inside(ViewParameters)),
    page("/events/listeners", Inside(ViewParameters)),
    page("/system/webhooks", Inside(ViewParameters)),
    form("/system/webhooks/new", Inside(EditParameters)),
    edit("/system/webhooks/{id}", Inside(ViewParameters), Inside(EditParameters)),
    form("/system/webhooks/{id}/delete", Inside(EditParameters)),
    send("/system/webhooks/{id}/test", Inside(EditParameters)),
    send("/system/webhooks/{id}/resend", Inside(EditParameters)),
    page("/system/audit", Inside(ViewAudit)),
    page("/system/audit/chain", Inside(ViewAudit)),
    // Calls
    page("/cdrs", May(ViewCdrs)),
    page("/cdrs/export.csv", May(ExportCdrs)),
    page("/cdrs/{id}", May(ViewCdrs)),
];

/// A link that is there only for those who may go where it leads.
#[component]
pub(crate) fn Way(
    /// The address it leads to.
    #[prop(into)]
    to: String,
    #[prop(optional)] class: &'static str,
    /// For others its text stands there without the link.
    #[prop(optional)]
    text_stays: bool,
    children: Children,
) -> impl IntoView {
    if may_open(&to) {
        view! {
            <a href=to class=class>
                {children()}
            </a>
        }
        .into_any()
    } else if text_stays {
        children().into_any()
    } else {
        ().into_any()
    }
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, BuiltInRole};

    use super::*;

    fn who(role: BuiltInRole, home: Home) -> Who {
        let permissions = role.permissions().both(home.ceiling());
        Who { name: "ann".to_owned(), home, permissions, has_duty: false }
    }

    #[test]
    fn each_door_stands_there_once_and_an_address_finds_its_own() {
        for (n, door) in DOORS.iter().enumerate() {
            assert!(!DOORS[n + 1..].iter().any(|other| other.path == door.path), "{} twice", door.path);
            assert!(door.look.or(door.send).is_some(), "{}", door.path);
            let address = door.path.replace("{id}", "7").replace("{rate}", "8").replace("{name}", "X");
            assert_eq!(Door::at(&address).map(|found| found.path), Some(door.path), "{address}");
        }
        assert_eq!(Door::at("/business/accounts/new?x=1#y").unwrap().path, "/business/accounts/new");
        assert_eq!(Door::at("/business/accounts//pay"), None);
        assert_eq!(Door::at("/no/such/page"), None);
    }

    #[test]
    fn nobody_outside_the_administration_changes_anything_but_their_own() {
        let outside = who(BuiltInRole::Administrator, Home::Account(AccountId(1)));
        for need in DOORS.iter().filter_map(|door| door.send).filter(|need| need.is_met_by(&outside)) {
            assert!(matches!(need, Nothing | LogIn | Own | May(ManageTokens)), "{need:?}");
        }
    }

    #[test]
    fn a_duty_leaves_only_what_ends_it() {
        let role = BuiltInRole::Administrator;
        let dutiful =
            Who { has_duty: true, permissions: Permissions::NONE, ..who(role, Home::Administration) };
        assert!(LogIn.is_met_by(&dutiful));
        assert!(!Own.is_met_by(&dutiful) && !May(ViewCalls).is_met_by(&dutiful));
    }
}
