use std::net::IpAddr;
use std::time::Duration;

use super::*;

const GET: Asked<'_> = Asked { method: "GET", uri: "/dir/index.html", body: b"" };
const MUFASA: Account<'_> = Account { user: "Mufasa", password: "Circle of Life" };
const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

#[test]
fn rfc_2617_3_5_is_computed_as_printed() {
    let challenge = "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
        nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
    let account = Account { user: "Mufasa", password: "Circle Of Life" };
    let made = answer([challenge], account, &GET, 1, "0a4f113b").unwrap();
    assert_eq!(made.response, "6629fae49393a05397450978507c4ef1");
    assert_eq!(made.opaque.as_deref(), Some("5ccc069c403ebaf9f0171e9517f40e41"));
}

#[test]
fn rfc_7616_3_9_1_is_computed_as_printed_in_both_algorithms() {
    let challenge = |algorithm| {
        format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        )
    };
    let (sha, md5) = (challenge("SHA-256"), challenge("MD5"));
    let first = answer([sha.as_str(), &md5], MUFASA, &GET, 1, CNONCE).unwrap();
    assert_eq!(first.response, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    let second = answer([md5.as_str(), &sha], MUFASA, &GET, 1, CNONCE).unwrap();
    assert_eq!(second.response, "8ca523f5e9506fed4657c9700eebdbec");
    // An algorithm that is not known here is passed over (RFC 8760 §2.4).
    let newest = challenge("SHA-512-256");
    assert_eq!(answer([newest.as_str(), &sha], MUFASA, &GET, 1, CNONCE).unwrap(), first);
    assert_eq!(answer([newest.as_str()], MUFASA, &GET, 1, CNONCE), Err(DigestError::Algorithm));
}

#[test]
fn headers_read_back_as_they_were_printed() {
    let challenge = Challenge {
        realm: "a \"b\" \\, c".into(),
        nonce: "n=,".into(),
        opaque: Some(String::new()),
        algorithm: Algorithm::Sha256Sess,
        qop: vec![Qop::Auth, Qop::AuthInt],
        stale: true,
    };
    assert_eq!(Challenge::parse(&challenge.to_string()), Ok(challenge.clone()));
    let credentials = answer([challenge.to_string().as_str()], MUFASA, &GET, 0x1a2b, "c").unwrap();
    assert!(credentials.to_string().contains("nc=00001a2b"));
    assert_eq!(Credentials::parse(&credentials.to_string()), Ok(credentials));
}

#[test]
fn faulty_headers_are_told_by_their_fault() {
    for (text, why) in [
        ("NoOneKnowsThisScheme opaque-data=here", DigestError::Scheme),
        ("Digest", DigestError::Scheme),
        ("Digest realm=\"r\"", DigestError::Missing("username")),
        ("Digest username=a, realm=r, nonce=n, uri=u, response=x, algorithm=ROT13", DigestError::Algorithm),
        (
            "Digest username=a, realm=r, nonce=n, uri=u, response=x, qop=auth, nc=1x, cnonce=c",
            DigestError::Bad("nc"),
        ),
        (
            "Digest username=a, realm=r, nonce=n, uri=u, response=x, qop=auth, nc=1",
            DigestError::Missing("cnonce"),
        ),
        (
            "Digest username=a, realm=r, nonce=n, uri=u, response=x, qop=auth, nc=123456789, cnonce=c",
            DigestError::Bad("nc"),
        ),
    ] {
        assert_eq!(Credentials::parse(text), Err(why), "{text}");
    }
}

struct Desk {
    challenger: Challenger,
    source: IpAddr,
}

const NOW: Duration = Duration::from_secs(1_800_000_000);

impl Desk {
    fn new() -> Self {
        Self {
            challenger: Challenger::new([7; 32], Duration::from_secs(60)),
            source: "192.0.2.1".parse().unwrap(),
        }
    }

    fn credentials(&self, algorithm: Algorithm, password: &str) -> Credentials {
        let challenge = self.challenger.challenge(NOW, self.source, "tandem", algorithm, false).to_string();
        let asked = Asked { method: "REGISTER", uri: "sip:h", body: b"x" };
        let made = answer([challenge.as_str()], Account { user: "1001", password }, &asked, 1, "cn").unwrap();
        Credentials::parse(&made.to_string()).unwrap()
    }

    fn judge(&self, after: i64, source: IpAddr, credentials: &Credentials) -> Verdict {
        let now = NOW.checked_add_signed(after);
        let ha1 = Ha1::new(credentials.algorithm, "1001", "tandem", "secret");
        self.challenger.judge(now, source, credentials, "REGISTER", b"x", &ha1)
    }
}

trait Signed {
    fn checked_add_signed(self, seconds: i64) -> Self;
}

impl Signed for Duration {
    fn checked_add_signed(self, seconds: i64) -> Self {
        let apart = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { self - apart } else { self + apart }
    }
}

#[test]
fn right_credentials_pass_in_every_algorithm_and_wrong_ones_in_none() {
    let desk = Desk::new();
    for algorithm in [Algorithm::Md5, Algorithm::Md5Sess, Algorithm::Sha256, Algorithm::Sha256Sess] {
        let right = desk.credentials(algorithm, "secret");
        assert_eq!(desk.judge(1, desk.source, &right), Verdict::Right { count: Some(1) });
        let shouted = Credentials { response: right.response.to_uppercase(), ..right.clone() };
        assert_eq!(desk.judge(1, desk.source, &shouted), Verdict::Right { count: Some(1) });
        assert_eq!(desk.judge(1, desk.source, &desk.credentials(algorithm, "Secret")), Verdict::Wrong);
        let other = Credentials { uri: "sip:other".into(), ..right.clone() };
        assert_eq!(desk.judge(1, desk.source, &other), Verdict::Wrong);
        let cut = Credentials { response: right.response[1..].into(), ..right };
        assert_eq!(desk.judge(1, desk.source, &cut), Verdict::Wrong);
    }
}

#[test]
fn an_old_nonce_and_a_changed_address_are_stale_and_no_failure() {
    let desk = Desk::new();
    let right = desk.credentials(Algorithm::Md5, "secret");
    assert_eq!(desk.judge(60, desk.source, &right), Verdict::Right { count: Some(1) });
    assert_eq!(desk.judge(61, desk.source, &right), Verdict::Stale);
    assert_eq!(desk.judge(-1, desk.source, &right), Verdict::Stale);
    assert_eq!(desk.judge(1, "192.0.2.2".parse().unwrap(), &right), Verdict::Stale);
    assert_eq!(desk.judge(1, "::ffff:192.0.2.1".parse().unwrap(), &right), Verdict::Right { count: Some(1) });
    let wrong = desk.credentials(Algorithm::Md5, "guess");
    assert_eq!(desk.judge(61, desk.source, &wrong), Verdict::Wrong, "staleness tells a guesser nothing");
    let stranger = Desk { challenger: Challenger::new([8; 32], Duration::from_secs(60)), ..Desk::new() };
    assert_eq!(stranger.judge(1, desk.source, &right), Verdict::Stale, "a secret of before the restart");
}

#[test]
fn nonces_of_no_form_of_ours_are_wrong() {
    let desk = Desk::new();
    let right = desk.credentials(Algorithm::Md5, "secret");
    for nonce in ["", "abc", &"g".repeat(48), &"é".repeat(24)] {
        let forged = Credentials { nonce: nonce.to_owned(), ..right.clone() };
        assert_eq!(desk.judge(1, desk.source, &forged), Verdict::Wrong, "{nonce}");
    }
}

#[test]
fn each_count_is_good_once_in_any_order_within_the_window() {
    let mut window = NonceWindow::default();
    for (count, good) in [
        (0, false),
        (1, true),
        (1, false),
        (3, true),
        (2, true),
        (2, false),
        (66, true),
        (3, false),
        (4, true),
        (4, false),
        (u32::MAX, true),
        (66, false),
        (u32::MAX - 63, true),
        (u32::MAX - 64, false),
        (u32::MAX, false),
    ] {
        assert_eq!(window.accept(count), good, "{count}");
    }
}

#[test]
fn stored_hashes_are_checked_and_never_shown() {
    let ha1 = Ha1::new(Algorithm::Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
    assert_eq!(ha1.expose(), "939e7578ed9e3c518a452acee763bce9");
    assert_eq!(Ha1::stored(&ha1.expose().to_uppercase()), Some(ha1.clone()));
    assert_eq!(format!("{ha1:?}"), "Ha1(…)");
    assert_eq!(Ha1::stored("939e"), None);
}
