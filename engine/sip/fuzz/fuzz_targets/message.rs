//! Messages: `RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none message ../tests/torture/rfc4475 ../tests/corpus` in
//! `engine/sip` (with a nightly compiler without the variable and the option). The other targets run the same way.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use sip::guard::{FirstLine, first_line_of};
use sip::{HeaderName, Message, NameAddr};

fuzz_target!(|data: &[u8]| {
    let _ = sip::shard_of(data);
    let first = first_line_of(data);
    let Ok(message) = Message::parse(Bytes::copy_from_slice(data)) else { return };
    assert!(first != FirstLine::KeepAlive);
    for address in [message.from(), message.to()].into_iter().flatten().chain(message.contact()) {
        let again = NameAddr::parse(&address.to_string()).expect("what we print we read");
        assert_eq!((&again.uri, again.tag()), (&address.uri, address.tag()));
    }
    for name in [HeaderName::Via, HeaderName::Contact, HeaderName::Route] {
        assert!(message.list(name).all(|element| !element.is_empty()));
    }
    let _ = (message.via().is_ok(), message.max_forwards(), message.rack(), message.rseq(), message.record_routes());
});
