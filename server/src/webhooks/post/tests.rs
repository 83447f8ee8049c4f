use std::time::Instant;

use domain::{WebhookDeliveryId, WebhookId, WebhookSecret};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

use super::*;

const SECRET: &str = "0123456789abcdef";

fn due(url: &str) -> Due {
    Due {
        id: WebhookDeliveryId(1),
        webhook: WebhookId(1),
        url: url.parse().unwrap(),
        secret: Some(WebhookSecret::new(SECRET).unwrap()),
        event: "0199d5a0-0000-7000-8000-000000000001".parse().unwrap(),
        body: "{\"type\":\"test\"}".to_owned(),
        attempt: 1,
    }
}

fn client() -> Client {
    Client { patience: Duration::from_secs(2), ..Client::new(None, true).unwrap() }
}

/// Reads one request, answers with these bytes and gives what it read.
async fn answer_one(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 1024];
    while !String::from_utf8_lossy(&read).ends_with('}') {
        let n = stream.read(&mut buffer).await.unwrap();
        assert!(n > 0, "it ended early");
        read.extend_from_slice(&buffer[..n]);
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.shutdown().await.ok();
    String::from_utf8(read).unwrap()
}

/// A receiver that answers once; its port, and what it has read.
async fn receiver(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let read = tokio::spawn(async move { answer_one(listener.accept().await.unwrap().0, answer).await });
    (port, read)
}

#[tokio::test]
async fn what_is_posted_is_signed() {
    let (port, read) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    let due = due(&format!("http://127.0.0.1:{port}/events?a=b"));
    assert_eq!(client().post(&due).await, Answer::Status(204));
    let read = read.await.unwrap();
    let (head, body) = read.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let found = head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        });
        found.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
    };
    assert!(head.starts_with("POST /events?a=b HTTP/1.1\r\n"), "{head}");
    assert_eq!(
        (header("host"), header("content-type")),
        (format!("127.0.0.1:{port}"), "application/json".into())
    );
    assert_eq!(body, due.body);
    let timestamp: i64 = header("webhook-timestamp").parse().unwrap();
    assert!((chrono::Utc::now().timestamp() - timestamp).abs() < 10);
    let expected = signature(&WebhookSecret::new(SECRET).unwrap(), &header("webhook-id"), timestamp, body);
    assert_eq!(header("webhook-signature"), expected);
    assert!(!read.contains(SECRET));
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let (port, _) =
        receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(client().post(&due(&format!("http://127.0.0.1:{port}/"))).await, Answer::Status(302));
}

#[tokio::test]
async fn private_addresses_are_refused_unless_they_are_allowed() {
    let strict = Client::new(None, false).unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"] {
        let answer = strict.post(&due(&format!("http://{host}:9/"))).await;
        let Answer::Failed(why) = answer else { panic!("{host}: {answer:?}") };
        assert!(why.contains("no public address"), "{host}: {why}");
    }
}

#[tokio::test]
async fn who_does_not_answer_is_waited_for_only_so_long() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let client = Client { patience: Duration::from_millis(300), ..client() };
    let began = Instant::now();
    assert!(matches!(client.post(&due(&url)).await, Answer::Failed(why) if why.contains("no answer")));
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(listener);
    assert!(matches!(client.post(&due(&url)).await, Answer::Failed(why) if why.contains("refused")));
}

#[tokio::test]
async fn what_is_no_http_is_a_failure() {
    let (port, _) = receiver("SIP/2.0 200 OK\r\n\r\n").await;
    assert!(matches!(client().post(&due(&format!("http://127.0.0.1:{port}/"))).await, Answer::Failed(_)));
    let mut unreadable = due("http://127.0.0.1:9/");
    unreadable.secret = None;
    assert!(matches!(client().post(&unreadable).await, Answer::Failed(why) if why.contains("another key")));
}

#[tokio::test]
async fn over_tls_the_receiver_must_be_who_it_says() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = std::env::temp_dir().join(format!("tandem-webhook-{:016x}", rand::random::<u64>()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("authorities.pem");
    std::fs::write(&file, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let stream = listener.accept().await.unwrap().0;
            if let Ok(stream) = acceptor.accept(stream).await {
                answer_one(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    });
    let trusting = Client::new(Some(&file), true).unwrap();
    assert_eq!(trusting.post(&due(&format!("https://localhost:{port}/"))).await, Answer::Status(200));
    for (client, url) in [(&client(), "localhost"), (&trusting, "127.0.0.1")] {
        let answer = client.post(&due(&format!("https://{url}:{port}/"))).await;
        assert!(matches!(&answer, Answer::Failed(_)), "{url}: {answer:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_that_holds_no_authorities_is_told() {
    let told = Client::new(Some(Path::new("/nowhere/at/all.pem")), false);
    assert!(told.is_err_and(|error| error.to_string().contains("/nowhere/at/all.pem")));
}
