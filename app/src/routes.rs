//! Every route of the portal: the pages, and the forms that are posted to them.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Routes},
    path,
};

use crate::{
    components::{Layout, NotFound},
    parts,
};

/// A page is sent when it is complete: it then reads without a script, and its status is the one of its content.
const COMPLETE: SsrMode = SsrMode::Async;

/// The pages.
#[component]
pub(crate) fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/login") view=parts::Entry::Login ssr=COMPLETE />
            <Route path=path!("/login/code") view=parts::Entry::LoginCode ssr=COMPLETE />
            <ParentRoute path=path!("") view=Layout>
                <Route path=path!("") view=parts::Home::Dashboard ssr=COMPLETE />
                <Operation />
                <Business />
                <Route path=path!("security/suspensions") view=parts::Operation::Suspensions ssr=COMPLETE />
                <System />
                <Own />
                <Route path=path!("cdrs") view=parts::Calls::Cdrs ssr=COMPLETE />
                <Route path=path!("cdrs/:id") view=parts::Calls::ShowCdr ssr=COMPLETE />
                <Route path=path!("again") view=parts::Entry::Again ssr=COMPLETE />
                <Route path=path!("styleguide") view=parts::Administration::Styleguide ssr=COMPLETE />
                <Route path=path!("search") view=parts::Calls::Search ssr=COMPLETE />
                <Route path=path!("*any") view=NotFound ssr=COMPLETE />
            </ParentRoute>
        </Routes>
    }
}

#[component(transparent)]
fn Operation() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("operation") view=Outlet>
            <Route path=path!("mapping-gateways") view=parts::Operation::MappingGateways ssr=COMPLETE />
            <Route path=path!("mapping-gateways/new") view=parts::Operation::NewMappingGateway ssr=COMPLETE />
            <Route path=path!("mapping-gateways/several") view=parts::Operation::Several ssr=COMPLETE />
            <Route path=path!("mapping-gateways/:id") view=parts::Operation::EditMappingGateway ssr=COMPLETE />
            <Route path=path!("mapping-gateways/:id/delete") view=parts::Operation::RemoveMappingGateway ssr=COMPLETE />
            <Route path=path!("routing-gateways") view=parts::Operation::RoutingGateways ssr=COMPLETE />
            <Route path=path!("routing-gateways/new") view=parts::Operation::NewRoutingGateway ssr=COMPLETE />
            <Route path=path!("routing-gateways/several") view=parts::Operation::Several ssr=COMPLETE />
            <Route path=path!("routing-gateways/:id") view=parts::Operation::EditRoutingGateway ssr=COMPLETE />
            <Route path=path!("routing-gateways/:id/delete") view=parts::Operation::RemoveRoutingGateway ssr=COMPLETE />
            <Route path=path!("phones") view=parts::Operation::Phones ssr=COMPLETE />
            <Route path=path!("phones/new") view=parts::Operation::NewPhone ssr=COMPLETE />
            <Route path=path!("phones/several") view=parts::Operation::Several ssr=COMPLETE />
            <Route path=path!("phones/:id") view=parts::Operation::EditPhone ssr=COMPLETE />
            <Route path=path!("phones/:id/delete") view=parts::Operation::RemovePhone ssr=COMPLETE />
            <Route path=path!("registrations") view=parts::Operation::Registrations ssr=COMPLETE />
            <Route path=path!("registrations/new") view=parts::Operation::NewRegistration ssr=COMPLETE />
            <Route path=path!("registrations/several") view=parts::Operation::Several ssr=COMPLETE />
            <Route path=path!("registrations/:id") view=parts::Operation::EditRegistration ssr=COMPLETE />
            <Route path=path!("registrations/:id/delete") view=parts::Operation::RemoveRegistration ssr=COMPLETE />
            <Route path=path!("online") view=parts::Operation::OnlineStatus ssr=COMPLETE />
            <Route path=path!("calls") view=parts::Operation::Calls ssr=COMPLETE />
            <Route path=path!("trace") view=parts::Operation::Trace ssr=COMPLETE />
            <Route path=path!("trace/ladder") view=parts::Operation::Ladder ssr=COMPLETE />
            <Route path=path!("trace/captures") view=parts::Operation::Captures ssr=COMPLETE />
            <Route path=path!("trace/captures/new") view=parts::Operation::NewCapture ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn Business() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("business") view=Outlet>
            <Route path=path!("accounts") view=parts::Administration::Accounts ssr=COMPLETE />
            <Route path=path!("accounts/new") view=parts::Administration::NewAccount ssr=COMPLETE />
            <Route path=path!("accounts/several") view=parts::Operation::Several ssr=COMPLETE />
            <Route path=path!("accounts/:id") view=parts::Administration::EditAccount ssr=COMPLETE />
            <Route path=path!("accounts/:id/pay") view=parts::Administration::PayAccount ssr=COMPLETE />
            <Route path=path!("accounts/:id/delete") view=parts::Administration::RemoveAccount ssr=COMPLETE />
            <Route path=path!("agents") view=parts::Administration::Agents ssr=COMPLETE />
            <Route path=path!("agents/new") view=parts::Administration::NewAgent ssr=COMPLETE />
            <Route path=path!("agents/:id") view=parts::Administration::EditAgent ssr=COMPLETE />
            <Route path=path!("agents/:id/delete") view=parts::Administration::RemoveAgent ssr=COMPLETE />
            <Route path=path!("rate-tables") view=parts::Administration::RateTables ssr=COMPLETE />
            <Route path=path!("rate-tables/new") view=parts::Administration::NewRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id") view=parts::Administration::ShowRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/several") view=parts::Operation::Several ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/edit") view=parts::Administration::EditRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/delete") view=parts::Administration::RemoveRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/rates/new") view=parts::Administration::NewRate ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/rates/:rate") view=parts::Administration::EditRate ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/rates/:rate/delete") view=parts::Administration::RemoveRate ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn System() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("system") view=Outlet>
            <Route path=path!("sip-parameters") view=parts::Administration::SipParameters ssr=COMPLETE />
            <Route path=path!("sip-parameters/:name") view=parts::Administration::ShowParameter ssr=COMPLETE />
            <Route path=path!("sip-parameters/:name/reset") view=parts::Administration::ResetParameter ssr=COMPLETE />
            <Route path=path!("system-parameters") view=parts::Administration::SystemParameters ssr=COMPLETE />
            <Route path=path!("system-parameters/:name") view=parts::Administration::ShowParameter ssr=COMPLETE />
            <Route path=path!("system-parameters/:name/reset") view=parts::Administration::ResetParameter ssr=COMPLETE />
            <Route path=path!("server-parameters") view=parts::Administration::ServerParameters ssr=COMPLETE />
            <Route path=path!("server-parameters/:name") view=parts::Administration::ShowParameter ssr=COMPLETE />
            <Route path=path!("server-parameters/:name/reset") view=parts::Administration::ResetParameter ssr=COMPLETE />
            <Route path=path!("parameter-changes") view=parts::Administration::ParameterChanges ssr=COMPLETE />
            <Route path=path!("people") view=parts::Administration::People ssr=COMPLETE />
            <Route path=path!("people/new") view=parts::Administration::NewPerson ssr=COMPLETE />
            <Route path=path!("people/:id") view=parts::Administration::EditPerson ssr=COMPLETE />
            <Route path=path!("people/:id/delete") view=parts::Administration::RemovePerson ssr=COMPLETE />
            <Route path=path!("roles") view=parts::Administration::Roles ssr=COMPLETE />
            <Route path=path!("roles/new") view=parts::Administration::NewRole ssr=COMPLETE />
            <Route path=path!("roles/:id") view=parts::Administration::EditRole ssr=COMPLETE />
            <Route path=path!("roles/:id/delete") view=parts::Administration::RemoveRole ssr=COMPLETE />
            <Route path=path!("lockouts") view=parts::Administration::Lockouts ssr=COMPLETE />
            <Route path=path!("listeners") view=parts::Administration::Listeners ssr=COMPLETE />
            <Route path=path!("webhooks") view=parts::Administration::Webhooks ssr=COMPLETE />
            <Route path=path!("webhooks/new") view=parts::Administration::NewWebhook ssr=COMPLETE />
            <Route path=path!("webhooks/:id") view=parts::Administration::EditWebhook ssr=COMPLETE />
            <Route path=path!("webhooks/:id/delete") view=parts::Administration::RemoveWebhook ssr=COMPLETE />
            <Route path=path!("audit") view=parts::Administration::Audit ssr=COMPLETE />
            <Route path=path!("audit/chain") view=parts::Administration::AuditChain ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn Own() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("me") view=Outlet>
            <Route path=path!("") view=parts::Administration::Me ssr=COMPLETE />
            <Route path=path!("password") view=parts::Administration::ChangePassword ssr=COMPLETE />
            <Route path=path!("second-factor") view=parts::Administration::SecondFactor ssr=COMPLETE />
            <Route path=path!("second-factor/remove") view=parts::Administration::RemoveSecondFactor ssr=COMPLETE />
            <Route path=path!("second-factor/codes") view=parts::Administration::SecondFactor ssr=COMPLETE />
            <Route path=path!("tokens") view=parts::Administration::Tokens ssr=COMPLETE />
            <Route path=path!("tokens/new") view=parts::Administration::NewToken ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

/// The forms, each posted to the address of its page.
#[cfg(feature = "ssr")]
pub(crate) fn forms() -> axum::Router<crate::server::Site> {
    use axum::routing::post;

    use crate::pages::{
        again,
        business::{accounts, agents, rate_tables, rates},
        login, login_code, me,
        operation::{calls, mapping_gateways, phones, registrations, routing_gateways, trace},
        security::suspensions,
        several::server::several,
        system::{lockouts, parameters, people, roles, webhooks},
    };

    axum::Router::new()
        .merge(files())
        .route("/operation/mapping-gateways/several", post(several))
        .route("/operation/routing-gateways/several", post(several))
        .route("/operation/phones/several", post(several))
        .route("/operation/registrations/several", post(several))
        .route("/business/accounts/several", post(several))
        .route("/business/rate-tables/{id}/several", post(several))
        .route("/system/sip-parameters", post(parameters::save))
        .route("/system/sip-parameters/{name}/reset", post(parameters::reset))
        .route("/system/system-parameters", post(parameters::save))
        .route("/system/system-parameters/{name}/reset", post(parameters::reset))
        .route("/system/server-parameters", post(parameters::save))
        .route("/system/server-parameters/{name}/reset", post(parameters::reset))
        .route("/login", post(login::log_in))
        .route("/login/code", post(login_code::enter_code))
        .route("/again", post(again::prove))
        .route("/logout", post(login::log_out))
        .route("/me/sessions", post(me::end_sessions))
        .route("/me/password", post(me::change))
        .route("/me/second-factor", post(me::set_up))
        .route("/me/second-factor/remove", post(me::remove))
        .route("/me/second-factor/codes", post(me::renew))
        .route("/me/tokens", post(me::revoke_token))
        .route("/me/tokens/new", post(me::create_token))
        .route("/system/people/new", post(people::create))
        .route("/system/people/{id}", post(people::update))
        .route("/system/people/{id}/delete", post(people::remove))
        .route("/system/people/{id}/sessions", post(people::end_sessions))
        .route("/system/people/{id}/second-factor", post(people::remove_factor))
        .route("/system/roles/new", post(roles::create))
        .route("/system/roles/{id}", post(roles::update))
        .route("/system/roles/{id}/delete", post(roles::remove))
        .route("/system/webhooks/new", post(webhooks::create))
        .route("/system/webhooks/{id}", post(webhooks::update))
        .route("/system/webhooks/{id}/delete", post(webhooks::remove))
        .route("/system/webhooks/{id}/test", post(webhooks::test))
        .route("/system/webhooks/{id}/resend", post(webhooks::resend))
        .route("/security/suspensions", post(suspensions::server::release))
        .route("/system/lockouts", post(lockouts::release))
        .route("/business/agents/new", post(agents::create))
        .route("/business/agents/{id}", post(agents::update))
        .route("/business/agents/{id}/delete", post(agents::remove))
        .route("/operation/mapping-gateways/new", post(mapping_gateways::create))
        .route("/operation/mapping-gateways/{id}", post(mapping_gateways::update))
        .route("/operation/mapping-gateways/{id}/delete", post(mapping_gateways::remove))
        .route("/operation/routing-gateways/new", post(routing_gateways::create))
        .route("/operation/routing-gateways/{id}", post(routing_gateways::update))
        .route("/operation/routing-gateways/{id}/delete", post(routing_gateways::remove))
        .route("/operation/phones/new", post(phones::create))
        .route("/operation/phones/{id}", post(phones::update))
        .route("/operation/phones/{id}/delete", post(phones::remove))
        .route("/operation/registrations/new", post(registrations::create))
        .route("/operation/registrations/{id}", post(registrations::update))
        .route("/operation/registrations/{id}/now", post(registrations::register_now))
        .route("/operation/registrations/{id}/delete", post(registrations::remove))
        .route("/operation/calls", post(calls::hang_up))
        .route("/operation/trace/captures", post(trace::change_capture))
        .route("/operation/trace/captures/new", post(trace::begin_capture))
        .route("/business/accounts/new", post(accounts::create))
        .route("/business/accounts/{id}", post(accounts::update))
        .route("/business/accounts/{id}/pay", post(accounts::pay))
        .route("/business/accounts/{id}/delete", post(accounts::remove))
        .route("/business/rate-tables/new", post(rate_tables::create))
        .route("/business/rate-tables/{id}/edit", post(rate_tables::update))
        .route("/business/rate-tables/{id}/delete", post(rate_tables::remove))
        .route("/business/rate-tables/{id}/rates/new", post(rates::create))
        .route("/business/rate-tables/{id}/rates/{rate}", post(rates::update))
        .route("/business/rate-tables/{id}/rates/{rate}/delete", post(rates::remove))
}

/// The lists as files, each below the address of its page.
#[cfg(feature = "ssr")]
fn files() -> axum::Router<crate::server::Site> {
    use axum::routing::get;

    use crate::pages::{
        business::{accounts, rate_tables},
        cdrs,
        operation::{mapping_gateways, phones, registrations, routing_gateways, trace},
    };

    axum::Router::new()
        .route("/cdrs/export.csv", get(cdrs::export))
        .route("/operation/trace/ladder.pcapng", get(trace::packets))
        .route("/operation/mapping-gateways/export.csv", get(mapping_gateways::export))
        .route("/operation/routing-gateways/export.csv", get(routing_gateways::export))
        .route("/operation/phones/export.csv", get(phones::export))
        .route("/operation/registrations/export.csv", get(registrations::export))
        .route("/business/accounts/export.csv", get(accounts::export))
        .route("/business/rate-tables/export.csv", get(rate_tables::export))
        .route("/business/rate-tables/{id}/export.csv", get(rate_tables::export_rates))
}
