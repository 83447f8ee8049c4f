//! One delivery over HTTP/1.1: no redirects, no proxy, ten seconds for all of it.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use domain::WebhookUrl;
use http::{Request, header};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use store::webhooks::Due;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

use super::{address::is_public, sign::signature};

/// Longest time from the look-up of the name to the status of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where systems keep the authorities that they trust.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// What became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// The receiver answered with this status.
    Status(u16),
    /// It did not, and why.
    Failed(String),
}

/// Why events cannot be posted at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The file with the authorities.
    #[error("cannot read the authorities for webhooks in {0}: {1}")]
    Authorities(PathBuf, rustls::pki_types::pem::Error),
    /// TLS itself.
    #[error("cannot use TLS for webhooks: {0}")]
    Tls(#[from] rustls::Error),
}

/// What posts.
pub(crate) struct Client {
    tls: TlsConnector,
    has_authorities: bool,
    /// Private addresses are receivers too.
    private: bool,
    patience: Duration,
}

impl Client {
    /// With the authorities in `authorities`, or the system's. `private` lets it post to private addresses.
    pub(crate) fn new(authorities: Option<&Path>, private: bool) -> Result<Self, ClientError> {
        let mut roots = RootCertStore::empty();
        let system = || BUNDLES.iter().map(Path::new).find(|path| path.exists());
        if let Some(file) = authorities.or_else(system) {
            let unreadable = |error| ClientError::Authorities(file.to_owned(), error);
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                // One that rustls cannot use is one fewer.
                let _ = roots.add(certificate.map_err(unreadable)?);
            }
        }
        let has_authorities = !roots.is_empty();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tls = TlsConnector::from(Arc::new(config));
        Ok(Self { tls, has_authorities, private, patience: PATIENCE })
    }

    /// Posts a delivery once.
    pub(super) async fn post(&self, due: &Due) -> Answer {
        let Some(secret) = &due.secret else {
            return Answer::Failed("its secret was sealed with another key: set it anew".to_owned());
        };
        let (id, now) = (due.event.to_string(), chrono::Utc::now().timestamp());
        let request = Request::post(due.url.target())
            .header(header::HOST, due.url.authority())
            .header(header::USER_AGENT, concat!("Tandem/", env!("CARGO_PKG_VERSION")))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .header("webhook-id", &id)
            .header("webhook-timestamp", now)
            .header("webhook-signature", signature(secret, &id, now, &due.body))
            .body(Full::new(Bytes::from(due.body.clone())));
        let Ok(request) = request else {
            return Answer::Failed("its address cannot be asked for over HTTP".to_owned());
        };
        match tokio::time::timeout(self.patience, self.send(&due.url, request)).await {
            Ok(Ok(status)) => Answer::Status(status),
            Ok(Err(why)) => Answer::Failed(why),
            Err(_) => Answer::Failed(format!("no answer within {} s", self.patience.as_secs())),
        }
    }

    async fn send(&self, url: &WebhookUrl, request: Request<Full<Bytes>>) -> Result<u16, String> {
        let stream = self.connect(url).await?;
        if !url.is_encrypted() {
            return exchange(stream, request).await;
        }
        if !self.has_authorities {
            return Err(
                "this machine has no list of authorities: give one with --webhook-authorities".to_owned()
            );
        }
        let name = match url.host().parse::<IpAddr>() {
            Ok(address) => ServerName::from(address),
            Err(_) => {
                ServerName::try_from(url.host().to_owned()).map_err(|_| "its name cannot be verified")?
            }
        };
        let stream = self.tls.connect(name, stream).await.map_err(|error| format!("no TLS: {error}"))?;
        exchange(stream, request).await
    }

    /// To the first address that takes a connection. Looked at and connected to is the same address: a name that leads elsewhere
    /// the second time it is asked for gains nothing.
    async fn connect(&self, url: &WebhookUrl) -> Result<TcpStream, String> {
        let found = tokio::net::lookup_host((url.host(), url.port())).await;
        let found: Vec<SocketAddr> = found.map_err(|_| "its name has no address".to_owned())?.collect();
        let allowed = found.iter().filter(|address| self.private || is_public(address.ip()));
        let mut last = match found.first() {
            None => "its name has no address".to_owned(),
            Some(first) => {
                format!("{} is no public address; --webhooks-to-private-addresses allows it", first.ip())
            }
        };
        for address in allowed.take(4) {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = format!("{address}: {}", reason(&error)),
            }
        }
        Err(last)
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection is refused".to_owned(),
        _ => error.to_string(),
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<u16, String> {
    let broken = |error: hyper::Error| format!("the exchange broke: {error}");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let answer = sender.send_request(request);
    tokio::pin!(answer);
    // What it answers beside the status concerns nobody, and ends with the connection.
    tokio::select! {
        answer = &mut answer => answer.map(|answer| answer.status().as_u16()).map_err(broken),
        ended = connection => match ended {
            Ok(()) => answer.await.map(|answer| answer.status().as_u16()).map_err(broken),
            Err(error) => Err(broken(error)),
        },
    }
}

#[cfg(test)]
mod tests;
