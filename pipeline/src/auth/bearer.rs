//! What a request presents. It is a secret whatever it is, and never printed.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{ApiKey, Denied, Jwt, LOCAL};
use crate::limits::BEARER_BYTES_MAX;

/// The token of a request, as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Presented(String);

/// What a token is by its form; whether it is worth anything is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The word that stands for one's own machine.
    Local,
    /// An API key.
    Key(ApiKey),
    /// A signed token.
    Jwt(Jwt),
}

impl Presented {
    /// Takes the token out of an `Authorization` header.
    ///
    /// # Errors
    /// [`Denied::NoToken`] without a header, [`Denied::NotBearer`] for another scheme or characters that no token has,
    /// [`Denied::TooLong`] beyond [`BEARER_BYTES_MAX`].
    pub fn read(header: Option<&str>) -> Result<Presented, Denied> {
        let header = header.ok_or(Denied::NoToken)?.trim();
        let (scheme, token) = header.split_once(' ').ok_or(Denied::NotBearer)?;
        let token = token.trim_start();
        if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
            return Err(Denied::NotBearer);
        }
        if token.len() > BEARER_BYTES_MAX {
            return Err(Denied::TooLong);
        }
        match token.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(Presented(token.to_owned())),
            false => Err(Denied::NotBearer),
        }
    }

    /// Whether it is this secret. How long the answer takes says nothing about how much of it is right.
    #[must_use]
    pub fn is(&self, secret: &str) -> bool {
        // Of the digests, so that the lengths say nothing either.
        Sha256::digest(&self.0).ct_eq(&Sha256::digest(secret)).into()
    }

    /// What it is by its form.
    ///
    /// # Errors
    /// It is none of the kinds, or can't be read as the one that it looks like.
    pub fn credential(&self) -> Result<Credential, Denied> {
        match &*self.0 {
            LOCAL => Ok(Credential::Local),
            text if text.starts_with(ApiKey::BEGINNING) => ApiKey::read(text).map(Credential::Key).ok_or(Denied::ApiKey),
            text if text.contains('.') => Jwt::read(text).map(Credential::Jwt),
            _ => Err(Denied::Unrecognized),
        }
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Presented").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<Presented, Denied> {
        Presented::read(Some(header))
    }

    #[test]
    fn no_header_and_another_scheme_are_told_apart() {
        assert_eq!(Presented::read(None), Err(Denied::NoToken));
        for header in ["", "local", "Bearer", "Bearer ", "Basic local", "Bearer a b", "Bearer a, Bearer b", "Bearer é", "Bearer a\tb"] {
            assert_eq!(read(header), Err(Denied::NotBearer), "{header}");
        }
    }

    #[test]
    fn the_scheme_is_known_in_any_case_and_with_any_spaces() {
        for header in ["Bearer local", "bearer  local ", "BEARER local"] {
            assert_eq!(read(header).unwrap().credential(), Ok(Credential::Local), "{header}");
        }
    }

    #[test]
    fn a_token_may_be_as_long_as_the_limit_and_no_longer() {
        assert!(read(&format!("Bearer {}", "a".repeat(BEARER_BYTES_MAX))).is_ok());
        assert_eq!(read(&format!("Bearer {}", "a".repeat(BEARER_BYTES_MAX + 1))), Err(Denied::TooLong));
    }

    #[test]
    fn a_secret_is_known_by_the_whole_of_it() {
        let presented = read("Bearer operator").unwrap();
        assert!(presented.is("operator"));
        for other in ["", "operato", "operator2", "Operator"] {
            assert!(!presented.is(other), "{other}");
        }
    }

    #[test]
    fn what_has_no_known_form_is_refused_by_it() {
        for (token, denied) in [
            ("Local", Denied::Unrecognized),
            ("sk", Denied::Unrecognized),
            ("sk_", Denied::ApiKey),
            ("sk_short", Denied::ApiKey),
            ("a.b", Denied::Malformed),
            ("..", Denied::Malformed),
        ] {
            assert_eq!(read(&format!("Bearer {token}")).unwrap().credential(), Err(denied), "{token}");
        }
    }

    #[test]
    fn nothing_that_is_printed_holds_the_token() {
        assert!(!format!("{:?}", read("Bearer t0k3n").unwrap()).contains("t0k3n"));
    }
}
