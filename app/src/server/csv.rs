//! Lists as files: RFC 4180, streamed, and harmless in a spreadsheet.

use std::{convert::Infallible, future::Future};

use axum::{body::Body, response::Response};
use http::{HeaderValue, header};
use tokio::sync::mpsc;
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

/// Stretches of the file that may wait for a slow reader.
const AHEAD: usize = 4;

/// The open end of a file that is being sent.
pub(crate) struct Sheet {
    out: mpsc::Sender<String>,
    text: String,
}

impl Sheet {
    /// Writes a line.
    pub(crate) fn line<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            write_cell(&mut self.text, cell.as_ref());
        }
        self.text.push_str("\r\n");
    }

    /// Sends what is written so far; false when nobody reads any more.
    pub(crate) async fn send(&mut self) -> bool {
        self.out.send(std::mem::take(&mut self.text)).await.is_ok()
    }
}

/// A file called `name`, written by `fill` while it is read.
pub(crate) fn file<F, W>(name: &str, fill: F) -> Response
where
    F: FnOnce(Sheet) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let (out, text) = mpsc::channel(AHEAD);
    // A byte order mark: without it spreadsheets take UTF-8 for something else.
    tokio::spawn(fill(Sheet { out, text: "\u{feff}".to_owned() }));
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(text).map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let disposition = HeaderValue::from_str(&disposition).expect("names of files are plain words");
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    response
}

/// A file called `name`: a line for each of `rows`, its cells below `heads`.
pub(crate) fn list<R: Send + 'static, const CELLS: usize>(
    name: &str,
    heads: [&'static str; CELLS],
    rows: Vec<R>,
    cells: impl Fn(R) -> [String; CELLS] + Send + 'static,
) -> Response {
    file(name, |mut sheet| async move {
        sheet.line(heads);
        for row in rows {
            sheet.line(cells(row));
        }
        sheet.send().await;
    })
}

/// A switch in a cell.
pub(crate) fn yes_or_no(on: bool) -> String {
    if on { "yes" } else { "no" }.to_owned()
}

/// A figure that need not be there; its cell is then empty.
pub(crate) fn if_any(figure: Option<impl ToString>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}

/// Quotes what needs it. A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises; a
/// plain negative number stays one.
fn write_cell(out: &mut String, cell: &str) {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell);
    let quoted = cell.contains(['"', ',', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    for letter in cell.chars() {
        if letter == '"' {
            out.push('"');
        }
        out.push(letter);
    }
    if quoted {
        out.push('"');
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    plain(whole) && plain(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut out = String::new();
        write_cell(&mut out, text);
        out
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_says() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(cell("two\r\nlines"), "\"two\r\nlines\"");
        assert_eq!(cell(""), "");
    }

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for text in ["=1+1", "+44", "@SUM(A1)", "-1+1", "\tx", "-", "-1.", "--1"] {
            assert_eq!(cell(text), format!("'{text}"), "{text:?}");
        }
        assert_eq!(cell("=\"x\",1"), "\"'=\"\"x\"\",1\"");
        assert_eq!(cell("-12.50"), "-12.50");
        assert_eq!(cell("0.0180"), "0.0180");
    }

    #[tokio::test]
    async fn a_file_is_sent_as_it_is_written() {
        let response = file("accounts", |mut sheet| async move {
            sheet.line(["name", "balance"]);
            assert!(sheet.send().await);
            sheet.line(["Ünlü, Ltd", "-1.50"]);
            sheet.send().await;
        });
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"accounts.csv\"");
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, "\u{feff}name,balance\r\n\"Ünlü, Ltd\",-1.50\r\n".as_bytes());
    }
    #[tokio::test]
    async fn a_list_has_a_line_for_each_row_and_an_empty_cell_for_what_is_not_there() {
        let rows = vec![("a", Some(3), true), ("b", None, false)];
        let response = list("phones", ["name", "line_limit", "in_use"], rows, |(name, limit, on)| {
            [name.to_owned(), if_any(limit), yes_or_no(on)]
        });
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, "\u{feff}name,line_limit,in_use\r\na,3,yes\r\nb,,no\r\n".as_bytes());
    }
}
