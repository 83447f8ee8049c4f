//! SIP from bytes to dialogs, without I/O or clock.
