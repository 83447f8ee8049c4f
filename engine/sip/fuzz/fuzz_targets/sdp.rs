//! Session descriptions, which come in the bodies of messages.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media::sdp::Sdp;

fuzz_target!(|data: &[u8]| {
    let _ = Sdp::parse(data);
});
