//! Checks on public keys of other identity providers: which signatures a key may verify, and whether it is strong
//! enough.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use rsa::BigUint;

use super::rejection::Rejection;

/// Minimum size of RSA keys, as required by NIST SP 800-131A and RFC 7518.
pub(super) const MIN_RSA_BITS: usize = 2_048;

/// Returns the key, if it may verify signatures of this algorithm.
pub(super) fn verifying(key: &Jwk, algorithm: Algorithm) -> Result<DecodingKey, Rejection> {
    let (_, name) = algorithms(key)
        .iter()
        .find(|(possible, _)| *possible == algorithm)
        .ok_or_else(|| if algorithms(key).is_empty() { Rejection::UnsupportedKey } else { Rejection::Algorithm })?;
    if key.common.key_algorithm.is_some_and(|stated| stated != *name) {
        return Err(Rejection::Algorithm);
    }
    if !is_for_signatures(key) {
        return Err(Rejection::UnsupportedKey);
    }
    check_size(key)?;
    DecodingKey::from_jwk(key).map_err(|_| Rejection::UnsupportedKey)
}

/// Returns the algorithms allowed for a type of key. Shared secrets are not allowed among public keys.
fn algorithms(key: &Jwk) -> &'static [(Algorithm, KeyAlgorithm)] {
    #[allow(clippy::wildcard_enum_match_arm, reason = "whatever else a key is, it is none of these")]
    match &key.algorithm {
        AlgorithmParameters::RSA(_) => {
            &[(Algorithm::RS256, KeyAlgorithm::RS256), (Algorithm::PS256, KeyAlgorithm::PS256)]
        }
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => &[(Algorithm::ES256, KeyAlgorithm::ES256)],
            EllipticCurve::P384 => &[(Algorithm::ES384, KeyAlgorithm::ES384)],
            _ => &[],
        },
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            &[(Algorithm::EdDSA, KeyAlgorithm::EdDSA)]
        }
        _ => &[],
    }
}

fn is_for_signatures(key: &Jwk) -> bool {
    let common = &key.common;
    common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

/// Rejects RSA keys that are too short.
pub(super) fn check_size(key: &Jwk) -> Result<(), Rejection> {
    let AlgorithmParameters::RSA(rsa) = &key.algorithm else { return Ok(()) };
    let modulus = BASE64_URL_SAFE_NO_PAD.decode(rsa.n.trim_end_matches('=')).map_err(|_| Rejection::UnsupportedKey)?;
    if BigUint::from_bytes_be(&modulus).bits() < MIN_RSA_BITS { Err(Rejection::KeyTooShort) } else { Ok(()) }
}
