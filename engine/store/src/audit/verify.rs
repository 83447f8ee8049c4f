//! Whether the audit log is as it was written.
//!
//! Each line's hash is `sha256(hash of the line before ‖ line)`, and the first one follows 32 zero bytes. The line is computed
//! here from its columns, not by the database's own function, which somebody who altered lines may have altered too. Whoever
//! can write to every table can also chain the whole log anew: only a hash that was noted elsewhere, as [`Verdict::head`]
//! gives it, shows that.

use sha2::{Digest, Sha256};
use sqlx::Connection;
use tokio_stream::StreamExt;

use crate::{Pool, StoreError};

/// The state of the audit log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Lines read.
    pub lines: u64,
    /// The number of the first line that is not as it was written, is missing, or should not be there; none when all is well.
    pub first_broken: Option<i64>,
    /// The hash of the last line: note it elsewhere, and it proves later that all lines until then are still the same.
    pub head: [u8; 32],
}

impl Verdict {
    /// True when nobody has altered anything.
    pub fn holds(&self) -> bool {
        self.first_broken.is_none()
    }
}

/// Reads the whole log, line by line as it comes, and follows its chain.
pub async fn verify(pool: &Pool) -> Result<Verdict, StoreError> {
    let mut conn = pool.acquire().await?;
    // One moment for the lines and their head, however long the reading takes.
    let mut tx = conn.begin_with("begin isolation level repeatable read read only").await?;
    let head = sqlx::query!("select id, hash from portal.audit_head").fetch_optional(&mut *tx).await?;
    let mut verdict = Verdict { lines: 0, first_broken: None, head: [0; 32] };
    let mut expected = 1;
    let mut rows = sqlx::query!(
        r#"select id, (extract(epoch from at) * 1000000)::bigint::text as "at!", user_id::text, user_name, action, subject,
                  before::text, after::text, hash
           from portal.audit_log order by id"#
    )
    .fetch(&mut *tx);
    while let Some(row) = rows.next().await {
        let row = row?;
        let id = row.id.to_string();
        let fields = [
            Some(id.as_str()),
            Some(&row.at),
            row.user_id.as_deref(),
            Some(&row.user_name),
            Some(&row.action),
            Some(&row.subject),
            row.before.as_deref(),
            row.after.as_deref(),
        ];
        let chain = link(&verdict.head, &fields);
        if verdict.first_broken.is_none() && (row.id != expected || row.hash != chain) {
            // A missing line is told by its own number, an extra one by its.
            verdict.first_broken = Some(row.id.min(expected));
        }
        verdict.head = row.hash.try_into().unwrap_or(chain);
        verdict.lines += 1;
        expected = row.id.saturating_add(1);
    }
    drop(rows);
    tx.commit().await?;
    let ends_there = head.is_some_and(|head| head.id == expected - 1 && head.hash == verdict.head);
    if verdict.first_broken.is_none() && !ends_there {
        verdict.first_broken = Some(expected);
    }
    Ok(verdict)
}

fn link(before: &[u8; 32], fields: &[Option<&str>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    for field in fields {
        match field {
            Some(text) => {
                hash.update(text.len().to_string());
                hash.update(":");
                hash.update(text);
                hash.update(",");
            }
            None => hash.update("-,"),
        }
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_be_moved_into_one_another() {
        let zero = [0; 32];
        let told = [
            link(&zero, &[Some("ab"), Some("c")]),
            link(&zero, &[Some("a"), Some("bc")]),
            link(&zero, &[Some("ab,1:c")]),
            link(&zero, &[Some("ab"), None, Some("c")]),
            link(&zero, &[Some("ab"), Some("-"), Some("c")]),
            link(&[1; 32], &[Some("ab"), Some("c")]),
        ];
        for (n, one) in told.iter().enumerate() {
            assert!(!told[n + 1..].contains(one), "{n}");
        }
    }
}
