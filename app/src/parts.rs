//! The parts of the portal: which pages a browser loads together, once somebody opens one of them.
//!
//! In the browser's half each part is a file of its own (`cargo xtask portal` cuts it out), so that nobody waits at the log-in
//! for pages they never see. What two parts need is a file too, which both load: with twice as many parts there would be ten
//! times as many files. The server has all of it and waits for nothing; in the page's head it names the files that the page
//! will want.

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use leptos_router::{ChooseView, hooks::use_url, location::Url};

/// The parts: name, pages, and where the pages' components are.
macro_rules! parts {
    ($($(#[$about:meta])* $name:ident: $part:ident { $($page:ident = $($component:ident)::+,)+ })+) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug)]
            pub(crate) enum $part {
                $(#[allow(missing_docs, reason = "a page says in its own file what it is")] $page,)+
            }

            impl ChooseView for $part {
                async fn choose(self) -> AnyView {
                    let address = use_url();
                    match $name::open(self).await {
                        Ok(page) => page,
                        Err(missing) => without(&missing, address).await,
                    }
                }

                async fn preload(&self) {
                    // Here, and not where the page is made: of a page that is closed to somebody the router wants the part too.
                    #[cfg(feature = "ssr")]
                    crate::server::files::announce(stringify!($name));
                    crate::shell::mark_on_the_way(true);
                    // What does not come now is asked for again when the page is opened.
                    let _ = $name::load().await;
                    crate::shell::mark_on_the_way(false);
                }
            }

            mod $name {
                #![allow(unsafe_code, reason = "the border between two WASM files is a C function")]
                use super::*;

                #[wasm_split($name, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
                pub(super) fn open(page: $part) -> Result<AnyView, SplitLoaderError> {
                    Ok(match page {
                        $($part::$page => crate::pages::$($component)::+().into_any(),)+
                    })
                }
            }
        )+

        /// Loads the part of this name, where there is one.
        #[cfg(feature = "hydrate")]
        async fn load(name: &str) -> Result<(), SplitLoaderError> {
            $(
                if name == stringify!($name) {
                    return $name::load().await;
                }
            )+
            Ok(())
        }
    };
}

parts! {
    /// Who somebody is: before the portal, and again before something dangerous.
    entry: Entry {
        Login = login::Login,
        LoginCode = login_code::LoginCode,
        Again = again::Again,
    }

    /// The first page.
    home: Home {
        Dashboard = dashboard::Dashboard,
    }

    /// Calls that were, and what is found by a word.
    calls: Calls {
        Cdrs = cdrs::Cdrs,
        ShowCdr = cdrs::ShowCdr,
        Search = search::Search,
    }

    /// Gateways, phones, registrations: what they are, what they do now, what goes over the wire.
    operation: Operation {
        MappingGateways = operation::mapping_gateways::MappingGateways,
        NewMappingGateway = operation::mapping_gateways::NewMappingGateway,
        EditMappingGateway = operation::mapping_gateways::EditMappingGateway,
        RemoveMappingGateway = operation::mapping_gateways::RemoveMappingGateway,
        RoutingGateways = operation::routing_gateways::RoutingGateways,
        NewRoutingGateway = operation::routing_gateways::NewRoutingGateway,
        EditRoutingGateway = operation::routing_gateways::EditRoutingGateway,
        RemoveRoutingGateway = operation::routing_gateways::RemoveRoutingGateway,
        Phones = operation::phones::Phones,
        NewPhone = operation::phones::NewPhone,
        EditPhone = operation::phones::EditPhone,
        RemovePhone = operation::phones::RemovePhone,
        Registrations = operation::registrations::Registrations,
        NewRegistration = operation::registrations::NewRegistration,
        EditRegistration = operation::registrations::EditRegistration,
        RemoveRegistration = operation::registrations::RemoveRegistration,
        OnlineStatus = operation::online::OnlineStatus,
        Calls = operation::calls::Calls,
        Suspensions = security::suspensions::Suspensions,
        Trace = operation::trace::Trace,
        Ladder = operation::trace::Ladder,
        Captures = operation::trace::Captures,
        NewCapture = operation::trace::NewCapture,
        Several = several::Several,
    }

    /// Who is billed and what for, how the switch is set, who may do what; and what everybody has of their own.
    administration: Administration {
        Accounts = business::accounts::Accounts,
        NewAccount = business::accounts::NewAccount,
        EditAccount = business::accounts::EditAccount,
        PayAccount = business::accounts::PayAccount,
        RemoveAccount = business::accounts::RemoveAccount,
        Agents = business::agents::Agents,
        NewAgent = business::agents::NewAgent,
        EditAgent = business::agents::EditAgent,
        RemoveAgent = business::agents::RemoveAgent,
        RateTables = business::rate_tables::RateTables,
        NewRateTable = business::rate_tables::NewRateTable,
        ShowRateTable = business::rate_tables::ShowRateTable,
        EditRateTable = business::rate_tables::EditRateTable,
        RemoveRateTable = business::rate_tables::RemoveRateTable,
        NewRate = business::rates::NewRate,
        EditRate = business::rates::EditRate,
        RemoveRate = business::rates::RemoveRate,
        SipParameters = system::parameters::SipParameters,
        SystemParameters = system::parameters::SystemParameters,
        ServerParameters = system::parameters::ServerParameters,
        ShowParameter = system::parameters::ShowParameter,
        ResetParameter = system::parameters::ResetParameter,
        ParameterChanges = system::parameters::ParameterChanges,
        Listeners = system::listeners::Listeners,
        Webhooks = system::webhooks::Webhooks,
        NewWebhook = system::webhooks::NewWebhook,
        EditWebhook = system::webhooks::EditWebhook,
        RemoveWebhook = system::webhooks::RemoveWebhook,
        People = system::people::People,
        NewPerson = system::people::NewPerson,
        EditPerson = system::people::EditPerson,
        RemovePerson = system::people::RemovePerson,
        Roles = system::roles::Roles,
        NewRole = system::roles::NewRole,
        EditRole = system::roles::EditRole,
        RemoveRole = system::roles::RemoveRole,
        Lockouts = system::lockouts::Lockouts,
        Audit = system::audit::Audit,
        AuditChain = system::audit::AuditChain,
        Me = me::Me,
        ChangePassword = me::ChangePassword,
        SecondFactor = me::SecondFactor,
        RemoveSecondFactor = me::RemoveSecondFactor,
        Tokens = me::Tokens,
        NewToken = me::NewToken,
        Styleguide = styleguide::Styleguide,
    }
}

/// Loads what the page that is there needs, before anything takes it over: a click meanwhile is the browser's own, and when
/// the files do not come the page stays as it is and works without a script.
#[cfg(feature = "hydrate")]
pub(crate) async fn load_named_in_head() -> Result<(), SplitLoaderError> {
    use wasm_bindgen::JsCast;

    let Ok(links) = document().query_selector_all("head link[rel=preload][href$='.wasm']") else {
        return Ok(());
    };
    for link in (0..links.length()).filter_map(|n| links.get(n)?.dyn_into::<web_sys::Element>().ok()) {
        let address = link.get_attribute("href").unwrap_or_default();
        if let Some((_, name)) = address.trim_end_matches(".wasm").rsplit_once("/split_") {
            load(name).await?;
        }
    }
    Ok(())
}

/// A part's file did not come: the line is down, or the server has a new version since the page was loaded. Whoever was on the
/// way to another page gets it from the server, with the files of its version.
async fn without(missing: &SplitLoaderError, address: ReadSignal<Url>) -> AnyView {
    leptos::logging::warn!("{missing}");
    crate::shell::open_anew(
        &address.with_untracked(|to| format!("{}{}{}", to.path(), to.search(), to.hash())),
    );
    std::future::pending().await
}
