//! Streams: the first byte says where the rest is cut; the frames are the same wherever that is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sip::stream::StreamFramer;

fn frames(pieces: &[&[u8]]) -> Vec<String> {
    let mut framer = StreamFramer::new();
    let mut found = Vec::new();
    for piece in pieces {
        framer.push(piece);
        loop {
            match framer.next() {
                Ok(None) => break,
                Ok(Some(frame)) => found.push(format!("{frame:?}")),
                Err(why) => {
                    found.push(why.to_string());
                    return found;
                }
            }
        }
    }
    found
}

fuzz_target!(|data: &[u8]| {
    let Some((&at, rest)) = data.split_first() else { return };
    let (head, tail) = rest.split_at(usize::from(at).min(rest.len()));
    assert_eq!(frames(&[head, tail]), frames(&[rest]));
});
