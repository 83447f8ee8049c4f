//! The words for what became of a message, and for what is to be noticed.

use domain::{TraceFinding, TraceNotice};

use crate::words::{fill, trace};

/// What became of a message, by its code; the code itself where there are no words for it.
pub(super) fn reason(code: &str) -> String {
    let t = trace();
    let words = match code {
        "too_big" => t.too_big,
        "too_fast" => t.too_fast,
        "too_many_registrations" => t.too_many_registrations,
        "banned" => t.banned,
        "not_sip" => t.not_sip,
        "forbidden" => t.forbidden,
        "overload" => t.overload,
        "malformed" => t.malformed,
        "unknown_source" => t.unknown_source,
        "unknown_source_silent" => t.unknown_source_silent,
        "stray" => t.stray,
        "login_good" => t.login_good,
        "login_challenged" => t.login_challenged,
        "login_bad" => t.login_bad,
        "login_bad_place" => t.login_bad_place,
        "login_stale" => t.login_stale,
        "login_strange_nonce" => t.login_strange_nonce,
        "login_replayed" => t.login_replayed,
        "login_wrong_realm" => t.login_wrong_realm,
        "login_unreadable" => t.login_unreadable,
        "login_too_many_tries" => t.login_too_many_tries,
        "login_too_long" => t.login_too_long,
        "login_suspended" => t.login_suspended,
        "login_unknown" => t.login_unknown,
        "login_silent" => t.login_silent,
        "login_wrong_user" => t.login_wrong_user,
        other => other,
    };
    words.to_owned()
}

/// The same, with what exactly was wrong.
pub(super) fn reason_with(code: &str, detail: &str) -> String {
    match detail {
        "" => reason(code),
        detail => format!("{}: {detail}", reason(code)),
    }
}

/// True when it tells of trouble, and not only of something that happens.
pub(super) fn is_trouble(code: &str) -> bool {
    !matches!(code, "login_good" | "login_challenged" | "login_stale" | "stray")
}

/// A finding in a sentence.
pub(super) fn sentence(finding: &TraceFinding) -> String {
    let t = trace();
    let count = finding.count.to_string();
    match finding.what {
        TraceNotice::ChallengeLoop => fill(t.challenge_loop, &[&finding.whose, &count]),
        TraceNotice::ChallengeUnanswered => fill(t.challenge_unanswered, &[&finding.whose]),
        TraceNotice::NoCredentials => fill(t.no_credentials, &[&finding.whose]),
        TraceNotice::StaleNonce => fill(t.stale_nonce, &[&finding.whose]),
        TraceNotice::Login => fill(t.login_came_to, &[&reason(&finding.whose), &count]),
        TraceNotice::Refused => fill(t.refused_messages, &[&count, &reason(&finding.whose)]),
        TraceNotice::Unanswered => fill(t.unanswered, &[&finding.whose]),
        TraceNotice::Repeated => fill(t.repeated_messages, &[&count]),
        TraceNotice::Unregistered => fill(t.unregistered, &[&finding.whose]),
    }
}

/// True when it is only told, and nothing is wrong.
pub(super) fn is_plain(finding: &TraceFinding) -> bool {
    matches!(finding.what, TraceNotice::StaleNonce | TraceNotice::Repeated | TraceNotice::Unregistered)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    /// Every code that the trace can give has words.
    #[test]
    fn every_fate_has_words() {
        use switch::trace::Fate;

        let guarded = switch::trace::guard_reasons().map(Fate::Guarded);
        let logins = switch::trace::login_outcomes().map(Fate::Login);
        let others =
            [Fate::Stray, Fate::UnknownSource { answered: true }, Fate::UnknownSource { answered: false }];
        for code in guarded.chain(logins).chain(others).filter_map(Fate::code) {
            assert_ne!(reason(&code), code);
        }
        assert_ne!(reason("malformed"), "malformed");
    }
}
