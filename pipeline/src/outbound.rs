//! From a request as the adapter plans it to one that can be sent.
//!
//! This is where an adapter is kept within its origins. It names an origin that its manifest declares; the
//! URL is put together and encoded here, the credential is added here, and whatever could lead elsewhere,
//! carry someone else's credential or break the framing of the message is refused. Both runtimes send
//! nothing that did not come from [`build`].

mod error;
mod headers;
mod setup;
mod url;

use crate::{
    contract::{Auth, Manifest, Method, Origin, Request},
    limits::{FETCH_MS_MAX, REQUEST_BODY_BYTES_MAX, RESPONSE_BYTES_MAX},
    ports::HttpRequest,
};

pub use error::OutboundError;
pub use setup::{BaseUrl, Secrets, Setup, fake_base_urls, missing_secrets};

/// Makes a request ready to be sent: URL encoded, credential in place, limits set.
///
/// The path is data: `?`, `#`, `%` and `\` in it are encoded, and dot segments are refused, so that it always
/// stays below the base URL. Query parameters keep their order and may repeat.
///
/// # Errors
/// [`OutboundError`] says what can't be sent and whose doing that is. No text of it holds a secret.
pub fn build(manifest: &Manifest, setup: &Setup, request: &Request) -> Result<HttpRequest, OutboundError> {
    let origin = declared(manifest, &request.origin)?;
    check_body(request)?;
    let credential = Credential::of(origin, &setup.secrets)?;
    let base = match setup.base_urls.get(&origin.name) {
        Some(chosen) => chosen.clone(),
        None => BaseUrl::parse(&origin.base_url)?,
    };
    let url = url::build(&base, request, credential.query())?;
    let headers = headers::build(request, credential.header())?;
    Ok(HttpRequest {
        method: request.method,
        url,
        headers,
        body: request.body.clone(),
        timeout_ms: FETCH_MS_MAX,
        body_bytes_max: RESPONSE_BYTES_MAX,
    })
}

/// The origin of that name.
fn declared<'a>(manifest: &'a Manifest, name: &str) -> Result<&'a Origin, OutboundError> {
    manifest.origins.iter().find(|origin| origin.name == name).ok_or_else(|| OutboundError::UnknownOrigin {
        name: error::shown(name),
        declared: manifest.origins.iter().map(|origin| origin.name.clone()).collect(),
    })
}

/// Only a `POST` has a body, and not a long one.
fn check_body(request: &Request) -> Result<(), OutboundError> {
    match (&request.body, request.method) {
        (Some(_), Method::Get) => Err(OutboundError::BodyOnGet),
        (Some(body), Method::Post) if body.len() > REQUEST_BODY_BYTES_MAX => Err(OutboundError::BodyTooLong { bytes: body.len() }),
        _ => Ok(()),
    }
}

/// What proves to an origin who is asking. It is never printed.
enum Credential {
    None,
    /// Name in lower case, and value.
    Header(String, String),
    /// Name and value.
    Query(String, String),
}

impl Credential {
    /// The credential that the origin wants.
    fn of(origin: &Origin, secrets: &Secrets) -> Result<Self, OutboundError> {
        let secret = |name: &str| match secrets.get(name) {
            Some(value) => Ok(value.to_owned()),
            None => Err(OutboundError::MissingSecret { secret: name.to_owned(), origin: origin.name.clone() }),
        };
        let unsupported = |scheme: &str| Err(OutboundError::Unsupported { origin: origin.name.clone(), scheme: error::shown(scheme) });
        match &origin.auth {
            Auth::None => Ok(Self::None),
            Auth::Header(place) => {
                let value = headers::credential(&origin.name, &place.secret, secret(&place.secret)?)?;
                Ok(Self::Header(headers::credential_name(&origin.name, &place.name)?, value))
            }
            Auth::Bearer(name) => {
                let value = headers::credential(&origin.name, name, secret(name)?)?;
                Ok(Self::Header("authorization".into(), format!("Bearer {value}")))
            }
            Auth::Query(place) => Ok(Self::Query(place.name.clone(), secret(&place.secret)?)),
            Auth::ClientCredentials(_) => unsupported("client-credentials"),
            Auth::Signed(signed) => unsupported(&format!("signed({})", signed.scheme)),
        }
    }

    fn header(&self) -> Option<(&str, &str)> {
        if let Self::Header(name, value) = self { Some((name, value)) } else { None }
    }

    fn query(&self) -> Option<(&str, &str)> {
        if let Self::Query(name, value) = self { Some((name, value)) } else { None }
    }
}

#[cfg(test)]
mod tests;
