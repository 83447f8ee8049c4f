//! The portal's own files: the browser half, the style sheet, the icon.

use std::{collections::HashMap, path::Path, sync::Arc};

use axum::Router;
use http::{HeaderValue, Response, header};
use leptos::prelude::*;
use leptos_meta::Link;
use serde::Deserialize;
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

/// Which files there are. A page asks for them under their version, so that a browser may keep them for ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    built: Option<Arc<Built>>,
}

/// What `cargo xtask portal` tells of what it has built.
#[derive(Debug, Deserialize)]
struct Built {
    version: String,
    /// The files of each part of the portal (`parts.rs`).
    parts: HashMap<String, Vec<String>>,
}

impl Files {
    /// Looks once, when the process starts.
    pub(super) fn find(options: &LeptosOptions) -> Self {
        let path = Path::new(options.site_root.as_ref()).join("pkg/portal.json");
        let Ok(text) = std::fs::read(&path) else { return Self::default() };
        match serde_json::from_slice(&text) {
            Ok(built) => Self { built: Some(Arc::new(built)) },
            Err(error) => {
                tracing::error!(%error, path = %path.display(), "the portal's files are not to be used: build them anew");
                Self::default()
            }
        }
    }

    /// False when the portal has not been built: pages are then plain HTML.
    pub(crate) fn are_there(&self) -> bool {
        self.built.is_some()
    }

    /// The address of `file`.
    pub(crate) fn address(&self, file: &str) -> String {
        format!("{}/{file}", self.place())
    }

    fn place(&self) -> String {
        format!("/pkg/{}", self.built.as_ref().map_or("none", |built| &built.version))
    }

    /// Names the files of a part in the head of the page that is being rendered: the browser asks for them at once, and knows
    /// by them which part to wait for before it takes the page over.
    ///
    /// leptos has a way of its own for this, which looks for its list of files in whichever context its thread was in last.
    fn announce(&self, part: &str) {
        let files = self.built.as_ref().and_then(|built| built.parts.get(part));
        for file in files.into_iter().flatten() {
            let address = self.address(&format!("{file}.wasm"));
            // Made into text, a link puts itself into the head.
            view! { <Link rel="preload" href=address as_="fetch" type_="application/wasm" crossorigin="anonymous" /> }
                .to_html();
        }
        if files.is_some() {
            view! { <Link rel="modulepreload" href=self.address("parts.js") /> }.to_html();
        }
    }
}

/// [`Files::announce`] for the page that is being rendered.
pub(crate) fn announce(part: &str) {
    if let Some(files) = use_context::<Files>() {
        files.announce(part);
    }
}

/// The routes of the files.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let root = Path::new(options.site_root.as_ref());
    // What is not there now may be there after the next build: only files are kept.
    let kept = |value| {
        let value = HeaderValue::from_static(value);
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, move |response: &Response<_>| {
            (!response.status().is_client_error()).then(|| value.clone())
        })
    };
    Router::new()
        .nest_service(
            "/pkg",
            ServiceBuilder::new()
                .layer(kept("public, max-age=31536000, immutable"))
                .layer(SetResponseHeaderLayer::if_not_present(
                    header::VARY,
                    HeaderValue::from_static("accept-encoding"),
                ))
                // A release build has packed them already, smaller than there is time for at a request.
                .service(
                    ServeDir::new(root.join("pkg"))
                        .append_index_html_on_directories(false)
                        .precompressed_br(),
                ),
        )
        .route_service(
            "/favicon.svg",
            ServiceBuilder::new()
                .layer(kept("public, max-age=86400"))
                .service(ServeFile::new(root.join("favicon.svg"))),
        )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use axum::body::{Body, to_bytes};
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn files_are_asked_for_under_their_version_and_not_at_all_where_none_were_built() {
        let root = std::env::temp_dir().join(format!("tandem-built-{}", std::process::id()));
        let options =
            LeptosOptions::builder().output_name("portal").site_root(root.to_string_lossy()).build();
        assert!(!Files::find(&options).are_there());
        fs::create_dir_all(root.join("pkg")).unwrap();
        for (written, there) in [
            (r#"{"version":"17ab","parts":{"home":["chunk_1","split_home"]}}"#, true),
            (r#"{"version":"17ab""#, false),
        ] {
            fs::write(root.join("pkg/portal.json"), written).unwrap();
            let files = Files::find(&options);
            assert_eq!(files.are_there(), there);
            assert_eq!(
                files.address("portal.css"),
                if there { "/pkg/17ab/portal.css" } else { "/pkg/none/portal.css" }
            );
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[tokio::test]
    async fn a_packed_file_goes_to_browsers_that_take_it_and_the_plain_one_to_others() {
        let root = std::env::temp_dir().join(format!("tandem-files-{}", std::process::id()));
        fs::create_dir_all(root.join("pkg")).unwrap();
        fs::write(root.join("pkg/portal.css"), "plain").unwrap();
        fs::write(root.join("pkg/portal.css.br"), "packed").unwrap();
        let options =
            LeptosOptions::builder().output_name("portal").site_root(root.to_string_lossy()).build();
        for (takes, encoding, body) in [("br, gzip", Some("br"), "packed"), ("identity", None, "plain")] {
            let request = Request::get("/pkg/portal.css").header(header::ACCEPT_ENCODING, takes);
            let response =
                routes::<()>(&options).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!(header(header::CONTENT_TYPE), Some("text/css"));
            assert_eq!(
                (header(header::CONTENT_ENCODING), header(header::VARY)),
                (encoding, Some("accept-encoding"))
            );
            assert!(header(header::CACHE_CONTROL).is_some_and(|kept| kept.contains("immutable")));
            assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), body);
        }
        let request = Request::get("/pkg/portal.js").body(Body::empty()).unwrap();
        let missing = routes::<()>(&options).oneshot(request).await.unwrap();
        assert_eq!(missing.status(), http::StatusCode::NOT_FOUND);
        assert_eq!(missing.headers().get(header::CACHE_CONTROL), None);
        fs::remove_dir_all(root).unwrap();
    }
}
