//! Suspensions, written behind: a restart lets nobody in before the time.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

use domain::{SuspendedParty, SuspensionCause, SuspensionView};
use store::{Pool, StoreError};
use tokio::task::JoinHandle;

use crate::{call::Moment, environment::Environment, suspensions};

/// Suspensions that are written down, the latest; a flood of names that do not exist must not fill a table.
const MOST: usize = 20_000;
/// Ticks of the keeper's clock after which it is looked at without anybody saying so: right credentials end some too.
const LOOK_EVERY: u32 = 10;

type Held = HashMap<(SuspendedParty, SuspensionCause), SuspensionView>;

/// Puts back the suspensions of the last run.
pub(crate) async fn restore(environment: &Environment, pool: &Pool) -> Result<ShutOut, StoreError> {
    let now = Moment::now();
    let stored = store::suspensions::load(pool, now.wall).await?;
    let held: Vec<_> = stored.iter().filter_map(suspensions::stored).collect();
    environment.registrar.restore_suspensions(now.since_epoch(), &held);
    if !held.is_empty() {
        tracing::info!(suspensions = held.len(), "suspensions are in force again");
    }
    let written = stored.into_iter().map(|view| ((view.party.clone(), view.cause), view)).collect();
    Ok(ShutOut { written, saving: None, ticks: 0, away: false })
}

/// What the database knows, and what is on its way there.
pub(crate) struct ShutOut {
    written: Held,
    saving: Option<(JoinHandle<Result<(), StoreError>>, Held)>,
    ticks: u32,
    away: bool,
}

impl ShutOut {
    /// Begins to write what has changed, if the last writing is over.
    pub(crate) async fn on_tick(&mut self, environment: &Arc<Environment>, pool: &Pool) {
        self.ticks += 1;
        if self.saving.as_ref().is_some_and(|(saving, _)| !saving.is_finished()) {
            return;
        }
        self.settle().await;
        let said = environment.suspensions_changed.swap(false, Ordering::Relaxed);
        if said || self.away || (self.ticks.is_multiple_of(LOOK_EVERY) && !self.written.is_empty()) {
            self.begin(environment, pool);
        }
    }

    /// Writes all of it.
    pub(crate) async fn finish(&mut self, environment: &Arc<Environment>, pool: &Pool) {
        self.settle().await;
        self.begin(environment, pool);
        self.settle().await;
    }

    fn begin(&mut self, environment: &Arc<Environment>, pool: &Pool) {
        let now = Moment::now().since_epoch();
        let held = environment.registrar.suspensions(now).into_iter().take(MOST).map(suspensions::view);
        let held: Held = held.map(|view| ((view.party.clone(), view.cause), view)).collect();
        let begun: Vec<_> = held
            .iter()
            .filter(|(key, view)| self.written.get(*key) != Some(view))
            .map(|(_, v)| v.clone())
            .collect();
        let ended: Vec<_> =
            self.written.iter().filter(|(key, _)| !held.contains_key(*key)).map(|(_, v)| v.clone()).collect();
        if begun.is_empty() && ended.is_empty() {
            return;
        }
        let pool = pool.clone();
        let saving = tokio::spawn(async move { store::suspensions::save(&pool, &begun, &ended).await });
        self.saving = Some((saving, held));
    }

    async fn settle(&mut self) {
        let Some((saving, held)) = self.saving.take() else { return };
        match saving.await {
            Ok(Ok(())) => (self.written, self.away) = (held, false),
            Ok(Err(error)) => {
                if !self.away {
                    tracing::warn!(%error, "suspensions cannot be written down; they are kept in memory");
                }
                self.away = true;
            }
            Err(_) => self.away = true,
        }
    }
}
