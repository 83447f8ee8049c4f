//! What there is to choose from.

/// What a list of choices offers: the value sent and the text shown.
pub(crate) type Options = Vec<(String, String)>;

/// Each value with what people call it.
pub(crate) fn offered<T: Copy + ToString, S: Into<String>>(all: &[T], text: impl Fn(T) -> S) -> Options {
    all.iter().map(|value| (value.to_string(), text(*value).into())).collect()
}

/// The empty choice, called `text`, before all others.
pub(crate) fn or_empty(text: &'static str, options: Options) -> Options {
    std::iter::once((String::new(), text.to_owned())).chain(options).collect()
}
