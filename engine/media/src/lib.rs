//! SDP offer/answer and the RTP relay.
