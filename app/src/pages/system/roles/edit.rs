use domain::{BuiltInRole, Permissions, Role, RoleDraft, RoleId};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Area, Buttons, DraftForm, PageHead, PermissionBoxes, Text, Tick},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded},
    pages::key,
    words::{parts, people},
};

#[server(prefix = "/load", endpoint = "role", input = GetUrl)]
pub(crate) async fn load_role(id: RoleId) -> Result<Role, LoadError> {
    let (site, _) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ManagePeople))?;
    Ok(store::roles::find(&site.pool, id).await?)
}

/// A form for a new role.
#[component]
pub(crate) fn NewRole() -> impl IntoView {
    view! {
        <PageHead title=people().new_role about=people().role_about />
        {form(Opened::new(submitted(), RoleDraft::default()))}
    }
}

/// The form of one role.
#[component]
pub(crate) fn EditRole() -> impl IntoView {
    let sent = submitted();
    let role = by_key(key("id"), load_role);
    loaded(role, move |role| {
        let stored = RoleDraft::from(&role.settings);
        let about = match role.built_in {
            Some(BuiltInRole::Administrator) => people().keeps_all,
            _ => people().role_about_edit,
        };
        view! {
            <PageHead title=role.settings.name.to_string() about>
                <Way class="button" to=format!("{LIST}/{}/delete", role.id)>
                    {parts().delete_more}
                </Way>
            </PageHead>
            {form(Opened::of(sent.clone(), stored, role.version))}
        }
    })
}

fn form(opened: Opened<RoleDraft>) -> impl IntoView {
    let draft = opened.draft.clone();
    let ticked = Permissions::ALL.iter().filter(|permission| draft.ticked(*permission)).collect();
    view! {
        <DraftForm opened>
            <Text name="name" label=people().name value=draft.name required=true />
            <PermissionBoxes offered=Permissions::ALL ticked />
            <Tick
                name="requires_totp"
                label=people().factor_required
                value=draft.requires_totp
                hint=people().factor_required_hint
            />
            <Area
                name="allowed_networks"
                label=people().networks
                value=draft.allowed_networks
                hint=people().role_networks_hint
            />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{RoleDraft, RoleId};
    use store::roles;

    use super::LIST;
    use crate::{
        server::{posted::Posted, sent::Done},
        words::{fill, people},
    };

    pub(crate) async fn create(posted: Posted<RoleDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let settings = sent.draft.check()?;
                roles::create(&site.pool, &asker.actor, &settings).await?;
                Ok(Done::to(LIST, fill(people().role_created, &[settings.name.as_str()])))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<RoleDraft, RoleId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let settings = sent.draft.check()?;
                let (version, from) = (sent.version()?, Some(asker.address));
                roles::update(&site.pool, &asker.actor, *id, version, &settings, from).await?;
                Ok(Done::to(LIST, fill(people().role_changed, &[settings.name.as_str()])))
            })
            .await
    }
}
