//! Messages cut from a stream, however the bytes come in.

#![allow(clippy::unwrap_used, reason = "a test may fail, also in its harness")]

use proptest::prelude::*;
use sip::stream::{Frame, MAX_HEAD, PING, StreamError, StreamFramer};

fn message(extra: &str, body: &[u8]) -> Vec<u8> {
    let text =
        format!("MESSAGE sip:b@h SIP/2.0\r\nCall-ID: c\r\n{extra}Content-Length: {}\r\n\r\n", body.len());
    [text.as_bytes(), body].concat()
}

/// Everything that a framer makes of bytes which come in chunks of these sizes, over and over.
fn frames(framer: &mut StreamFramer, mut bytes: &[u8], chunks: &[usize]) -> Result<Vec<Frame>, StreamError> {
    let mut found = Vec::new();
    for size in chunks.iter().copied().cycle() {
        if bytes.is_empty() {
            break;
        }
        let (chunk, rest) = bytes.split_at(size.clamp(1, bytes.len()));
        framer.push(chunk);
        while let Some(frame) = framer.next()? {
            found.push(frame);
        }
        bytes = rest;
    }
    Ok(found)
}

fn all(bytes: &[u8]) -> Result<Vec<Frame>, StreamError> {
    frames(&mut StreamFramer::new(), bytes, &[usize::MAX])
}

#[test]
fn two_messages_in_one_piece_are_two() {
    let (one, two) = (message("", b"abc"), message("", b""));
    let found = all(&[&one[..], &two].concat()).unwrap();
    assert_eq!(found, [Frame::Message(one.into()), Frame::Message(two.into())]);
}

#[test]
fn a_body_may_look_like_a_message() {
    let inner = message("", b"x");
    let outer = message("", &inner);
    assert_eq!(all(&outer).unwrap(), [Frame::Message(outer.into())]);
}

#[test]
fn content_length_is_found_in_every_spelling() {
    for spelled in
        ["l: 3", "CONTENT-LENGTH:3", "Content-Length : 3", "Content-Length:\r\n 3", "L:\r\n\t 0003 "]
    {
        let text = format!("MESSAGE sip:b@h SIP/2.0\r\nX: y\r\n\tl: 9\r\n{spelled}\r\n\r\nabc");
        assert_eq!(all(text.as_bytes()).unwrap(), [Frame::Message(text.into())], "{spelled}");
    }
    let bare = "MESSAGE sip:b@h SIP/2.0\nl: 2\n\nab";
    assert_eq!(all(bare.as_bytes()).unwrap(), [Frame::Message(bare.into())], "line feeds alone");
}

#[test]
fn a_lost_frame_is_an_error_that_stays() {
    let head = "MESSAGE sip:b@h SIP/2.0\r\n";
    for (rest, why) in [
        ("\r\n", StreamError::NoContentLength),
        ("l: 1\r\nContent-Length: 1\r\n\r\n", StreamError::BadContentLength),
        ("l: -1\r\n\r\n", StreamError::BadContentLength),
        ("l: \r\n\r\n", StreamError::BadContentLength),
        ("l: 1 1\r\n\r\n", StreamError::BadContentLength),
        ("l: 65536\r\n\r\n", StreamError::TooLarge),
        ("l: 99999999999999999999999\r\n\r\n", StreamError::TooLarge),
    ] {
        let mut framer = StreamFramer::new();
        framer.push(format!("{head}{rest}").as_bytes());
        assert_eq!(framer.next(), Err(why), "{rest}");
        framer.push(&message("", b""));
        assert_eq!(framer.next(), Err(why), "{rest}");
        assert!(!framer.is_waiting(), "nothing is kept");
    }
}

#[test]
fn a_drip_of_header_bytes_is_cut_off_at_its_bound() {
    for drip in ["X: y\r\n", "x"] {
        let mut framer = StreamFramer::new();
        framer.push(b"MESSAGE sip:b@h SIP/2.0\r\n");
        let mut bytes = 0;
        let why = loop {
            framer.push(drip.as_bytes());
            bytes += drip.len();
            match framer.next() {
                Ok(frame) => assert_eq!(frame, None),
                Err(why) => break why,
            }
            assert!(framer.is_waiting());
        };
        assert_eq!(why, StreamError::HeadTooLong);
        assert!(bytes <= MAX_HEAD);
    }
}

#[test]
fn the_largest_message_passes() {
    let whole = message("", &vec![b'x'; 65_535 - message("", b"").len() - 4]);
    assert_eq!(whole.len(), 65_535);
    assert_eq!(frames(&mut StreamFramer::new(), &whole, &[1_400]).unwrap(), [Frame::Message(whole.into())]);
}

#[test]
fn a_ping_is_told_however_it_comes() {
    for chunks in [&[4][..], &[1], &[2], &[3, 1], &[1, 3]] {
        let mut framer = StreamFramer::new();
        assert_eq!(frames(&mut framer, PING, chunks).unwrap(), [Frame::Ping], "{chunks:?}");
        assert!(!framer.is_waiting());
    }
    let between = [&message("", b"a")[..], PING, PING, &message("", b"b")].concat();
    let found = all(&between).unwrap();
    assert!(matches!(&found[..], [Frame::Message(_), Frame::Ping, Frame::Ping, Frame::Message(_)]));
}

#[test]
fn one_line_end_is_a_pong_when_we_have_asked() {
    let mut framer = StreamFramer::new();
    framer.push(b"\r\n");
    assert_eq!(framer.next(), Ok(None), "half a ping of the peer");
    framer.on_ping_sent();
    assert_eq!(framer.next(), Ok(Some(Frame::Pong)));
    framer.push(b"\r\n");
    framer.push(&message("", b""));
    assert!(matches!(framer.next(), Ok(Some(Frame::Message(_)))), "a line end before a message is nothing");
}

#[test]
fn line_ends_without_a_message_are_not_endless() {
    assert_eq!(all(&b"\n".repeat(5_000)), Err(StreamError::Blanks));
    assert_eq!(all(&PING.repeat(5_000)).unwrap().len(), 5_000, "pings are");
}

proptest! {
    #[test]
    fn chunks_change_nothing(
        bodies in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..300), 0u8..4), 1..6),
        chunks in prop::collection::vec(1usize..80, 1..20),
    ) {
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for (body, pings) in bodies {
            for _ in 0..pings {
                bytes.extend_from_slice(PING);
                expected.push(Frame::Ping);
            }
            let message = message("Subject: a\r\n b\r\n", &body);
            bytes.extend_from_slice(&message);
            expected.push(Frame::Message(message.into()));
        }
        let mut framer = StreamFramer::new();
        prop_assert_eq!(frames(&mut framer, &bytes, &chunks), Ok(expected));
        prop_assert!(!framer.is_waiting());
    }

    #[test]
    fn any_bytes_are_cut_the_same_in_any_chunks(
        bytes in prop::collection::vec(prop_oneof![
            Just(b"\r\n".to_vec()),
            Just(b"l: 2\r\n".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"A b SIP/2.0\r\n".to_vec()),
            prop::collection::vec(any::<u8>(), 0..5),
        ], 0..30),
        chunks in prop::collection::vec(1usize..9, 1..9),
    ) {
        let bytes = bytes.concat();
        let piecemeal = frames(&mut StreamFramer::new(), &bytes, &chunks);
        let whole = all(&bytes);
        prop_assert_eq!(piecemeal, whole);
    }
}
