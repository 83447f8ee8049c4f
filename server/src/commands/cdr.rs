//! `tandem cdr`: one call record, explained in lines.

use std::{fmt::Write, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Cdr, CdrFilter, Money, Price};
use store::{Pool, Scope, cdrs};
use tokio::time::{Instant, sleep};

use crate::{database::Database, failure::Failure, options::CdrQuestion, progress::Progress};

/// Finds the record and prints it.
pub(super) async fn run(database: &Database, question: &CdrQuestion) -> Result<(), Failure> {
    let pool = database.pool();
    let cdr = match question.id {
        Some(id) => match cdrs::find(pool, &Scope::All, id).await {
            Err(store::StoreError::NotFound) => {
                return Err(Failure::NotFound(format!("there is no call record {id}")));
            }
            found => found?,
        },
        None => last(pool, question).await?,
    };
    let text = match question.json {
        true => serde_json::to_string_pretty(&cdr)
            .map_err(|error| Failure::Refused(format!("the record cannot be written as JSON: {error}")))?,
        false => explained(&cdr),
    };
    Progress::Stdout.say(text.trim_end());
    Ok(())
}

async fn last(pool: &Pool, question: &CdrQuestion) -> Result<Cdr, Failure> {
    let deadline = Instant::now() + Duration::from_secs(u64::from(question.wait));
    loop {
        // A day ahead, because the switch's clock may run before ours.
        let mut filter = CdrFilter::between(
            question.since.unwrap_or(DateTime::UNIX_EPOCH),
            Utc::now() + TimeDelta::days(1),
        );
        filter.callee = question.callee.as_ref().map(ToString::to_string).unwrap_or_default();
        filter.limit = 1;
        if let Some(row) = cdrs::list(pool, &Scope::All, &filter).await?.rows.first() {
            return Ok(cdrs::find(pool, &Scope::All, row.id).await?);
        }
        if Instant::now() >= deadline {
            return Err(Failure::NotFound("there is no such call record yet".to_owned()));
        }
        sleep(Duration::from_millis(200)).await;
    }
}

/// The record in lines of a label and a sentence.
fn explained(cdr: &Cdr) -> String {
    let mut text = String::new();
    let mut line = |label: &str, sentence: String| {
        writeln!(text, "{label:<9} {sentence}").expect("a String takes any text");
    };
    line("Call", cdr.id.to_string());
    line("Numbers", format!("{} called {}", shown(&cdr.caller_in), shown(&cdr.callee_in)));
    line("Started", cdr.started_at.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string());
    if let Some(ringing) = cdr.ringing_at {
        line("Ringing", format!("after {}", seconds(ringing - cdr.started_at)));
    }
    match cdr.answered_at {
        Some(answered) => {
            line("Answered", format!("after {}", seconds(answered - cdr.started_at)));
            line("Duration", seconds(TimeDelta::milliseconds(cdr.duration_ms)));
        }
        None => line("Answered", "never".to_owned()),
    }
    line("From", format!("{} at {}", cdr.mapping_gateway_name, cdr.source));
    if let (Some(name), Some(address)) = (&cdr.routing_gateway_name, cdr.destination) {
        line("To", format!("{name} at {address}"));
    }
    for (number, attempt) in cdr.attempts.iter().enumerate() {
        let answer = attempt.sip_code.map_or("no final answer".to_owned(), |code| code.0.to_string());
        let delay = attempt.post_dial_delay_ms.map_or(String::new(), |ms| format!(", ringing after {ms} ms"));
        line(
            "Attempt",
            format!(
                "{}: {} answered {answer} ({}){delay}",
                number + 1,
                attempt.gateway_name,
                attempt.end_reason
            ),
        );
    }
    line(
        "Ended",
        format!(
            "{} by the {} (SIP {}, Q.850 {}): {}",
            cdr.end_reason,
            cdr.released_by,
            cdr.sip_code.0,
            cdr.q850.0,
            cdr.end_reason.explanation()
        ),
    );
    line("Price", arithmetic(&cdr.customer, cdr.duration_ms));
    if let Some(vendor) = &cdr.vendor {
        line("Cost", arithmetic(vendor, cdr.duration_ms));
    }
    line(
        "Profit",
        cdr.profit().map_or("price and cost are in different currencies".to_owned(), |profit| {
            format!("{profit} {}", cdr.customer.currency)
        }),
    );
    let media = &cdr.media;
    line(
        "Media",
        format!(
            "{}: {} packets ({} octets) from the caller, {} packets ({} octets) from the called side",
            cdr.codec.as_deref().unwrap_or("no codec"),
            media.caller_packets,
            media.caller_octets,
            media.callee_packets,
            media.callee_octets
        ),
    );
    text
}

/// How the price came about, so that it can be worked out again by hand.
fn arithmetic(price: &Price, duration_ms: i64) -> String {
    let connect = match price.connect_fee {
        Money::ZERO => String::new(),
        fee => format!(" + {fee} connect fee"),
    };
    format!(
        "{} → {} s → {} s billed by {} s: {} s × {}/min{connect} = {} {} ({}, prefix {})",
        seconds(TimeDelta::milliseconds(duration_ms)),
        price.rounded.0,
        price.billed.0,
        price.billing_unit.0,
        price.billed.0,
        price.rate,
        price.amount,
        price.currency,
        price.account_name,
        shown(&price.prefix.to_string()),
    )
}

fn seconds(duration: TimeDelta) -> String {
    let ms = duration.num_milliseconds();
    let sign = if ms < 0 { "-" } else { "" };
    format!("{sign}{}.{:03} s", ms.abs() / 1000, ms.abs() % 1000)
}

fn shown(number: &str) -> &str {
    if number.is_empty() { "(none)" } else { number }
}

#[cfg(test)]
mod tests {
    use domain::{Rate, Seconds};

    use super::*;

    #[test]
    fn the_arithmetic_names_every_step_of_the_price() {
        let price = Price {
            account: domain::AccountId(1),
            account_name: "Acme".to_owned(),
            currency: "USD".parse().unwrap(),
            prefix: "44".parse().unwrap(),
            rate: Rate::from_nanos(30_000_000),
            billing_unit: Seconds(6),
            connect_fee: Money::from_micros(10_000),
            rounded: Seconds(66),
            billed: Seconds(66),
            amount: Money::from_micros(43_000),
        };
        assert_eq!(
            arithmetic(&price, 65_200),
            "65.200 s → 66 s → 66 s billed by 6 s: 66 s × 0.0300/min + 0.01 connect fee = 0.043 USD (Acme, prefix 44)"
        );
    }

    #[test]
    fn a_clock_that_went_back_is_shown_and_not_hidden() {
        assert_eq!(seconds(TimeDelta::milliseconds(-20)), "-0.020 s");
        assert_eq!(seconds(TimeDelta::milliseconds(8_020)), "8.020 s");
    }
}
