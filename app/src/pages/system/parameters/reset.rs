//! Asks before a parameter goes back to its default.

use domain::Parameter;
use leptos::prelude::*;

use super::{address, row::effect_at_length, show::load_parameter};
use crate::{
    components::{Buttons, DraftForm, Empty, PageHead, with_unit},
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
};

/// Says what a reset does, and asks.
#[component]
pub(crate) fn ResetParameter() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let name = key::<Parameter>("name");
    let known = Resource::new(name, async |name| match name {
        Some(name) => load_parameter(name, None).await,
        None => Err(LoadError::NotFound),
    });
    loaded(known, move |known| {
        let parameter = known.row.parameter;
        let page = address(parameter);
        if known.row.set.is_none() {
            return view! {
                <PageHead title=format!("Reset {parameter}?") />
                <Empty title="It is at its default already">
                    <a href=page>"Look at it"</a>
                </Empty>
            }
            .into_any();
        }
        let now = with_unit(parameter, &known.row.value());
        let default = with_unit(parameter, &parameter.default_value().to_string());
        let owners = match known.owners.rows.len() {
            0 => String::new(),
            1 => "1 gateway keeps its own value. ".to_owned(),
            n => format!("{n} gateways keep their own values. "),
        };
        let opened = Opened::of(sent.clone(), Confirmation::default(), known.row.version);
        view! {
            <PageHead title=format!("Reset {parameter}?") about=parameter.about() />
            <DraftForm opened>
                <p>"It goes back from " <b>{now}</b> " to its default " <b>{default}</b> "."</p>
                <p>{format!("What it reaches: {} {owners}", effect_at_length(parameter.entry().effect))}</p>
                <Buttons submit="Reset to default" back=page />
            </DraftForm>
        }
        .into_any()
    })
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Path, State},
        response::Response,
    };
    use domain::Parameter;

    use super::super::{Place, told};
    use crate::{
        form::{Confirmation, Refusal},
        server::{
            Site,
            sent::{Done, Sent},
            session::Administrator,
        },
    };

    /// Resets it.
    pub(crate) async fn reset(
        State(site): State<Site>,
        Path(name): Path<String>,
        Administrator(asker): Administrator,
        sent: Sent<Confirmation>,
    ) -> Response {
        let outcome = async {
            let parameter: Parameter =
                name.parse().map_err(|_| Refusal::from(store::StoreError::NotFound))?;
            store::parameters::reset(&site.pool, &asker.actor, parameter, sent.version()?).await?;
            let said = format!("{parameter} is back at {}.", told(Some(parameter), None));
            Ok(Done::to(Place::of(parameter).address(), said))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }
}
