use domain::{Home, Invalid, Language, SessionRow, UserDraft, UserId, UserRow};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::Way,
    components::{Buttons, Choice, DraftForm, Moment, Options, PageHead, Text, Tick, or_empty},
    form::{Draft, Opened, submitted},
    load::{LoadError, by_key, loaded, once},
    pages::{key, me::SessionTable},
    words::{self, fields, fill, frame, parts, people},
};

impl Draft for UserDraft {
    fn faults(&self) -> Result<(), Invalid> {
        self.check().map(drop)
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self { password: String::new(), ..self }
    }
}

/// What the form needs: the person to edit, and what there is to choose from.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) person: Option<UserRow>,
    sessions: Vec<SessionRow>,
    roles: Options,
    homes: Options,
}

#[server(prefix = "/load", endpoint = "person", input = GetUrl)]
pub(crate) async fn load_person(id: Option<UserId>) -> Result<Editing, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ManagePeople))?;
    let (pool, scope) = (&site.pool, &asker.scope);
    let (person, sessions) = match id {
        Some(id) => {
            let person = store::people::find(pool, scope, id).await?;
            (Some(person), store::sessions::list(pool, id, Some(&asker.session)).await?)
        }
        None => (None, Vec::new()),
    };
    let roles = store::roles::list(pool).await?;
    let roles = roles.into_iter().map(|row| (row.role.id.to_string(), row.role.settings.name.to_string()));
    let agents = store::agents::list(pool, scope, "").await?.into_iter().map(|row| {
        let agent = row.agent;
        (Home::Agent(agent.id).to_string(), fill(people().of_agent, &[agent.settings.name.as_str()]))
    });
    let accounts = store::accounts::list(pool, scope, &domain::AccountFilter::default()).await?;
    let accounts = accounts.into_iter().map(|account| {
        (Home::Account(account.id).to_string(), fill(people().of_account, &[account.settings.name.as_str()]))
    });
    let homes = std::iter::once((Home::Administration.to_string(), people().the_administration.to_owned()))
        .chain(agents)
        .chain(accounts)
        .collect();
    Ok(Editing { person, sessions, roles: roles.collect(), homes })
}

/// A form for a new person.
#[component]
pub(crate) fn NewPerson() -> impl IntoView {
    let sent = submitted();
    let editing = once(|| load_person(None));
    loaded(editing, move |editing| {
        let fresh = UserDraft {
            enabled: "on".to_owned(),
            home: Home::Administration.to_string(),
            language: Language::default().to_string(),
            ..Default::default()
        };
        view! {
            <PageHead title=people().new_person about=people().new_person_about />
            {form(Opened::new(sent.clone(), fresh), editing.roles, editing.homes, true)}
        }
    })
}

/// The form of one person, with their log-ins below.
#[component]
pub(crate) fn EditPerson() -> impl IntoView {
    let sent = submitted();
    let editing = by_key(key("id"), |id| load_person(Some(id)));
    loaded(editing, move |editing| {
        editing.person.map(|row| {
            let user = row.user;
            let stored = UserDraft::from(&user.settings);
            let (page, name) = (format!("{LIST}/{}", user.id), user.settings.name.to_string());
            let seen = user.last_log_in.map(|at| view! { {people().last_log_in_at} <Moment at /> });
            let factor = user.has_totp.then(|| {
                view! {
                    <form method="post" action=format!("{page}/second-factor") class="inline">
                        <button type="submit" class="button danger">
                            {people().remove_factor}
                        </button>
                    </form>
                }
            });
            let log_ins = (!editing.sessions.is_empty()).then(|| {
                view! {
                    <h2>{people().log_ins}</h2>
                    <SessionTable sessions=editing.sessions action=format!("{page}/sessions") />
                    <form method="post" action=format!("{page}/sessions") class="below">
                        <input type="hidden" name="id" value="all" />
                        <button type="submit" class="button danger">
                            {people().end_all}
                        </button>
                    </form>
                }
            });
            view! {
                <PageHead title=name about=fill(people().failed_since, &[&user.failed_log_ins.to_string()])>
                    {factor}
                    <Way class="button" to=format!("{page}/delete")>
                        {parts().delete_more}
                    </Way>
                </PageHead>
                <p class="about above">{seen}</p>
                {form(Opened::of(sent.clone(), stored, user.version), editing.roles, editing.homes, false)}
                {log_ins}
            }
        })
    })
}

fn form(opened: Opened<UserDraft>, roles: Options, homes: Options, is_new: bool) -> impl IntoView {
    let draft = opened.draft.clone();
    let roles = or_empty(fields().choose, roles);
    let hint = match is_new {
        true => people().first_password_hint,
        false => people().password_hint,
    };
    let languages = words::Language::ALL
        .iter()
        .map(|language| (language.tag().to_owned(), language.name().to_owned()))
        .collect();
    view! {
        <DraftForm opened>
            <Text name="name" label=people().name value=draft.name required=true hint=people().name_hint />
            <Text name="display_name" label=people().called value=draft.display_name hint=people().may_stay_empty />
            <Choice name="language" label=frame().language value=draft.language options=languages />
            <Choice name="role" label=people().role value=draft.role options=roles required=true hint=people().role_hint />
            <Choice
                name="home"
                label=people().belongs_to
                value=draft.home
                options=homes
                required=true
                hint=people().home_hint
            />
            <Text
                name="password"
                label=people().new_password
                value=""
                kind="password"
                autocomplete="new-password"
                required=is_new
                hint
            />
            <Tick name="enabled" label=people().may_log_in value=draft.enabled hint=people().may_log_in_hint />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{Invalid, SessionId, UserDraft, UserId};
    use store::people;

    use super::LIST;
    use crate::{
        form::{Confirmation, Refusal},
        pages::me::Ending,
        server::{posted::Posted, sent::Done},
        words,
    };

    pub(crate) async fn create(posted: Posted<UserDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let (settings, password) = sent.draft.check()?;
                let password = password
                    .ok_or_else(|| Invalid::field("password", "a new person needs a first password"))?;
                people::create(&site.pool, &asker.actor, &settings, &password).await?;
                Ok(Done::to(LIST, words::fill(words::people().can_log_in, &[settings.name.as_str()])))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<UserDraft, UserId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let (id, version) = (*id, sent.version()?);
                let (settings, password) = sent.draft.check()?;
                // The password first: when it is refused, nothing else has been changed, and it leaves the row's version alone.
                if let Some(password) = password {
                    people::set_password(&site.pool, &asker.actor, id, &password).await?;
                }
                people::update(&site.pool, &asker.actor, id, version, &settings).await?;
                Ok(Done::to(LIST, words::fill(words::people().person_changed, &[settings.name.as_str()])))
            })
            .await
    }

    /// Ends one session of a person, or all of them.
    pub(crate) async fn end_sessions(posted: Posted<Ending, UserId>) -> Response {
        let page = format!("{LIST}/{}", posted.id);
        posted
            .answer_at(&page, async |Posted { site, id, asker, sent }| {
                let user = *id;
                let said = match sent.draft.id.as_str() {
                    "all" => {
                        let keep = (user == asker.user).then_some(&asker.session);
                        let ended =
                            store::sessions::revoke_others(&site.pool, &asker.actor, user, keep).await?;
                        words::fill(words::people().sessions_ended, &[&ended.to_string()])
                    }
                    session => {
                        let session: SessionId =
                            session.parse().map_err(|_| Refusal::saying(words::people().no_session))?;
                        store::sessions::revoke(&site.pool, &asker.actor, user, session).await?;
                        words::people().session_ended.to_owned()
                    }
                };
                Ok(Done::to(&page, said))
            })
            .await
    }

    /// Takes the second factor of somebody who has lost the device.
    pub(crate) async fn remove_factor(posted: Posted<Confirmation, UserId>) -> Response {
        let page = format!("{LIST}/{}", posted.id);
        posted
            .answer_at(&page, async |Posted { site, id, asker, .. }| {
                store::totp::remove(&site.pool, &asker.actor, *id).await?;
                Ok(Done::to(&page, words::people().their_factor_removed))
            })
            .await
    }
}
