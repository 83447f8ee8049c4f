//! The gateways for one number, in the order in which they are tried (RTE-2, RTE-3, decisions 17 and 18).

use std::sync::Arc;

use domain::{PrefixMode, RoutingGateway};

use crate::Tables;

/// Every gateway that may take `number`, best first: longest prefix, then priority, then id; each gateway once, at its best
/// place. Gateways on shorter prefixes follow only when their mode is *Extension*.
pub fn candidates(tables: &Tables, number: &str) -> Vec<Arc<RoutingGateway>> {
    let mut found: Vec<Arc<RoutingGateway>> = Vec::new();
    for (depth, route) in tables.route_trie.matches(number).enumerate() {
        for gateway in &tables.routes[route as usize] {
            let falls_back = depth == 0 || gateway.settings.prefix_mode == PrefixMode::Extension;
            if falls_back && !found.iter().any(|g| g.id == gateway.id) {
                found.push(gateway.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
