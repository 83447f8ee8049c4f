//! Measures what has a budget: loading a million rates, and settling CDRs in batches.
//!
//!     cargo run --release -p store --features testing --example measure

use std::time::Instant;

use chrono::{Duration, Utc};
use domain::{
    AccountDraft, CallId, Cdr, EndReason, MappingGatewayId, MediaCounters, Money, Price, Q850, Rate,
    ReleaseSide, Seconds, SipCode,
};
use store::{Actor, Pool, accounts, cdrs, ledger, snapshot};
use uuid::Uuid;

const RATES: i32 = 1_000_000;
const BATCHES: u32 = 100;
const BATCH: u32 = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pool = store::testing::database().await.pool;
    load_rates(&pool).await?;
    settle_calls(&pool).await?;
    Ok(())
}

async fn load_rates(pool: &Pool) -> Result<(), Box<dyn std::error::Error>> {
    sqlx::raw_sql("insert into billing.rate_tables (name, currency) values ('Large', 'USD')")
        .execute(pool)
        .await?;
    sqlx::query(
        "insert into billing.rates (rate_table_id, prefix, destination, rate)
         select id, (10000000 + n)::text, 'Destination', 0.0235 from billing.rate_tables, generate_series(1, $1) n",
    )
    .bind(RATES)
    .execute(pool)
    .await?;
    for _ in 0..3 {
        let begin = Instant::now();
        let configuration = snapshot::load(pool).await?;
        let rows: usize = configuration.rates.values().map(Vec::len).sum();
        println!("{rows} rates loaded in {:?}", begin.elapsed());
    }
    Ok(())
}

async fn settle_calls(pool: &Pool) -> Result<(), Box<dyn std::error::Error>> {
    let actor = Actor::command("measure");
    let draft = |name: &str, kind: &str| AccountDraft {
        name: name.into(),
        kind: kind.into(),
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        status: "active".into(),
        ..AccountDraft::default()
    };
    let customer = accounts::create(pool, &actor, &draft("Customer", "customer").check()?).await?;
    let vendor = accounts::create(pool, &actor, &draft("Vendor", "vendor").check()?).await?;
    let price = |account, micros| Price {
        account,
        account_name: "Somebody".into(),
        currency: "USD".parse().expect("three letters"),
        prefix: "44".parse().expect("digits"),
        rate: Rate::from_nanos(23_500_000),
        billing_unit: Seconds(6),
        connect_fee: Money::ZERO,
        rounded: Seconds(60),
        billed: Seconds(60),
        amount: Money::from_micros(micros),
    };
    cdrs::ensure_partitions(pool, Utc::now().date_naive(), 1).await?;
    let begin = Instant::now();
    for batch in 0..BATCHES {
        let calls: Vec<Cdr> = (0..BATCH)
            .map(|n| Cdr {
                id: CallId(Uuid::from_u128(u128::from(batch * BATCH + n))),
                started_at: Utc::now(),
                ringing_at: None,
                answered_at: Some(Utc::now()),
                ended_at: Utc::now() + Duration::seconds(60),
                mapping_gateway: Some(MappingGatewayId(1)),
                mapping_gateway_name: "Trunk".into(),
                caller_phone: None,
                callee_phone: None,
                routing_gateway: None,
                routing_gateway_name: None,
                caller_in: "12025550100".into(),
                callee_in: format!("44207{n:07}"),
                caller_out: None,
                callee_out: None,
                source: ([192, 0, 2, 7], 5060).into(),
                destination: Some(([198, 51, 100, 7], 5060).into()),
                call_id_in: "3848276298220188511@192.0.2.7".into(),
                call_id_out: None,
                duration_ms: 60_000,
                customer: price(customer, 23_500),
                vendor: Some(price(vendor, 20_000)),
                end_reason: EndReason::NormalClearing,
                sip_code: SipCode(200),
                q850: Q850(16),
                released_by: ReleaseSide::Caller,
                codec: Some("PCMA/8000".into()),
                media: MediaCounters::default(),
                attempts: Vec::new(),
                config_version: 1,
            })
            .collect();
        cdrs::insert(pool, &calls).await?;
    }
    let calls = BATCHES * BATCH;
    let elapsed = begin.elapsed();
    println!("{calls} calls settled in {elapsed:?}, {:?} a call", elapsed / calls);
    let begin = Instant::now();
    let holds = ledger::check(pool).await?.holds();
    println!("ledger checked in {:?}: {}", begin.elapsed(), if holds { "right" } else { "WRONG" });
    Ok(())
}
