//! The same messages on a stream, where a wrong length is no longer a matter of one message.

use sip::stream::{Frame, StreamError, StreamFramer};

use crate::all_cases;
use crate::case::Case;

fn cut(case: &Case, step: usize) -> Vec<Result<Frame, StreamError>> {
    let mut framer = StreamFramer::new();
    let mut frames = Vec::new();
    for piece in case.bytes().chunks(step) {
        framer.push(piece);
        loop {
            match framer.next() {
                Ok(Some(frame)) => frames.push(Ok(frame)),
                Ok(None) => break,
                Err(why) => {
                    frames.push(Err(why));
                    return frames;
                }
            }
        }
    }
    frames
}

#[test]
fn a_message_comes_off_a_stream_whole_however_it_is_cut() {
    for case in all_cases() {
        let whole = cut(&case, usize::MAX);
        for step in [1, 2, 7, 64] {
            assert_eq!(cut(&case, step), whole, "{} in steps of {step}", case.file);
        }
    }
}

#[test]
fn lengths_that_lie_break_the_stream_or_wait_for_more() {
    let result = |file: &str| {
        let case = all_cases().into_iter().find(|case| case.file == file).unwrap();
        cut(&case, usize::MAX)
    };
    assert_eq!(result("rfc4475/ncl"), [Err(StreamError::BadContentLength)]);
    assert_eq!(result("rfc4475/mcl01"), [Err(StreamError::BadContentLength)]);
    assert_eq!(result("rfc4475/inv2543"), [Err(StreamError::NoContentLength)]);
    assert_eq!(result("rfc4475/clerr"), []);
    // Behind a whole message the next one begins.
    assert_eq!(result("rfc4475/dblreq").len(), 2);
}
