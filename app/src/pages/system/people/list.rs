use domain::UserRow;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Badge, Column, ListMoment, Listing, Tone, listing},
    list::{ListQuestion, Stretch},
    load::LoadError,
    words::{frame, parts, people},
};

#[server(prefix = "/load", endpoint = "people", input = GetUrl)]
pub(crate) async fn load_people(question: ListQuestion) -> Result<Stretch<UserRow>, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ManagePeople);
    let (site, asker) = crate::server::session::asking(need)?;
    let mut rows = store::people::list(&site.pool, &asker.scope, &question.search).await?;
    question.sort(&mut rows, |column, a, b| match column {
        "name" => a.user.settings.name.cmp(&b.user.settings.name),
        "role" => a.role_name.cmp(&b.role_name),
        "home" => a.home_name.cmp(&b.home_name),
        "seen" => a.user.last_log_in.cmp(&b.user.last_log_in),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(question.stretch(rows, |row| row.user.id.to_string()))
}

/// The list of people.
#[component]
pub(crate) fn People() -> impl IntoView {
    let t = people();
    let list = Listing {
        page: LIST,
        name: "people",
        title: t.people,
        about: t.people_about,
        new: t.new_person,
        search: Some(parts().search_by_name),
        none: None,
        unmatched: t.nobody_named,
        columns,
        tick: None,
        bulk: Vec::new,
        export: false,
        actions: |row| {
            view! { <Way to=format!("{LIST}/{}/delete", row.user.id)>{frame().delete}</Way> }.into_any()
        },
    };
    listing(list, load_people)
}

fn columns() -> Vec<Column<UserRow>> {
    vec![
        Column::text("name", people().name, |row: &UserRow| {
            let user = &row.user;
            view! { <a href=format!("{LIST}/{}", user.id)>{user.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::text("called", people().called, |row: &UserRow| row.user.settings.display_name.clone()),
        Column::text("role", people().role, |row: &UserRow| row.role_name.clone()).sorted(),
        Column::text("home", people().belongs_to, |row: &UserRow| match &row.home_name {
            Some(name) => name.clone(),
            None => people().administration.to_owned(),
        })
        .sorted(),
        Column::text("factor", people().second_factor, |row: &UserRow| match row.user.has_totp {
            true => view! { <Badge tone=Tone::Good text=people().set_up /> }.into_any(),
            false => view! { <span class="faint">{people().none}</span> }.into_any(),
        }),
        Column::text("seen", people().last_log_in, |row: &UserRow| match row.user.last_log_in {
            Some(at) => view! { <ListMoment at /> }.into_any(),
            None => view! { <span class="faint">{people().never}</span> }.into_any(),
        })
        .zoned()
        .sorted(),
        Column::figure("sessions", people().sessions, |row: &UserRow| row.sessions.to_string()),
        Column::text("state", people().state, |row: &UserRow| match row.user.settings.enabled {
            true => view! { <Badge tone=Tone::Good text=people().enabled /> },
            false => view! { <Badge tone=Tone::Bad text=people().disabled /> },
        }),
    ]
}
