use domain::{Invalid, PasswordDraft};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    access::who,
    components::{Buttons, DraftForm, Notice, NoticeKind, PageHead, Text},
    form::{Draft, Opened, submitted},
    words::people,
};

impl Draft for PasswordDraft {
    fn faults(&self) -> Result<(), Invalid> {
        // The server knows the name that must not be in it.
        self.check("").map(drop)
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self::default()
    }
}

/// The form for a new password of one's own.
#[component]
pub(crate) fn ChangePassword() -> impl IntoView {
    let opened = Opened::new(submitted::<PasswordDraft>(), PasswordDraft::default());
    let first = who().is_some_and(|who| who.has_duty);
    view! {
        <PageHead
            title=people().change_your_password
            about=people().change_about
        />
        {first
            .then(|| {
                view! {
                    <Notice kind=NoticeKind::Caution>
                        {people().set_by_other}
                    </Notice>
                }
            })}
        <DraftForm opened>
            <Text
                name="current"
                label=people().present_password
                value=""
                kind="password"
                autocomplete="current-password"
                required=true
                autofocus=true
            />
            <Text name="password" label=people().new_password value="" kind="password" autocomplete="new-password" required=true />
            <Text name="again" label=people().new_again value="" kind="password" autocomplete="new-password" required=true />
            <Buttons submit=people().change_password back=super::PAGE />
        </DraftForm>
    }
}

/// Changes it.
#[cfg(feature = "ssr")]
pub(crate) async fn change(posted: Posted<PasswordDraft>) -> axum::response::Response {
    posted
        .answer(async |Posted { site, asker, sent, .. }| {
            let (user, keep) = (asker.user, &asker.session);
            store::people::change_password(&site.pool, &asker.actor, user, &sent.draft, keep).await?;
            Ok(Done::to("/", people().password_changed))
        })
        .await
}
