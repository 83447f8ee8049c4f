//! Who is calling, by source address (REG-1, modes IP and IP+port).

use std::net::{IpAddr, SocketAddr};

use domain::Source;
use hashbrown::HashMap;
use ipnet::IpNet;

/// Sources with a value each. The most specific one wins: a port before none, then the longer network.
pub struct SourceTable<T> {
    /// Single addresses: nearly all trunks, found by one look-up.
    hosts: HashMap<(IpAddr, u16), T>,
    /// Networks, longest first.
    networks: Vec<(IpNet, T)>,
}

impl<T> Default for SourceTable<T> {
    fn default() -> Self {
        Self { hosts: HashMap::new(), networks: Vec::new() }
    }
}

impl<T: Copy> SourceTable<T> {
    /// Sets the value of `source`.
    pub fn insert(&mut self, source: Source, value: T) {
        if source.net.prefix_len() == source.net.max_prefix_len() {
            self.hosts.insert((source.net.addr(), source.port.unwrap_or(0)), value);
        } else {
            let at = self.networks.partition_point(|(net, _)| net.prefix_len() >= source.net.prefix_len());
            self.networks.insert(at, (source.net, value));
        }
    }

    /// The value of the source that `address` is in. IPv4 addresses that a dual-stack socket shows as IPv6 count as IPv4.
    pub fn find(&self, address: SocketAddr) -> Option<T> {
        let ip = address.ip().to_canonical();
        self.hosts
            .get(&(ip, address.port()))
            .or_else(|| self.hosts.get(&(ip, 0)))
            .copied()
            .or_else(|| self.networks.iter().find(|(net, _)| net.contains(&ip)).map(|(_, value)| *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_source_wins() {
        let mut table = SourceTable::default();
        for (i, source) in ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.1.2.3:5080"].iter().enumerate() {
            table.insert(source.parse().unwrap(), i);
        }
        let find = |address: &str| table.find(address.parse().unwrap());
        assert_eq!(find("10.1.2.3:5080"), Some(3));
        assert_eq!(find("10.1.2.3:5060"), Some(2));
        assert_eq!(find("[::ffff:10.1.2.3]:5060"), Some(2));
        assert_eq!(find("10.1.2.4:5060"), Some(1));
        assert_eq!(find("10.2.2.4:5060"), Some(0));
        assert_eq!(find("192.0.2.1:5060"), None);
    }
}
