use domain::{PhoneId, PhoneListing};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    LIST,
    contacts::Contacts,
    form::{Choices, PhoneForm, form},
    list::state,
};
use crate::{
    access::Way,
    components::{Copy, Notice, NoticeKind, PageHead},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded, once},
    pages::key,
    words::{fill, pages, parts, phones},
};

/// What the form needs: the phone to edit, and what can be chosen.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) listing: Option<PhoneListing>,
    choices: Choices,
}

/// A password that is shown on this page and never again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(super) id: PhoneId,
    pub(super) number: String,
    pub(super) password: String,
}

#[server(prefix = "/load", endpoint = "phone", input = GetUrl)]
pub(crate) async fn load_phone(id: Option<PhoneId>) -> Result<Editing, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewPhones)?;
    let (pool, scope) = (&site.pool, &asker.scope);
    let listing = match id {
        Some(id) => Some(store::phones::show(pool, scope, id).await?),
        None => None,
    };
    let customer = domain::AccountKind::Customer;
    let accounts = crate::pages::business::accounts::of_kind(&site, &asker, customer).await?;
    // Vendors and how the switch speaks are nobody's affair outside.
    let whole = *scope == store::Scope::All;
    let targets = match whole && asker.may(domain::Permission::ViewGateways) {
        true => store::routing_gateways::list(pool, scope, "").await?,
        false => Vec::new(),
    };
    let rows = match whole {
        true => store::parameters::list(pool, scope).await?,
        false => Vec::new(),
    };
    let targets = targets.into_iter().map(|row| {
        let sent = format!("{}{}", domain::GATEWAY_TARGET, row.gateway.id);
        (sent, row.gateway.settings.name.to_string())
    });
    let system = crate::components::system_values(rows);
    Ok(Editing { listing, choices: Choices { accounts, targets: targets.collect(), system } })
}

/// A form for a new phone.
#[component]
pub(crate) fn NewPhone() -> impl IntoView {
    // The answer to this form has this form's address: the phone that was made stands here with its password.
    let shown = SharedValue::new(use_context::<Shown>).into_inner();
    let sent = submitted();
    let editing = once(|| load_phone(None));
    loaded(editing, move |editing| match shown.clone() {
        Some(shown) => {
            let (number, phone) = (shown.number.clone(), format!("{LIST}/{}", shown.id));
            view! {
                <PageHead title=number about=phones().phone_about>
                    <a class="button primary" href=phone>
                        {phones().open_phone}
                    </a>
                </PageHead>
                {new_password(shown)}
            }
            .into_any()
        }
        None => view! {
            <PageHead title=phones().new about=phones().phone_about />
            {form(Opened::new(sent.clone(), PhoneForm::fresh()), editing.choices, false)}
        }
        .into_any(),
    })
}

/// The form of one phone, with where it is registered.
#[component]
pub(crate) fn EditPhone() -> impl IntoView {
    let shown = SharedValue::new(use_context::<Shown>).into_inner();
    let sent = submitted();
    let editing = by_key(key("id"), |id| load_phone(Some(id)));
    loaded(editing, move |editing| {
        editing.listing.map(|listing| {
            let phone = &listing.row.phone;
            let opened = Opened::of(sent.clone(), PhoneForm::of(&phone.settings), phone.version);
            let (id, has_password) = (phone.id, phone.has_password);
            let number = phone.settings.number.to_string();
            let state = state(listing.state());
            view! {
                <PageHead title=number.clone() about=phones().phone_about>
                    {state}
                    <Way class="button" to=format!("/cdrs?caller={number}")>
                        {pages().its_calls}
                    </Way>
                    <Way class="button" to=format!("{LIST}/{id}/delete")>
                        {parts().delete_more}
                    </Way>
                </PageHead>
                {shown.clone().map(new_password)}
                {form(opened, editing.choices, has_password)}
                <Contacts listing />
            }
        })
    })
}

fn new_password(shown: Shown) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Done>
            <p>{fill(phones().password_is, &[&shown.number])}</p>
            <p>
                <code class="secret">{shown.password.clone()}</code>
                " "
                <Copy text=shown.password />
            </p>
        </Notice>
    }
}
