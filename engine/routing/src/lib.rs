//! Which gateways a call may take, and in what order.
