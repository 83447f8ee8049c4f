//! The portal's own files: the browser half, the style sheet, the icon.

use std::{path::Path, sync::Arc};

use axum::Router;
use http::{HeaderValue, header};
use leptos::prelude::LeptosOptions;
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

/// Which files there are. A page asks for them with their fingerprint, so that a browser may keep them for ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    version: Option<Arc<str>>,
}

impl Files {
    /// Looks once, when the process starts.
    pub(super) fn find(options: &LeptosOptions) -> Self {
        let path = Path::new(options.site_root.as_ref()).join("pkg/version");
        let version = std::fs::read_to_string(path).ok().map(|text| {
            let text: String = text.trim().chars().filter(char::is_ascii_alphanumeric).take(32).collect();
            text.into()
        });
        Self { version }
    }

    /// False when the portal has not been built: pages are then plain HTML.
    pub(crate) fn are_there(&self) -> bool {
        self.version.is_some()
    }

    /// The address of `file` in `pkg`.
    pub(crate) fn address(&self, file: &str) -> String {
        format!("/pkg/{file}?v={}", self.version.as_deref().unwrap_or("none"))
    }
}

/// The routes of the files.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let root = Path::new(options.site_root.as_ref());
    let kept =
        |value| SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(value));
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
            assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), body);
        }
        fs::remove_dir_all(root).unwrap();
    }
}
