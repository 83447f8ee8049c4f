//! Every route of the portal: the pages, and the forms that are posted to them.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Routes},
    path,
};

use crate::{
    components::{Layout, NotFound},
    pages::{
        again::Again,
        business::{
            accounts::{Accounts, EditAccount, NewAccount, PayAccount, RemoveAccount},
            agents::{Agents, EditAgent, NewAgent, RemoveAgent},
            rate_tables::{EditRateTable, NewRateTable, RateTables, RemoveRateTable, ShowRateTable},
            rates::{EditRate, NewRate, RemoveRate},
        },
        cdrs::{Cdrs, ShowCdr},
        dashboard::Dashboard,
        login::Login,
        login_code::LoginCode,
        me::{ChangePassword, Me, NewToken, RemoveSecondFactor, SecondFactor, Tokens},
        operation::{
            calls::Calls,
            mapping_gateways::{
                EditMappingGateway, MappingGateways, NewMappingGateway, RemoveMappingGateway,
            },
            online::OnlineStatus,
            phones::{EditPhone, NewPhone, Phones, RemovePhone},
            registrations::{EditRegistration, NewRegistration, Registrations, RemoveRegistration},
            routing_gateways::{
                EditRoutingGateway, NewRoutingGateway, RemoveRoutingGateway, RoutingGateways,
            },
            trace::{Captures, Ladder, NewCapture, Trace},
        },
        search::Search,
        security::suspensions::Suspensions,
        several::Several,
        styleguide::Styleguide,
        system::{
            audit::{Audit, AuditChain},
            listeners::Listeners,
            lockouts::Lockouts,
            parameters::{
                ParameterChanges, ResetParameter, ServerParameters, ShowParameter, SipParameters,
                SystemParameters,
            },
            people::{EditPerson, NewPerson, People, RemovePerson},
            roles::{EditRole, NewRole, RemoveRole, Roles},
            webhooks::{EditWebhook, NewWebhook, RemoveWebhook, Webhooks},
        },
    },
};

/// A page is sent when it is complete: it then reads without a script, and its status is the one of its content.
const COMPLETE: SsrMode = SsrMode::Async;

/// The pages.
#[component]
pub(crate) fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/login") view=Login ssr=COMPLETE />
            <Route path=path!("/login/code") view=LoginCode ssr=COMPLETE />
            <ParentRoute path=path!("") view=Layout>
                <Route path=path!("") view=Dashboard ssr=COMPLETE />
                <Operation />
                <Business />
                <Route path=path!("security/suspensions") view=Suspensions ssr=COMPLETE />
                <System />
                <Own />
                <Route path=path!("cdrs") view=Cdrs ssr=COMPLETE />
                <Route path=path!("cdrs/:id") view=ShowCdr ssr=COMPLETE />
                <Route path=path!("again") view=Again ssr=COMPLETE />
                <Route path=path!("styleguide") view=Styleguide ssr=COMPLETE />
                <Route path=path!("search") view=Search ssr=COMPLETE />
                <Route path=path!("*any") view=NotFound ssr=COMPLETE />
            </ParentRoute>
        </Routes>
    }
}

#[component(transparent)]
fn Operation() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("operation") view=Outlet>
            <Route path=path!("mapping-gateways") view=MappingGateways ssr=COMPLETE />
            <Route path=path!("mapping-gateways/new") view=NewMappingGateway ssr=COMPLETE />
            <Route path=path!("mapping-gateways/several") view=Several ssr=COMPLETE />
            <Route path=path!("mapping-gateways/:id") view=EditMappingGateway ssr=COMPLETE />
            <Route path=path!("mapping-gateways/:id/delete") view=RemoveMappingGateway ssr=COMPLETE />
            <Route path=path!("routing-gateways") view=RoutingGateways ssr=COMPLETE />
            <Route path=path!("routing-gateways/new") view=NewRoutingGateway ssr=COMPLETE />
            <Route path=path!("routing-gateways/several") view=Several ssr=COMPLETE />
            <Route path=path!("routing-gateways/:id") view=EditRoutingGateway ssr=COMPLETE />
            <Route path=path!("routing-gateways/:id/delete") view=RemoveRoutingGateway ssr=COMPLETE />
            <Route path=path!("phones") view=Phones ssr=COMPLETE />
            <Route path=path!("phones/new") view=NewPhone ssr=COMPLETE />
            <Route path=path!("phones/several") view=Several ssr=COMPLETE />
            <Route path=path!("phones/:id") view=EditPhone ssr=COMPLETE />
            <Route path=path!("phones/:id/delete") view=RemovePhone ssr=COMPLETE />
            <Route path=path!("registrations") view=Registrations ssr=COMPLETE />
            <Route path=path!("registrations/new") view=NewRegistration ssr=COMPLETE />
            <Route path=path!("registrations/several") view=Several ssr=COMPLETE />
            <Route path=path!("registrations/:id") view=EditRegistration ssr=COMPLETE />
            <Route path=path!("registrations/:id/delete") view=RemoveRegistration ssr=COMPLETE />
            <Route path=path!("online") view=OnlineStatus ssr=COMPLETE />
            <Route path=path!("calls") view=Calls ssr=COMPLETE />
            <Route path=path!("trace") view=Trace ssr=COMPLETE />
            <Route path=path!("trace/ladder") view=Ladder ssr=COMPLETE />
            <Route path=path!("trace/captures") view=Captures ssr=COMPLETE />
            <Route path=path!("trace/captures/new") view=NewCapture ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn Business() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("business") view=Outlet>
            <Route path=path!("accounts") view=Accounts ssr=COMPLETE />
            <Route path=path!("accounts/new") view=NewAccount ssr=COMPLETE />
            <Route path=path!("accounts/several") view=Several ssr=COMPLETE />
            <Route path=path!("accounts/:id") view=EditAccount ssr=COMPLETE />
            <Route path=path!("accounts/:id/pay") view=PayAccount ssr=COMPLETE />
            <Route path=path!("accounts/:id/delete") view=RemoveAccount ssr=COMPLETE />
            <Route path=path!("agents") view=Agents ssr=COMPLETE />
            <Route path=path!("agents/new") view=NewAgent ssr=COMPLETE />
            <Route path=path!("agents/:id") view=EditAgent ssr=COMPLETE />
            <Route path=path!("agents/:id/delete") view=RemoveAgent ssr=COMPLETE />
            <Route path=path!("rate-tables") view=RateTables ssr=COMPLETE />
            <Route path=path!("rate-tables/new") view=NewRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id") view=ShowRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/several") view=Several ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/edit") view=EditRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/delete") view=RemoveRateTable ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/rates/new") view=NewRate ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/rates/:rate") view=EditRate ssr=COMPLETE />
            <Route path=path!("rate-tables/:id/rates/:rate/delete") view=RemoveRate ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn System() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("system") view=Outlet>
            <Route path=path!("sip-parameters") view=SipParameters ssr=COMPLETE />
            <Route path=path!("sip-parameters/:name") view=ShowParameter ssr=COMPLETE />
            <Route path=path!("sip-parameters/:name/reset") view=ResetParameter ssr=COMPLETE />
            <Route path=path!("system-parameters") view=SystemParameters ssr=COMPLETE />
            <Route path=path!("system-parameters/:name") view=ShowParameter ssr=COMPLETE />
            <Route path=path!("system-parameters/:name/reset") view=ResetParameter ssr=COMPLETE />
            <Route path=path!("server-parameters") view=ServerParameters ssr=COMPLETE />
            <Route path=path!("server-parameters/:name") view=ShowParameter ssr=COMPLETE />
            <Route path=path!("server-parameters/:name/reset") view=ResetParameter ssr=COMPLETE />
            <Route path=path!("parameter-changes") view=ParameterChanges ssr=COMPLETE />
            <Route path=path!("people") view=People ssr=COMPLETE />
            <Route path=path!("people/new") view=NewPerson ssr=COMPLETE />
            <Route path=path!("people/:id") view=EditPerson ssr=COMPLETE />
            <Route path=path!("people/:id/delete") view=RemovePerson ssr=COMPLETE />
            <Route path=path!("roles") view=Roles ssr=COMPLETE />
            <Route path=path!("roles/new") view=NewRole ssr=COMPLETE />
            <Route path=path!("roles/:id") view=EditRole ssr=COMPLETE />
            <Route path=path!("roles/:id/delete") view=RemoveRole ssr=COMPLETE />
            <Route path=path!("lockouts") view=Lockouts ssr=COMPLETE />
            <Route path=path!("listeners") view=Listeners ssr=COMPLETE />
            <Route path=path!("webhooks") view=Webhooks ssr=COMPLETE />
            <Route path=path!("webhooks/new") view=NewWebhook ssr=COMPLETE />
            <Route path=path!("webhooks/:id") view=EditWebhook ssr=COMPLETE />
            <Route path=path!("webhooks/:id/delete") view=RemoveWebhook ssr=COMPLETE />
            <Route path=path!("audit") view=Audit ssr=COMPLETE />
            <Route path=path!("audit/chain") view=AuditChain ssr=COMPLETE />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn Own() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("me") view=Outlet>
            <Route path=path!("") view=Me ssr=COMPLETE />
            <Route path=path!("password") view=ChangePassword ssr=COMPLETE />
            <Route path=path!("second-factor") view=SecondFactor ssr=COMPLETE />
            <Route path=path!("second-factor/remove") view=RemoveSecondFactor ssr=COMPLETE />
            <Route path=path!("second-factor/codes") view=SecondFactor ssr=COMPLETE />
            <Route path=path!("tokens") view=Tokens ssr=COMPLETE />
            <Route path=path!("tokens/new") view=NewToken ssr=COMPLETE />
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
