//! What phones register, written behind; and who comes and goes.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::{Happened, PhoneId, PhoneNumber, StoredBinding};
use hashbrown::HashMap;
use registrar::{Bindings, Output};
use store::{Pool, StoreError};
use tokio::{sync::mpsc::UnboundedReceiver, task::JoinHandle, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::ShutOut;
use crate::{call::Moment, environment::Environment, suspensions};

/// Phones whose contacts are written in one transaction.
const BATCH: usize = 1000;
/// How often contacts that have run out are looked for.
const EVERY: Duration = Duration::from_secs(1);
/// How long the last contacts may take to be written when the switch stops.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Puts back the contacts of the last run; how many.
pub(crate) async fn restore(environment: &Environment, pool: &Pool) -> Result<usize, StoreError> {
    let now = Moment::now();
    let stored = store::bindings::load(pool, now.wall).await?;
    Ok(environment.registrar.restore(now.since_epoch(), &stored))
}

/// Writes contacts down. What waits is one entry a phone, so it is bounded by their number however long the database is away.
pub(crate) struct Keeper {
    pub(crate) environment: Arc<Environment>,
    pub(crate) pool: Pool,
    pub(crate) told: UnboundedReceiver<Output>,
    pub(crate) waiting: HashMap<PhoneId, Arc<Bindings>>,
    /// Who is suspended, on the way to the database.
    pub(crate) shut_out: ShutOut,
}

type Saving = JoinHandle<(Vec<(PhoneId, Arc<Bindings>)>, Result<(), StoreError>)>;

impl Keeper {
    /// Works until `stop`, then writes what is left.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut clock = tokio::time::interval(EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut saving: Option<Saving> = None;
        let mut away = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(output) = self.told.recv() => self.note(output),
                _ = clock.tick() => {
                    self.expire();
                    self.shut_out.on_tick(&self.environment, &self.pool).await;
                    if saving.is_none() {
                        saving = self.save();
                    }
                }
                Ok((batch, saved)) = async { saving.as_mut().expect("guarded").await }, if saving.is_some() => {
                    saving = None;
                    match saved {
                        Ok(()) => {
                            away = false;
                            // More than a batch waits: no reason to let it wait for the clock.
                            if self.waiting.len() >= BATCH {
                                saving = self.save();
                            }
                        }
                        Err(error) => {
                            if !away {
                                tracing::warn!(%error, "registered contacts cannot be written down; they are kept in memory");
                            }
                            away = true;
                            self.put_back(batch);
                        }
                    }
                }
            }
        }
        let last = async {
            if let Some(saving) = saving
                && let Ok((batch, Err(_))) = saving.await
            {
                self.put_back(batch);
            }
            self.shut_out.finish(&self.environment, &self.pool).await;
            while let Some(saving) = self.save() {
                if !matches!(saving.await, Ok((_, Ok(())))) {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(LAST_WORDS, last).await;
    }

    fn note(&mut self, output: Output) {
        match output {
            Output::Changed { phone, bindings } => {
                let waiting = self.waiting.entry(phone).or_default();
                // Shards tell of one phone's changes in any order.
                if waiting.revision() <= bindings.revision() {
                    *waiting = bindings;
                }
            }
            Output::Online { phone, number } => self.announce(phone, number, true),
            Output::Offline { phone, number } => self.announce(phone, number, false),
            Output::Displaced { phone, binding, .. } => {
                tracing::debug!(%phone, contact = %binding.contact, "a newer contact has taken the place of an older one");
            }
            Output::Suspended(suspension) => {
                tracing::warn!(who = ?suspension.who, reason = ?suspension.reason, "suspended after too many failures");
                self.environment.suspensions_changed.store(true, Ordering::Relaxed);
                self.environment.tell(Moment::now(), suspensions::begun(suspension));
            }
        }
    }

    fn announce(&self, phone: PhoneId, number: PhoneNumber, online: bool) {
        self.environment.tell(Moment::now(), Happened::Phone { phone, number, online });
    }

    fn expire(&mut self) {
        for output in self.environment.registrar.expire(Moment::now().since_epoch()) {
            self.note(output);
        }
    }

    /// Begins to write a batch; none when nothing waits.
    fn save(&mut self) -> Option<Saving> {
        let phones: Vec<PhoneId> = self.waiting.keys().copied().take(BATCH).collect();
        if phones.is_empty() {
            return None;
        }
        let batch: Vec<(PhoneId, Arc<Bindings>)> =
            phones.iter().filter_map(|phone| self.waiting.remove_entry(phone)).collect();
        let pool = self.pool.clone();
        Some(tokio::spawn(async move {
            let stored: Vec<(PhoneId, Vec<StoredBinding>)> =
                batch.iter().map(|(phone, bindings)| (*phone, bindings.stored(*phone))).collect();
            let saved = store::bindings::save_batch(&pool, &stored).await;
            (batch, saved)
        }))
    }

    fn put_back(&mut self, batch: Vec<(PhoneId, Arc<Bindings>)>) {
        for (phone, bindings) in batch {
            self.waiting.entry(phone).or_insert(bindings);
        }
    }
}
