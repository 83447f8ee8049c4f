//! The certificate for SIP over TLS: a person's own, or one made here.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    net::IpAddr,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use switch::TlsFiles;

use crate::{failure::Failure, options::Serve, state_directory::StateDirectory};

/// The files that the options name; otherwise a self-signed certificate in the state directory, made at the first start: it makes
/// calls secret, but whoever wants to know whom he talks to needs one of an authority.
pub(crate) fn files(serve: &Serve, state: &StateDirectory, address: IpAddr) -> Result<TlsFiles, Failure> {
    let authorities = serve.tls_authorities.clone();
    if let (Some(certificate), Some(key)) = (&serve.tls_certificate, &serve.tls_key) {
        return Ok(TlsFiles { certificate: certificate.clone(), key: key.clone(), authorities });
    }
    let directory = state.path().join("tls");
    let (certificate, key) = (directory.join("certificate.pem"), directory.join("key.pem"));
    if !certificate.is_file() || !key.is_file() {
        make(&directory, &certificate, &key, address)
            .map_err(|cause| Failure::StateDirectory { path: directory.clone(), cause })?;
    }
    Ok(TlsFiles { certificate, key, authorities })
}

fn make(directory: &Path, certificate: &Path, key: &Path, address: IpAddr) -> io::Result<()> {
    let made = rcgen::generate_simple_self_signed([address.to_string(), "localhost".to_owned()])
        .map_err(io::Error::other)?;
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    // The key first: a certificate says that both are there.
    write(key, &made.signing_key.serialize_pem())?;
    write(certificate, &made.cert.pem())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)
}
