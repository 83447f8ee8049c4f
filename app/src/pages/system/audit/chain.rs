//! Whether the audit log is as it was written: its whole chain is read and followed.

use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    components::{Notice, NoticeKind, PageHead},
    figures,
    load::{LoadError, loaded, once},
    words::{fill, system},
};

/// The state of the log.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Chain {
    lines: u64,
    first_broken: Option<i64>,
    /// The hash of the last line, in hexadecimal digits.
    head: String,
}

#[server(prefix = "/load", endpoint = "audit-chain", input = GetUrl)]
pub(crate) async fn load_chain() -> Result<Chain, LoadError> {
    use std::fmt::Write;

    use store::Scope;
    use tokio::sync::Semaphore;

    /// The whole log is read: one reading at a time is enough for everybody.
    static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);

    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewAudit))?;
    if asker.scope != Scope::All {
        return Err(LoadError::NotFound);
    }
    let _turn = ONE_AT_A_TIME.acquire().await.expect("nobody closes it");
    let verdict = store::audit::verify(&site.pool).await?;
    let head = verdict.head.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    });
    Ok(Chain { lines: verdict.lines, first_broken: verdict.first_broken, head })
}

/// The verdict on the chain.
#[component]
pub(crate) fn AuditChain() -> impl IntoView {
    let chain = once(load_chain);
    let t = system();
    view! {
        <PageHead title=t.chain about=t.chain_about>
            <a class="button" href=LIST>
                {t.to_log}
            </a>
        </PageHead>
        {loaded(chain, show)}
    }
}

fn show(chain: Chain) -> impl IntoView {
    let t = system();
    let lines = figures::count(chain.lines);
    let (kind, text) = match chain.first_broken {
        None => (NoticeKind::Done, fill(t.chain_holds, &[&lines])),
        Some(line) => (NoticeKind::Trouble, fill(t.chain_broken, &[&line.to_string()])),
    };
    view! {
        <Notice kind>{text}</Notice>
        <dl class="facts card">
            <dt>{t.lines}</dt>
            <dd>{lines}</dd>
            <dt>{t.chain_head}</dt>
            <dd class="digits">{chain.head} <span class="about">{t.chain_head_about}</span></dd>
        </dl>
    }
}
