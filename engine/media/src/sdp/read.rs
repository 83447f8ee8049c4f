use sdp_types::Session;

use super::audio::{self, AudioMedia};
use super::error::SdpError;
use super::normal::{Normal, normalise};

/// Octets of the longest accepted body.
pub(super) const LONGEST: usize = 16 << 10;

/// Media lines of the largest accepted body.
pub(super) const MOST_MEDIA: usize = 16;

/// A session description (RFC 8866).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdp {
    /// Without the `o=` line, which is a placeholder here.
    pub(super) session: Session,
    /// Position of the media line that is relayed.
    pub(super) chosen: Option<usize>,
    origin: Option<String>,
    audio: Option<AudioMedia>,
}

impl Sdp {
    /// Reads a body, as leniently as media allows: line ends, order, missing `o=`, `s=` and `t=`, trailing garbage.
    ///
    /// # Errors
    /// Too long, too many media lines, no `v=0`, an unreadable `m=` or `c=` line, live audio without an IP address.
    pub fn parse(body: &[u8]) -> Result<Sdp, SdpError> {
        let too_long = |length| if length > LONGEST { Err(SdpError::TooLong { length }) } else { Ok(()) };
        too_long(body.len())?;
        let Normal { text, origin } = normalise(body);
        // Invalid UTF-8 grows when it is replaced.
        too_long(text.len())?;
        let session = Session::parse(text.as_bytes()).map_err(|error| SdpError::Syntax(error.to_string()))?;
        let count = session.medias.len();
        if count > MOST_MEDIA {
            return Err(SdpError::TooManyMedia { count });
        }
        let chosen = audio::chosen(&session);
        let audio = chosen.map(|index| audio::read(&session, &session.medias[index])).transpose()?;
        Ok(Sdp { session, chosen, origin, audio })
    }

    /// The stream that is relayed: the first live audio line, else the first refused one; `None` without any.
    pub fn audio(&self) -> Option<AudioMedia> {
        self.audio.clone()
    }

    /// Whether there is no live audio.
    pub fn is_rejected(&self) -> bool {
        self.audio.as_ref().is_none_or(AudioMedia::is_rejected)
    }

    /// The value of the `o=` line as it came. An offer with the same one as before changes nothing (RFC 3264 §8).
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    pub(super) fn audio_ref(&self) -> Option<&AudioMedia> {
        self.audio.as_ref()
    }
}
