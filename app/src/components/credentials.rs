//! A user and a password, as forms of gateways ask for them.

use leptos::prelude::*;

use super::Text;
use crate::words::phones;

/// Both fields. The password is never filled in.
#[component]
pub(crate) fn Credentials(
    #[prop(into)] user: String,
    user_hint: &'static str,
    password_hint: &'static str,
) -> impl IntoView {
    let t = phones();
    view! {
        <Text name="user" label=t.gateway_user value=user hint=user_hint />
        <Text
            name="password"
            label=t.password
            value=""
            kind="password"
            autocomplete="new-password"
            hint=password_hint
        />
    }
}
