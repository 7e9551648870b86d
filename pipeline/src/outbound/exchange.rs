//! The exchange of id and secret for a token: which request asks for one (RFC 6749, section 4.4.2).

use url::{Url, form_urlencoded};

use super::{BaseUrl, OutboundError, Setup, declared, headers, setup::Secrets};
use crate::{
    contract::{Auth, ClientCredentials, Manifest, Method, Origin, Request},
    limits::{TOKEN_ANSWER_BYTES_MAX, TOKEN_MS_MAX},
    ports::HttpRequest,
    token::TokenKey,
};

/// How to come by the token that an origin wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Whose token it is.
    pub key: TokenKey,
    /// The request that asks for one. It carries the secret in its body.
    pub request: HttpRequest,
}

/// The exchange that has to precede this request where no token is kept, or `None` when its origin wants no token.
///
/// # Errors
/// [`OutboundError`] when the origin is unknown, or id, secret or token URL can't be used.
pub fn exchange(manifest: &Manifest, setup: &Setup, request: &Request) -> Result<Option<Exchange>, OutboundError> {
    let origin = declared(manifest, &request.origin)?;
    match &origin.auth {
        Auth::ClientCredentials(client) => prepared(origin, client, setup).map(Some),
        _ => Ok(None),
    }
}

fn prepared(origin: &Origin, client: &ClientCredentials, setup: &Setup) -> Result<Exchange, OutboundError> {
    let url = token_url(&client.token_url, setup.token_base_urls.get(&origin.name))?;
    let (id, secret) = credentials(origin, client, &setup.secrets)?;
    let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    let request = HttpRequest {
        method: Method::Post,
        url: url.clone(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        body: Some(body.into_bytes()),
        timeout_ms: TOKEN_MS_MAX,
        body_bytes_max: TOKEN_ANSWER_BYTES_MAX,
    };
    Ok(Exchange { key: TokenKey::new(url, id, secret), request })
}

/// Id and secret. The id may have to stand in a header later, so it is checked before anything is sent.
fn credentials(origin: &Origin, client: &ClientCredentials, secrets: &Secrets) -> Result<(String, String), OutboundError> {
    let id = super::secret(origin, secrets, &client.id)?;
    Ok((headers::credential(&origin.name, &client.id, id)?, super::secret(origin, secrets, &client.secret)?))
}

/// Where the token is asked for: as declared, or with the operator's scheme, host and path before the declared path.
fn token_url(declared: &str, base: Option<&BaseUrl>) -> Result<String, OutboundError> {
    let refused = |_| OutboundError::BaseUrl { url: "of the token".into(), reason: "it is not an absolute URL" };
    let declared = Url::parse(declared).map_err(refused)?;
    let Some(base) = base else { return Ok(declared.into()) };
    let mut url = base.url().clone();
    url.set_path(&format!("{}{}", base.url().path().trim_end_matches('/'), declared.path()));
    url.set_query(declared.query());
    Ok(url.into())
}
