//! What waits in the database, to its receivers.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::WebhookId;
use store::{
    Pool, Seal,
    webhooks::{self, Due, Outcome},
};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::post::{Answer, Client};

/// Deliveries that are under way at the same time.
const MOST: usize = 32;
/// How often it is looked at what is due.
const EVERY: Duration = Duration::from_secs(1);
/// How often old deliveries are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// How long after each failed try the next one comes; after the last one it is given up, a day after the first.
const WAITS: [Duration; 8] = [
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(20 * 60),
    Duration::from_secs(3600),
    Duration::from_secs(3 * 3600),
    Duration::from_secs(6 * 3600),
    Duration::from_secs(13 * 3600),
];

/// Delivers until the process ends. What is under way then is tried again after the next start.
pub(super) async fn keep(
    pool: Pool,
    seal: Seal,
    client: Client,
    arrived: Arc<Notify>,
    end: CancellationToken,
) {
    let client = Arc::new(client);
    let mut under_way = JoinSet::new();
    let mut by_receiver: HashMap<WebhookId, usize> = HashMap::new();
    let mut pruned: Option<Instant> = None;
    let mut away = false;
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            () = arrived.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
            Some(done) = under_way.join_next() => forget(&mut by_receiver, done),
        }
        while let Some(done) = under_way.try_join_next() {
            forget(&mut by_receiver, done);
        }
        if pruned.is_none_or(|at| at.elapsed() > PRUNE_EVERY) {
            pruned = Some(Instant::now());
            if let Err(error) = webhooks::prune(&pool, chrono::Utc::now()).await {
                tracing::warn!(%error, "old deliveries were not removed");
            }
        }
        let free = MOST - under_way.len().min(MOST);
        if free == 0 {
            continue;
        }
        let busy: Vec<WebhookId> =
            by_receiver.iter().filter(|(_, n)| **n >= webhooks::AT_ONCE).map(|(id, _)| *id).collect();
        match webhooks::claim(&pool, &seal, &busy, free as u32).await {
            Ok(claimed) => {
                away = false;
                for due in claimed {
                    *by_receiver.entry(due.webhook).or_default() += 1;
                    under_way.spawn(bring(pool.clone(), client.clone(), due));
                }
            }
            Err(error) => {
                if !away {
                    tracing::warn!(%error, "deliveries of events wait");
                }
                away = true;
            }
        }
    }
}

fn forget(by_receiver: &mut HashMap<WebhookId, usize>, done: Result<WebhookId, tokio::task::JoinError>) {
    match done {
        Ok(webhook) => {
            if let Some(count) = by_receiver.get_mut(&webhook) {
                *count -= 1;
                if *count == 0 {
                    by_receiver.remove(&webhook);
                }
            }
        }
        // Nobody knows whose it was: all may be asked again.
        Err(error) => {
            tracing::error!(%error, "a delivery has failed of itself");
            by_receiver.clear();
        }
    }
}

async fn bring(pool: Pool, client: Arc<Client>, due: Due) -> WebhookId {
    let began = Instant::now();
    let answer = client.post(&due).await;
    let outcome = outcome_of(&answer, due.attempt, began.elapsed());
    if let Err(error) = webhooks::settle(&pool, &due, &outcome).await {
        tracing::warn!(%error, delivery = %due.id, "what became of a delivery could not be written down: it comes again");
    }
    due.webhook
}

/// What is written down of a try, and when the next one is due.
fn outcome_of(answer: &Answer, attempt: u32, took: Duration) -> Outcome {
    let status = match answer {
        Answer::Status(status) => Some(*status),
        Answer::Failed(_) => None,
    };
    let error = match answer {
        Answer::Status(200..=299) => None,
        Answer::Status(status @ 300..=399) => {
            Some(format!("it answered {status}; redirects are not followed"))
        }
        Answer::Status(410) => Some("it answered 410: it wants no more of these".to_owned()),
        Answer::Status(status) => Some(format!("it answered {status}")),
        Answer::Failed(why) => Some(why.clone()),
    };
    let next = WAITS.get(attempt.saturating_sub(1) as usize).copied();
    Outcome { again_in: next.filter(|_| status != Some(410)), status, error, took }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answer: Answer, attempt: u32) -> Outcome {
        outcome_of(&answer, attempt, Duration::ZERO)
    }

    #[test]
    fn only_2xx_is_taken_and_410_is_final() {
        assert_eq!(outcome(Answer::Status(204), 1).error, None);
        assert_eq!(outcome(Answer::Status(302), 1).again_in, Some(WAITS[0]));
        assert!(outcome(Answer::Status(302), 1).error.unwrap().contains("redirects"));
        assert_eq!(outcome(Answer::Status(500), 3).again_in, Some(WAITS[2]));
        let gone = outcome(Answer::Status(410), 1);
        assert!(gone.error.is_some() && gone.again_in.is_none());
        let refused = outcome(Answer::Failed("no".into()), 2);
        assert_eq!((refused.status, refused.again_in), (None, Some(WAITS[1])));
    }

    #[test]
    fn it_is_tried_nine_times_within_a_day_and_given_up() {
        assert_eq!(outcome(Answer::Status(500), 8).again_in, Some(WAITS[7]));
        assert_eq!(outcome(Answer::Status(500), 9).again_in, None);
        let whole: Duration = WAITS.iter().sum();
        assert!(whole > Duration::from_secs(20 * 3600) && whole < Duration::from_secs(25 * 3600));
    }
}
