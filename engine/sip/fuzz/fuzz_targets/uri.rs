//! URIs: what is read prints as something that reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sip::SipUri;

fuzz_target!(|data: &str| {
    let Ok(uri) = SipUri::parse(data) else { return };
    assert_eq!(SipUri::parse(&uri.to_string()).as_ref(), Ok(&uri));
    assert!(uri.equivalent(&uri));
    let _ = (uri.socket_addr(), uri.decoded_user(), uri.user_param("rn"), uri.to_rsip().to_string());
});
