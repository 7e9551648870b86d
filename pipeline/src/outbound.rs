//! From a request as the adapter plans it to one that can be sent.
//!
//! This is where an adapter is kept within its origins. It names an origin that its manifest declares; the
//! URL is put together and encoded here, the credential is added here, and whatever could lead elsewhere,
//! carry someone else's credential or break the framing of the message is refused. What both runtimes send to platforms comes
//! from [`build`], or from [`exchange`] where a token is traded for.

mod error;
mod exchange;
mod headers;
mod setup;
mod signature;
mod url;

use crate::{
    contract::{Auth, Manifest, Method, Origin, Pair, Request},
    limits::{FETCH_MS_MAX, REQUEST_BODY_BYTES_MAX, RESPONSE_BYTES_MAX},
    ports::HttpRequest,
    time::Time,
    token::Token,
};

pub use error::OutboundError;
pub use exchange::{Exchange, exchange};
pub use setup::{BaseUrl, OPTIONAL_SECRET, Secrets, Setup, fake_base_urls, missing_secrets, secret_names};
pub use signature::SIGNATURES;

/// What some ways to prove who is asking take besides secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proof<'a> {
    /// The time, for signatures.
    pub now: Time,
    /// The token that the origin's [`exchange`] gave, where it has one.
    pub token: Option<&'a Token>,
}

/// Makes a request ready to be sent: URL encoded, credential in place, limits set.
///
/// The path is data: `?`, `#`, `%` and `\` in it are encoded, and dot segments are refused, so that it always
/// stays below the base URL. Query parameters keep their order and may repeat.
///
/// # Errors
/// [`OutboundError`] says what can't be sent and whose doing that is. No text of it holds a secret.
pub fn build(manifest: &Manifest, setup: &Setup, request: &Request, proof: &Proof<'_>) -> Result<HttpRequest, OutboundError> {
    let origin = declared(manifest, &request.origin)?;
    check_body(request)?;
    let credential = match Credential::of(origin, &setup.secrets, proof) {
        // Such a platform answers strangers as well.
        Err(OutboundError::MissingSecret { secret, .. }) if setup::is_optional(manifest, &secret) => Credential::None,
        given => given?,
    };
    let base = base_in_force(origin, setup)?;
    let url = url::build(&base, request, credential.query())?;
    let headers = headers::build(request, credential.headers())?;
    Ok(HttpRequest {
        method: request.method,
        url,
        headers,
        body: request.body.clone(),
        timeout_ms: FETCH_MS_MAX,
        body_bytes_max: RESPONSE_BYTES_MAX,
    })
}

/// Where requests to an origin go, as the operator or the manifest says; `None` where that is no base URL.
#[must_use]
pub fn base_url(origin: &Origin, setup: &Setup) -> Option<String> {
    base_in_force(origin, setup).ok().map(|base| base.as_str().to_owned())
}

fn base_in_force(origin: &Origin, setup: &Setup) -> Result<BaseUrl, OutboundError> {
    match setup.base_urls.get(&origin.name) {
        Some(chosen) => Ok(chosen.clone()),
        None => BaseUrl::parse(&origin.base_url),
    }
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
    /// Names in lower case, and values.
    Headers(Vec<Pair>),
    /// Name and value.
    Query(String, String),
}

impl Credential {
    /// The credential that the origin wants.
    fn of(origin: &Origin, secrets: &Secrets, proof: &Proof<'_>) -> Result<Self, OutboundError> {
        let header_value = |name: &str| headers::credential(&origin.name, name, secret(origin, secrets, name)?);
        match &origin.auth {
            Auth::None => Ok(Self::None),
            Auth::Header(place) => {
                Ok(Self::Headers(vec![(headers::credential_name(&origin.name, &place.name)?, header_value(&place.secret)?)]))
            }
            Auth::Bearer(name) => Ok(Self::Headers(vec![bearer(&header_value(name)?)])),
            Auth::Query(place) => Ok(Self::Query(place.name.clone(), secret(origin, secrets, &place.secret)?)),
            Auth::ClientCredentials(client) => {
                let token = proof.token.ok_or_else(|| OutboundError::MissingToken { origin: origin.name.clone() })?;
                let id_header =
                    client.id_header.as_deref().map(|name| Ok((headers::credential_name(&origin.name, name)?, header_value(&client.id)?)));
                Ok(Self::Headers(id_header.transpose()?.into_iter().chain([bearer(token.value())]).collect()))
            }
            Auth::Signed(signed) => {
                let (key, secret) = (header_value(&signed.key)?, secret(origin, secrets, &signed.secret)?);
                let unknown = || OutboundError::Unsupported {
                    origin: origin.name.clone(),
                    scheme: format!("signed({})", error::shown(&signed.scheme)),
                };
                signature::sign(&signed.scheme, &key, &secret, proof.now).map(Self::Headers).ok_or_else(unknown)
            }
        }
    }

    fn headers(&self) -> &[Pair] {
        if let Self::Headers(headers) = self { headers } else { &[] }
    }

    fn query(&self) -> Option<(&str, &str)> {
        if let Self::Query(name, value) = self { Some((name, value)) } else { None }
    }
}

fn bearer(value: &str) -> Pair {
    ("authorization".into(), format!("Bearer {value}"))
}

/// The value of a secret that an origin needs.
fn secret(origin: &Origin, secrets: &Secrets, name: &str) -> Result<String, OutboundError> {
    let missing = || OutboundError::MissingSecret { secret: name.to_owned(), origin: origin.name.clone() };
    secrets.get(name).map(str::to_owned).ok_or_else(missing)
}

#[cfg(test)]
mod tests;
