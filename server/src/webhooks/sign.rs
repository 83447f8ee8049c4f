//! Signatures of deliveries, as Standard Webhooks 1.0.0 has them: receivers find libraries that verify them.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::WebhookSecret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What secrets of that standard begin with; the rest is the key in base 64.
const PREFIX: &str = "whsec_";

/// The value of `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`, in base 64.
pub(super) fn signature(secret: &WebhookSecret, id: &str, timestamp: i64, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(&key(secret.expose())).expect("HMAC takes keys of every length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A secret that is not in the standard's form is the key as it stands.
fn key(secret: &str) -> Vec<u8> {
    let coded = secret.strip_prefix(PREFIX).and_then(|coded| STANDARD.decode(coded).ok());
    coded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_standards_own_example() {
        // From the test vectors of the standard's reference libraries.
        let secret = WebhookSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let told =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(told, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_without_the_prefix_is_its_own_key() {
        assert_eq!(key("0123456789abcdef"), b"0123456789abcdef");
        assert_eq!(key("whsec_!!not base 64!!"), b"whsec_!!not base 64!!");
        assert_eq!(key("whsec_MDEy"), b"012");
    }
}
