use domain::{AccountId, Fields, Invalid, Money};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Buttons, DraftForm, PageHead, Text},
    figures,
    form::{Draft, Opened, submitted},
    load::{LoadError, by_key, loaded},
    pages::key,
    words::{fields, fill, pages},
};

/// A payment as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PaymentDraft {
    pub(crate) amount: String,
    pub(crate) note: String,
    /// Makes a form that is sent twice one payment.
    pub(crate) once: String,
}

impl PaymentDraft {
    fn check(&self) -> Result<Money, Invalid> {
        let mut fields = Fields::default();
        let amount = fields.parse::<Money>("amount", &self.amount);
        if amount == Some(Money::ZERO) {
            fields.refuse("amount", "a payment of nothing changes nothing");
        }
        if amount.is_some_and(Money::is_negative) && self.note.trim().is_empty() {
            fields.refuse("note", "say why money is taken back");
        }
        if self.note.chars().count() > 200 {
            fields.refuse("note", "at most 200 characters are allowed");
        }
        if self.note.chars().any(char::is_control) {
            fields.refuse("note", "control characters are not allowed");
        }
        fields.finish(amount)
    }
}

impl Draft for PaymentDraft {
    fn faults(&self) -> Result<(), Invalid> {
        self.check().map(drop)
    }
}

/// Who pays, and the token of a new form.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Payer {
    account: domain::Account,
    once: String,
}

#[server(prefix = "/load", endpoint = "payer", input = GetUrl)]
pub(crate) async fn load_payer(id: AccountId) -> Result<Payer, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::PayAccounts))?;
    let account = store::accounts::find(&site.pool, &asker.scope, id).await?;
    Ok(Payer { account, once: format!("{:032x}", rand::random::<u128>()) })
}

/// The form that adds a payment to an account.
#[component]
pub(crate) fn PayAccount() -> impl IntoView {
    let sent = submitted::<PaymentDraft>();
    let account = by_key(key("id"), load_payer);
    loaded(account, move |Payer { account, once }| {
        let fresh = PaymentDraft { once: once.clone(), ..Default::default() };
        let opened = Opened::new(sent.clone(), fresh);
        let draft = opened.draft.clone();
        let t = fields();
        let currency = account.settings.currency;
        let about = fill(pages().balance_is, &[&figures::amount(account.balance(), currency)]);
        view! {
            <PageHead title=fill(pages().payment_of, &[account.settings.name.as_str()]) about />
            <DraftForm opened>
                <input type="hidden" name="once" value=draft.once />
                <Text
                    name="amount"
                    required=true
                    unit=currency.to_string()
                    label=t.amount
                    value=draft.amount
                    keyboard="decimal"
                    figure=true
                    autofocus=true
                    hint=t.amount_hint
                />
                <Text name="note" label=t.note value=draft.note hint=t.note_hint />
                <Buttons submit=fill(pages().add_payment_in, &[currency.as_str()]) back=format!("{LIST}/{}", account.id) />
            </DraftForm>
        }
    })
}

/// Books it.
#[cfg(feature = "ssr")]
pub(crate) async fn pay(posted: Posted<PaymentDraft, AccountId>) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            let PaymentDraft { once, note, .. } = &sent.draft;
            let done = |said: String| Done::to(format!("{LIST}/{id}"), said);
            let amount = sent.draft.check()?;
            if !site.once.first(once) {
                return Ok(done(pages().payment_twice.to_owned()));
            }
            let booked = store::accounts::pay(&site.pool, &asker.actor, *id, amount, note).await;
            match booked {
                Ok(_) => Ok(done(fill(pages().payment_added, &[&amount.to_string()]))),
                Err(error) => {
                    site.once.give_back(once);
                    Err(error.into())
                }
            }
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(amount: &str, note: &str) -> Vec<String> {
        let draft = PaymentDraft { amount: amount.to_owned(), note: note.to_owned(), once: String::new() };
        draft.check().err().map(|i| i.0.into_iter().map(|e| e.field).collect()).unwrap_or_default()
    }

    #[test]
    fn money_is_taken_back_only_with_a_reason() {
        assert_eq!(refused("-5", ""), ["note"]);
        assert!(refused("-5", "booked twice").is_empty());
        assert!(refused("5", "").is_empty());
    }

    #[test]
    fn a_payment_of_nothing_and_text_are_refused() {
        assert_eq!(refused("0.00", ""), ["amount"]);
        assert_eq!(refused("ten", ""), ["amount"]);
        assert_eq!(refused("1", &"x".repeat(201)), ["note"]);
    }
}
