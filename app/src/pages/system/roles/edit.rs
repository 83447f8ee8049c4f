use domain::{BuiltInRole, Permissions, Role, RoleDraft, RoleId};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Area, Buttons, DraftForm, PageHead, PermissionBoxes, Text, Tick},
    form::{Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::parts,
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
        <PageHead title="New role" about="What its people may see and do." />
        {form(Opened::new(submitted(), RoleDraft::default()))}
    }
}

/// The form of one role.
#[component]
pub(crate) fn EditRole() -> impl IntoView {
    let sent = submitted();
    let id = key("id");
    let role = Resource::new(id, async |id: Option<RoleId>| match id {
        Some(id) => load_role(id).await,
        None => Err(LoadError::NotFound),
    });
    loaded(role, move |role| {
        let stored = RoleDraft::from(&role.settings);
        let about = match role.built_in {
            Some(BuiltInRole::Administrator) => "The administrator keeps every permission.",
            _ => "What its people may see and do. A change holds from their next click on.",
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
            <Text name="name" label="Name" value=draft.name required=true />
            <PermissionBoxes offered=Permissions::ALL ticked />
            <Tick
                name="requires_totp"
                label="A second factor is required"
                value=draft.requires_totp
                hint="Who has none sets one up before anything else."
            />
            <Area
                name="allowed_networks"
                label="Networks"
                value=draft.allowed_networks
                hint="From where its people may log in and work: addresses and networks, separated by commas or lines. Empty for anywhere."
            />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Path, State},
        response::Response,
    };
    use domain::{RoleDraft, RoleId};
    use store::roles;

    use super::LIST;
    use crate::server::{
        Site,
        sent::{Done, Sent},
        session::Asker,
    };

    pub(crate) async fn create(State(site): State<Site>, asker: Asker, sent: Sent<RoleDraft>) -> Response {
        let outcome = async {
            let settings = sent.draft.check()?;
            roles::create(&site.pool, &asker.actor, &settings).await?;
            Ok(Done::to(LIST, format!("Role “{}” was created.", settings.name)))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }

    pub(crate) async fn update(
        State(site): State<Site>,
        Path(id): Path<i64>,
        asker: Asker,
        sent: Sent<RoleDraft>,
    ) -> Response {
        let outcome = async {
            let settings = sent.draft.check()?;
            let (version, from) = (sent.version()?, Some(asker.address));
            roles::update(&site.pool, &asker.actor, RoleId(id), version, &settings, from).await?;
            Ok(Done::to(LIST, format!("Role “{}” was changed.", settings.name)))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }
}
