//! Who may speak to the server: the token in the address, the host that was asked for, and the page that asks.

use axum::http::{HeaderMap, Method, header};
use std::net::{IpAddr, SocketAddr};

/// Characters of a token: 128 random bits in hexadecimal.
const TOKEN_BYTES: usize = 16;

/// What a request must bring.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    token: String,
    address: SocketAddr,
}

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It asks for another host: a name that was made to lead here.
    Host,
    /// Another page asks.
    Origin,
    /// The token is not ours.
    Token,
}

impl Guard {
    /// With a new random token.
    pub(super) fn new(address: SocketAddr) -> Result<Guard, getrandom::Error> {
        let mut random = [0; TOKEN_BYTES];
        getrandom::fill(&mut random)?;
        let token = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Guard { token, address })
    }

    /// The address of the page.
    pub(super) fn url(&self) -> String {
        let shown = match self.address.ip() {
            ip if !ip.is_unspecified() => self.address,
            IpAddr::V4(_) => SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), self.address.port()),
            IpAddr::V6(_) => SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), self.address.port()),
        };
        format!("http://{shown}/{}/", self.token)
    }

    /// Whether the request may be looked at.
    pub(super) fn check(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, header::HOST.as_str()).ok_or(Refusal::Host)?;
        if !self.is_ours(host) {
            return Err(Refusal::Host);
        }
        let origin = only(headers, header::ORIGIN.as_str());
        let asked_by_us = origin.and_then(|origin| origin.strip_prefix("http://")).is_some_and(|ours| ours == host);
        let no_page_asks = !headers.contains_key(header::ORIGIN) && (*method == Method::GET || *method == Method::HEAD);
        if !asked_by_us && !no_page_asks {
            return Err(Refusal::Origin);
        }
        if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
            return Err(Refusal::Origin);
        }
        let token = path.strip_prefix('/').and_then(|rest| rest.split('/').next()).unwrap_or("");
        if same(token.as_bytes(), self.token.as_bytes()) { Ok(()) } else { Err(Refusal::Token) }
    }

    /// A page elsewhere can make its own name lead here, but it cannot take an address of ours for a name.
    fn is_ours(&self, host: &str) -> bool {
        if let Ok(asked) = host.parse::<SocketAddr>() {
            return asked.port() == self.address.port()
                && (asked.ip() == self.address.ip() || self.address.ip().is_unspecified());
        }
        let reachable = self.address.ip().is_loopback() || self.address.ip().is_unspecified();
        reachable && host.strip_prefix("localhost:").is_some_and(|port| port == self.address.port().to_string())
    }
}

/// A header that is there once, in plain characters.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?;
    if all.next().is_some() { None } else { first.to_str().ok() }
}

/// Equality that takes as long wherever the difference is.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_our_own_page_at_our_own_address_may_ask() {
        let guard = Guard { token: "0123".to_owned(), address: "127.0.0.1:8000".parse().unwrap() };
        let check = |method: Method, path: &str, pairs: &[(&'static str, &str)]| guard.check(&method, path, &headers(pairs));
        let ours = ("host", "127.0.0.1:8000");
        assert_eq!(check(Method::GET, "/0123/", &[ours]), Ok(()));
        assert_eq!(check(Method::GET, "/0123/", &[("host", "localhost:8000")]), Ok(()));
        for host in ["127.0.0.1", "127.0.0.1:80", "evil.example:8000", "10.0.0.1:8000", "localhost.evil.example:8000", ""] {
            assert_eq!(check(Method::GET, "/0123/", &[("host", host)]), Err(Refusal::Host), "{host}");
        }
        assert_eq!(check(Method::GET, "/0123/", &[]), Err(Refusal::Host));
        assert_eq!(check(Method::GET, "/0123/", &[ours, ours]), Err(Refusal::Host));
        for path in ["/", "/0124/", "/012/", "/01234/", "//0123/", "/x/0123/", ""] {
            assert_eq!(check(Method::GET, path, &[ours]), Err(Refusal::Token), "{path}");
        }
        assert_eq!(check(Method::POST, "/0123/run", &[ours]), Err(Refusal::Origin));
        assert_eq!(check(Method::POST, "/0123/run", &[ours, ("origin", "http://127.0.0.1:8000")]), Ok(()));
        for origin in ["null", "http://evil.example", "http://127.0.0.1:8001", "http://localhost:8000", "https://127.0.0.1:8000"]
        {
            assert_eq!(check(Method::POST, "/0123/run", &[ours, ("origin", origin)]), Err(Refusal::Origin), "{origin}");
            assert_eq!(check(Method::GET, "/0123/", &[ours, ("origin", origin)]), Err(Refusal::Origin), "{origin}");
        }
        assert_eq!(check(Method::GET, "/0123/", &[ours, ("sec-fetch-site", "cross-site")]), Err(Refusal::Origin));
    }

    #[test]
    fn told_to_listen_everywhere_it_answers_to_addresses_and_to_no_name() {
        let guard = Guard { token: "0123".to_owned(), address: "0.0.0.0:8000".parse().unwrap() };
        let check = |host: &str| guard.check(&Method::GET, "/0123/", &headers(&[("host", host)]));
        assert_eq!(check("192.168.1.7:8000"), Ok(()));
        assert_eq!(check("office.example:8000"), Err(Refusal::Host));
        assert_eq!(guard.url(), "http://127.0.0.1:8000/0123/");
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let address = "127.0.0.1:1".parse().unwrap();
        let (one, other) = (Guard::new(address).unwrap(), Guard::new(address).unwrap());
        assert_eq!(one.token.len(), 32);
        assert_ne!(one.token, other.token);
    }
}
