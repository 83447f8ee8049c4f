//! A page of parameters: found, looked at, and changed, one or several at once.

use domain::{Parameter, ParameterRow, parameter::Topic};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    CHANGES, Place,
    draft::{Edit, ParametersDraft},
    question::{Question, kinds, topics},
    row::row,
};
use crate::{
    access::may_send,
    components::{DraftForm, Empty, FilterBar, FilterChoice, FilterText, PageHead},
    form::{Opened, Submission, submitted},
    load::{LoadError, loaded, read},
    words::{fill, system},
};

/// What was found of a page.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Found {
    question: Question,
    /// Each with the number of gateways that override it.
    rows: Vec<(ParameterRow, i64)>,
    all: usize,
    set: usize,
}

#[server(prefix = "/load", endpoint = "parameters", input = GetUrl)]
pub(crate) async fn load_parameters(place: Place, question: Question) -> Result<Found, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewParameters))?;
    let rows = store::parameters::list(&site.pool, &asker.scope).await?;
    let owners = store::parameters::owner_counts(&site.pool, &asker.scope).await?;
    let mut rows: Vec<_> = rows
        .into_iter()
        .filter(|row| place.holds(row.parameter))
        .map(|row| {
            let owners = owners.get(&row.parameter).copied().unwrap_or_default();
            (row, owners)
        })
        .collect();
    let all = rows.len();
    let set = rows.iter().filter(|(row, _)| row.set.is_some()).count();
    rows.retain(|(row, owners)| question.matches(row.parameter, row.set.is_some(), *owners));
    Ok(Found { question, rows, all, set })
}

/// How the switch speaks SIP.
#[component]
pub(crate) fn SipParameters() -> impl IntoView {
    page(Place::Sip)
}

/// What holds for all calls.
#[component]
pub(crate) fn SystemParameters() -> impl IntoView {
    page(Place::System)
}

/// Billing and records.
#[component]
pub(crate) fn ServerParameters() -> impl IntoView {
    page(Place::Server)
}

fn page(place: Place) -> impl IntoView {
    let sent = submitted::<ParametersDraft>();
    let question = Question::asked();
    let found = read(move || question.get(), move |question| load_parameters(place, question));
    view! {
        <PageHead title=place.title() about=place.about()>
            <a class="button" href=CHANGES>
                {system().all_changes}
            </a>
        </PageHead>
        {loaded(found, move |found| show(place, found, sent.clone()))}
    }
}

fn show(place: Place, found: Found, sent: Option<Submission<ParametersDraft>>) -> impl IntoView {
    let Found { question, rows, all, set } = found;
    let (t, here) = (system(), place.address());
    let shown = rows.len();
    let narrowed = !question.is_empty();
    let bar = view! {
        <FilterBar action=here>
            <FilterText name="search" label=t.search kind="search" value=question.search />
            <FilterChoice name="topic" label=t.topic value=question.topic options=topics(place) />
            <FilterChoice name="only" label=t.only value=question.only options=kinds() />
        </FilterBar>
    };
    let count = match narrowed {
        true => fill(t.count_of, &[&shown.to_string(), &all.to_string()]),
        false => fill(t.count, &[&all.to_string()]),
    };
    let body = if rows.is_empty() {
        view! {
            <Empty title=t.nothing_matches>
                {t.other_words} <a href=here>{t.show_all}</a>
            </Empty>
        }
        .into_any()
    } else {
        form(rows, sent, here).into_any()
    };
    view! {
        {bar}
        <p class="totals" role="status">
            <span>{count}</span>
            <span>{fill(t.count_set, &[&set.to_string()])}</span>
        </p>
        <div class="parameters">{body}</div>
    }
}

fn form(
    rows: Vec<(ParameterRow, i64)>,
    sent: Option<Submission<ParametersDraft>>,
    here: &'static str,
) -> impl IntoView {
    let opened = Opened::new(sent, ParametersDraft::default());
    let draft = opened.draft.clone();
    let buttons = may_send(here).then(|| {
        view! {
            <div class="buttons">
                <button type="submit" class="button primary">
                    {system().save_changes}
                </button>
                <a class="button" href=here rel="external">
                    {system().discard}
                </a>
            </div>
        }
    });
    view! {
        <DraftForm opened>
            {sections(rows, &draft)}
            {buttons}
        </DraftForm>
    }
}

fn sections(rows: Vec<(ParameterRow, i64)>, draft: &ParametersDraft) -> Vec<impl IntoView + use<>> {
    // What was typed and not taken is shown again; what was left alone shows what holds now.
    let typed = |parameter: Parameter| draft.edit(parameter).filter(Edit::is_change);
    let mut topics: Vec<(Topic, Vec<_>)> = Vec::new();
    for (line, owners) in rows {
        let topic = line.parameter.entry().topic;
        let edit = typed(line.parameter);
        let view = row(line, owners, edit);
        match topics.last_mut() {
            Some((last, views)) if *last == topic => views.push(view),
            _ => topics.push((topic, vec![view])),
        }
    }
    topics
        .into_iter()
        .map(|(topic, rows)| {
            view! {
                <section class="topic">
                    <h2>{topic.to_string()}</h2>
                    <ul>{rows}</ul>
                </section>
            }
        })
        .collect()
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{extract::State, response::Response};
    use domain::{FieldError, Parameter, ParameterRow};
    use http::StatusCode;
    use store::parameters::{SetSeveral, Wanted, set_several};

    use super::{super::told, ParametersDraft};
    use crate::{
        form::{Draft, Refusal},
        server::{
            Site,
            sent::{Done, Sent},
            session::Asker,
        },
        words::{fill, system},
    };

    /// Saves what was changed on the page, all or nothing.
    pub(crate) async fn save(
        State(site): State<Site>,
        asker: Asker,
        mut sent: Sent<ParametersDraft>,
    ) -> Response {
        if let Err(invalid) = sent.draft.faults() {
            return sent.answer(&site, Err(invalid.into())).await;
        }
        let wanted: Vec<Wanted> = sent
            .draft
            .changes()
            .into_iter()
            .map(|edit| Wanted { parameter: edit.parameter, version: edit.version, text: edit.typed })
            .collect();
        let here = sent.parts().uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        match set_several(&site.pool, &asker.actor, &wanted).await {
            Ok(SetSeveral::Done(done)) => sent.answer(&site, Ok(Done::to(here, said(&done)))).await,
            Ok(SetSeveral::Stale(stale)) => {
                let refusal = conflict(&sent.draft, &stale);
                stale.iter().for_each(|row| sent.draft.take_up(row));
                sent.refuse(&site, refusal, StatusCode::CONFLICT).await
            }
            Err(error) => sent.answer(&site, Err(error.into())).await,
        }
    }

    fn said(done: &[Parameter]) -> String {
        match done {
            [] => system().none_saved.to_owned(),
            [one] => fill(system().one_saved, &[one.name()]),
            several => {
                let names: Vec<_> = several.iter().take(5).map(|parameter| parameter.name()).collect();
                let more = if several.len() > names.len() { " …" } else { "" };
                fill(
                    system().several_saved,
                    &[&several.len().to_string(), &format!("{}{more}", names.join(", "))],
                )
            }
        }
    }

    /// Both values, at each parameter that somebody else has changed.
    fn conflict(draft: &ParametersDraft, stale: &[ParameterRow]) -> Refusal {
        let t = system();
        let fields = stale
            .iter()
            .map(|row| {
                let parameter = row.parameter;
                let now = told(Some(parameter), row.set.as_deref());
                let by = row.last_change.as_ref().map_or_else(String::new, |change| {
                    fill(t.set_by, &[&change.user_name, &change.at.format("%Y-%m-%d %H:%M:%S").to_string()])
                });
                let yours = draft.edit(parameter).map(|edit| told(Some(parameter), Some(&edit.typed)));
                let yours = yours.unwrap_or_default();
                let message = fill(t.holds_now, &[&now, &by, &yours]);
                FieldError { field: parameter.name().to_owned(), message }
            })
            .collect();
        Refusal { fields, ..Refusal::saying(t.conflict) }
    }
}
