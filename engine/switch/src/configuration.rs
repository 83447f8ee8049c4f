//! Takes up a changed configuration while calls run.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::{ConfigVersion, Configuration};
use routing::Tables;
use store::{Pool, Seal};
use tokio::sync::{Notify, mpsc::UnboundedSender};
use tokio_util::sync::CancellationToken;

use crate::{environment::Environment, rules::RuleBook};

/// Where the configuration stands, and what opens the secrets in it.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) pool: Pool,
    pub(crate) seal: Arc<Seal>,
}

/// Makes a configuration the current one. Purses and lines are entered before the tables, so that a call that sees a gateway
/// also finds its counters. Gives what became of phones that do not register any more.
pub(crate) fn take_up(environment: &Environment, configuration: Configuration) -> Vec<registrar::Output> {
    let rules = RuleBook::read(&configuration);
    crate::traced::take_up(&environment.trace, &configuration.parameters);
    environment.phone_lines.update(configuration.phones.iter().map(|p| p.id));
    environment.outbound.store(Arc::new(of_outbound(&configuration)));
    let moved = environment.registrar.configure(&configuration);
    let tables = Tables::build(configuration, rules.system.billing_unit);
    environment.purses.update(tables.accounts());
    environment.customer_lines.update(tables.mapping_gateways().map(|g| g.id));
    environment.vendor_lines.update(tables.routing_gateways().map(|g| g.id));
    environment.vendor_pauses.update(tables.routing_gateways().map(|g| g.id));
    environment.plane.set_mark(rules.media_mark);
    environment.rules.store(Arc::new(rules));
    environment.tables.store(Arc::new(tables));
    moved
}

/// What registrations of ours depend on.
fn of_outbound(configuration: &Configuration) -> Configuration {
    Configuration {
        registrations: configuration.registrations.clone(),
        registration_passwords: configuration.registration_passwords.clone(),
        parameters: configuration.parameters.clone(),
        ..Configuration::default()
    }
}

/// Watches the change counters: they are the truth and are read each second. A hint (from the portal, or a notification of the
/// database) only makes it sooner. While the database is away the last configuration stays.
pub(crate) async fn watch(
    environment: Arc<Environment>,
    database: Database,
    keeper: UnboundedSender<registrar::Output>,
    hint: Arc<Notify>,
    stop: CancellationToken,
) {
    let pool = database.pool.clone();
    let listening = tokio::spawn(pass_on_notifications(pool.clone(), hint.clone()));
    let mut away = false;
    let mut calls_before = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = hint.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                let calls = environment.counters.calls.load(Ordering::Relaxed);
                let new = u32::try_from(calls - calls_before).unwrap_or(u32::MAX);
                environment.counters.per_second.store(new, Ordering::Relaxed);
                calls_before = calls;
            }
        }
        match refresh(&environment, &database, &keeper).await {
            Ok(()) => away = false,
            Err(error) if !away => {
                tracing::warn!(%error, "the configuration cannot be read; the last one stays in force");
                away = true;
            }
            Err(_) => {}
        }
    }
    listening.abort();
}

async fn refresh(
    environment: &Arc<Environment>,
    database: &Database,
    keeper: &UnboundedSender<registrar::Output>,
) -> Result<(), store::StoreError> {
    let pool = &database.pool;
    let current: ConfigVersion = environment.tables.load().version;
    if store::snapshot::version(pool).await? == current {
        return Ok(());
    }
    let configuration = store::snapshot::load_with(pool, &database.seal).await?;
    let version = configuration.version;
    let environment = environment.clone();
    // A large rate table takes a while to arrange; nothing else on this thread should wait for it.
    match tokio::task::spawn_blocking(move || take_up(&environment, configuration)).await {
        Ok(moved) => moved.into_iter().for_each(|told| {
            let _ = keeper.send(told);
        }),
        Err(_) => tracing::error!("the configuration could not be arranged"),
    }
    tracing::info!(version = version.0, "configuration taken up");
    Ok(())
}

/// Passes on what the database announces. It ends when the pool closes.
async fn pass_on_notifications(pool: Pool, hint: Arc<Notify>) {
    loop {
        if let Ok(mut changes) = store::snapshot::listen(&pool).await {
            while changes.next().await.is_ok() {
                hint.notify_one();
            }
            return;
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}
