use domain::{Home, Invalid, Language, SessionRow, UserDraft, UserId, UserRow};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::Way,
    components::{Buttons, Choice, DraftForm, Moment, Options, PageHead, Text, Tick},
    form::{Draft, Opened, submitted},
    load::{LoadError, loaded},
    pages::{key, me::SessionTable},
    words::parts,
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
        (Home::Agent(agent.id).to_string(), format!("Agent: {}", agent.settings.name))
    });
    let accounts = store::accounts::list(pool, scope, &domain::AccountFilter::default()).await?;
    let accounts = accounts.into_iter().map(|account| {
        (Home::Account(account.id).to_string(), format!("Account: {}", account.settings.name))
    });
    let homes = std::iter::once((Home::Administration.to_string(), "The administration".to_owned()))
        .chain(agents)
        .chain(accounts)
        .collect();
    Ok(Editing { person, sessions, roles: roles.collect(), homes })
}

/// A form for a new person.
#[component]
pub(crate) fn NewPerson() -> impl IntoView {
    let sent = submitted();
    let editing = Resource::new(|| (), |()| load_person(None));
    loaded(editing, move |editing| {
        let fresh = UserDraft {
            enabled: "on".to_owned(),
            home: Home::Administration.to_string(),
            language: Language::default().to_string(),
            ..Default::default()
        };
        view! {
            <PageHead title="New person" about="They replace the first password when they log in." />
            {form(Opened::new(sent.clone(), fresh), editing.roles, editing.homes, true)}
        }
    })
}

/// The form of one person, with their log-ins below.
#[component]
pub(crate) fn EditPerson() -> impl IntoView {
    let sent = submitted();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<UserId>| match id {
        Some(id) => load_person(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.person.map(|row| {
            let user = row.user;
            let stored = UserDraft::from(&user.settings);
            let (page, name) = (format!("{LIST}/{}", user.id), user.settings.name.to_string());
            let seen = user.last_log_in.map(|at| view! { " Last log-in: " <Moment at /> "." });
            let factor = user.has_totp.then(|| {
                view! {
                    <form method="post" action=format!("{page}/second-factor") class="inline">
                        <button type="submit" class="button danger">
                            "Remove second factor"
                        </button>
                    </form>
                }
            });
            let log_ins = (!editing.sessions.is_empty()).then(|| {
                view! {
                    <h2>"Log-ins"</h2>
                    <SessionTable sessions=editing.sessions action=format!("{page}/sessions") />
                    <form method="post" action=format!("{page}/sessions") class="below">
                        <input type="hidden" name="id" value="all" />
                        <button type="submit" class="button danger">
                            "End all"
                        </button>
                    </form>
                }
            });
            view! {
                <PageHead title=name about=format!("{} failed log-ins since the last good one.", user.failed_log_ins)>
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
    let roles = std::iter::once((String::new(), "Choose …".to_owned())).chain(roles).collect();
    let hint = match is_new {
        true => "At least 10 characters that nobody guesses. Tell it them: they replace it when they log in.",
        false => {
            "Empty leaves the present one. A new one ends their sessions, and they replace it when they log in."
        }
    };
    view! {
        <DraftForm opened>
            <input type="hidden" name="language" value=draft.language />
            <Text name="name" label="Name" value=draft.name required=true hint="What they log in with." />
            <Text name="display_name" label="Called" value=draft.display_name hint="May stay empty." />
            <Choice name="role" label="Role" value=draft.role options=roles required=true hint="What they may do." />
            <Choice
                name="home"
                label="Belongs to"
                value=draft.home
                options=homes
                required=true
                hint="Whose things they see. Outside the administration nobody sees vendors, costs or routes, whatever the role."
            />
            <Text
                name="password"
                label="New password"
                value=""
                kind="password"
                autocomplete="new-password"
                required=is_new
                hint
            />
            <Tick name="enabled" label="May log in" value=draft.enabled hint="Off ends their sessions." />
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
    use domain::{Invalid, SessionId, UserDraft, UserId};
    use store::people;

    use super::LIST;
    use crate::{
        form::{Confirmation, Refusal},
        pages::me::Ending,
        server::{
            Site,
            sent::{Done, Sent},
            session::Asker,
        },
    };

    pub(crate) async fn create(State(site): State<Site>, asker: Asker, sent: Sent<UserDraft>) -> Response {
        let outcome = async {
            let (settings, password) = sent.draft.check()?;
            let password =
                password.ok_or_else(|| Invalid::field("password", "a new person needs a first password"))?;
            people::create(&site.pool, &asker.actor, &settings, &password).await?;
            Ok(Done::to(LIST, format!("“{}” can log in now.", settings.name)))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }

    pub(crate) async fn update(
        State(site): State<Site>,
        Path(id): Path<i64>,
        asker: Asker,
        sent: Sent<UserDraft>,
    ) -> Response {
        let outcome = async {
            let (id, version) = (UserId(id), sent.version()?);
            let (settings, password) = sent.draft.check()?;
            // The password first: when it is refused, nothing else has been changed, and it leaves the row's version alone.
            if let Some(password) = password {
                people::set_password(&site.pool, &asker.actor, id, &password).await?;
            }
            people::update(&site.pool, &asker.actor, id, version, &settings).await?;
            Ok(Done::to(LIST, format!("“{}” was changed.", settings.name)))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }

    /// Ends one session of a person, or all of them.
    pub(crate) async fn end_sessions(
        State(site): State<Site>,
        Path(id): Path<i64>,
        asker: Asker,
        sent: Sent<Ending>,
    ) -> Response {
        let page = format!("{LIST}/{id}");
        let outcome = async {
            let user = UserId(id);
            let said = match sent.draft.id.as_str() {
                "all" => {
                    let keep = (user == asker.user).then_some(&asker.session);
                    let ended = store::sessions::revoke_others(&site.pool, &asker.actor, user, keep).await?;
                    format!("{ended} sessions were ended.")
                }
                session => {
                    let session: SessionId =
                        session.parse().map_err(|_| Refusal::saying("There is no such session."))?;
                    store::sessions::revoke(&site.pool, &asker.actor, user, session).await?;
                    "The session was ended.".to_owned()
                }
            };
            Ok(Done::to(page.clone(), said))
        };
        let outcome = outcome.await;
        sent.answer_at(&site, &page, outcome).await
    }

    /// Takes the second factor of somebody who has lost the device.
    pub(crate) async fn remove_factor(
        State(site): State<Site>,
        Path(id): Path<i64>,
        asker: Asker,
        sent: Sent<Confirmation>,
    ) -> Response {
        let page = format!("{LIST}/{id}");
        let outcome = store::totp::remove(&site.pool, &asker.actor, UserId(id)).await;
        let done = Done::to(page.clone(), "The second factor was removed.");
        sent.answer_at(&site, &page, outcome.map(|()| done).map_err(Into::into)).await
    }
}
