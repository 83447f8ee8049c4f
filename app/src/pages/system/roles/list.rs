use domain::{Permission, RoleRow};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Badge, PageHead, Table, Tone},
    load::{LoadError, loaded, once},
    words::{fill, frame, people},
};

#[server(prefix = "/load", endpoint = "roles", input = GetUrl)]
pub(crate) async fn load_roles() -> Result<Vec<RoleRow>, LoadError> {
    let (site, _) = crate::server::session::asking(crate::access::Need::Inside(Permission::ManagePeople))?;
    Ok(store::roles::list(&site.pool).await?)
}

/// The list of roles.
#[component]
pub(crate) fn Roles() -> impl IntoView {
    let roles = once(load_roles);
    view! {
        <PageHead title=people().roles about=people().roles_about>
            <Way class="button primary" to=format!("{LIST}/new")>
                {people().new_role}
            </Way>
        </PageHead>
        {loaded(roles, list)}
    }
}

fn list(roles: Vec<RoleRow>) -> impl IntoView {
    let all = Permission::ALL.len();
    let rows = roles
        .into_iter()
        .map(|RoleRow { role, people: held_by }| {
            let settings = role.settings;
            let count = settings.permissions.iter().count();
            let factor = match settings.requires_totp {
                true => view! { <Badge tone=Tone::Good text=people().required /> }.into_any(),
                false => view! { <span class="faint">{people().optional}</span> }.into_any(),
            };
            let networks: Vec<String> = settings.allowed_networks.iter().map(ToString::to_string).collect();
            let from = if networks.is_empty() { people().anywhere.to_owned() } else { networks.join(", ") };
            let origin = if role.built_in.is_some() { people().built_in } else { "" };
            view! {
                <tr>
                    <td>
                        <a href=format!("{LIST}/{}", role.id)>{settings.name.to_string()}</a>
                        " "
                        <span class="faint">{origin}</span>
                    </td>
                    <td class="num">{fill(people().count_of, &[&count.to_string(), &all.to_string()])}</td>
                    <td class="num">{held_by}</td>
                    <td>{factor}</td>
                    <td class="digits">{from}</td>
                    <td class="row-actions">
                        <Way to=format!("{LIST}/{}/delete", role.id)>{frame().delete}</Way>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label=people().roles
            columns=vec![
                (people().name, false),
                (people().permissions, true),
                (people().people, true),
                (people().second_factor, false),
                (people().from, false),
                ("", false),
            ]
        >
            {rows}
        </Table>
    }
}
