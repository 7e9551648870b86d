//! What an operator sets for one adapter: base URLs, secrets and settings.

use std::{collections::BTreeMap, fmt};

use url::Url;

use super::{OutboundError, error::shown, url::below};
use crate::contract::{Auth, Manifest, Pair};
use crate::upstream::Rates;

/// What an operator sets for one adapter. It holds secrets, so it can be printed but not serialised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    /// Base URLs in place of the manifest's, by origin name.
    pub base_urls: BTreeMap<String, BaseUrl>,
    /// Scheme, host and beginning of the path in place of those at which a token is asked for, by the name of the origin
    /// that wants it.
    pub token_base_urls: BTreeMap<String, BaseUrl>,
    /// The values of the secrets that the manifest names.
    pub secrets: Secrets,
    /// Chosen settings by name; those that are not here have the manifest's default.
    pub settings: BTreeMap<String, String>,
    /// What may be asked, by origin name; the manifest says it of those that are not here.
    pub rates: BTreeMap<String, Rates>,
}

impl Setup {
    /// A setup in which every origin is a fake platform below `base`, which gives tokens too, and every secret is set.
    ///
    /// # Errors
    /// [`OutboundError::BaseUrl`] when `base` is no base URL.
    pub fn fake(manifest: &Manifest, base: &str) -> Result<Self, OutboundError> {
        let mut secrets = Secrets::default();
        for name in secret_names(manifest) {
            secrets.set(name, "fake");
        }
        let base_urls = fake_base_urls(manifest, base)?;
        // What the real platform allows says nothing of a fake one.
        let rates = manifest.origins.iter().map(|origin| (origin.name.clone(), Rates::default())).collect();
        Ok(Self { token_base_urls: base_urls.clone(), base_urls, secrets, rates, ..Self::default() })
    }

    /// Every setting of the manifest with the value in force, in the manifest's order, as a query wants them.
    #[must_use]
    pub fn settings_in_force(&self, manifest: &Manifest) -> Vec<Pair> {
        let value = |name: &str, default: &str| self.settings.get(name).map_or(default, String::as_str).to_owned();
        manifest.settings.iter().map(|setting| (setting.name.clone(), value(&setting.name, &setting.default))).collect()
    }
}

/// An absolute `http` or `https` URL without login, query and fragment, below which requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL. A final slash makes no difference.
    ///
    /// # Errors
    /// [`OutboundError::BaseUrl`] names the rule that the text breaks, and repeats nothing that may be secret.
    pub fn parse(text: &str) -> Result<Self, OutboundError> {
        let refused = |url: String, reason| Err(OutboundError::BaseUrl { url, reason });
        let Ok(mut url) = Url::parse(text) else {
            // What is no URL can't be told apart into what is secret and what is not.
            return refused("that was given".into(), "it is not an absolute URL");
        };
        let bare = bare(&url);
        if !matches!(url.scheme(), "http" | "https") {
            return refused(bare, "it is neither http nor https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused(bare, "it contains a login");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refused(bare, "it contains a query or a fragment");
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The URL.
    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// The URL as text, without a final slash unless it has no path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Scheme, host and path of a URL: what can be shown of it.
fn bare(url: &Url) -> String {
    shown(&format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), if url.cannot_be_a_base() { "" } else { url.path() }))
}

/// Secrets by name. Printing shows the names; nothing serialises the values.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// Sets a secret. White space around the value is dropped, since files and terminals add line breaks; an
    /// empty value is the same as none.
    pub fn set(&mut self, name: impl Into<String>, value: &str) {
        self.0.insert(name.into(), value.trim().to_owned());
    }

    /// The value, where one is set.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether a value is set.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.0.keys().map(|name| (name, "…"))).finish()
    }
}

impl<N: Into<String>, V: AsRef<str>> FromIterator<(N, V)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut secrets = Self::default();
        for (name, value) in pairs {
            secrets.set(name, value.as_ref());
        }
        secrets
    }
}

/// The name under which a manifest's `extra` says that a platform answers without one of the secrets, too, only less
/// often or less of it. The value is the secret's name. Only secrets that are sent as they are can be left out.
pub const OPTIONAL_SECRET: &str = "optional-secret";

/// The secrets that the manifest names and needs and the operator did not set, in the manifest's order.
#[must_use]
pub fn missing_secrets(manifest: &Manifest, setup: &Setup) -> Vec<String> {
    secret_names(manifest).into_iter().filter(|name| !setup.secrets.has(name) && !is_optional(manifest, name)).collect()
}

/// The names of all secrets, each once and in the manifest's order, those included that can be left out.
#[must_use]
pub fn secret_names(manifest: &Manifest) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in manifest.origins.iter().flat_map(|origin| secrets_of(&origin.auth)) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Whether requests go without this secret where the operator did not set it. Neither an exchange nor a signature can
/// be made without.
pub(super) fn is_optional(manifest: &Manifest, secret: &str) -> bool {
    let is_said = manifest.extra.iter().any(|(name, value)| name == OPTIONAL_SECRET && value == secret);
    let takes_part = |auth: &Auth| matches!(auth, Auth::ClientCredentials(_) | Auth::Signed(_));
    is_said && !manifest.origins.iter().any(|origin| takes_part(&origin.auth) && secrets_of(&origin.auth).any(|name| name == secret))
}

/// The names of the secrets that one way to prove who is asking takes.
fn secrets_of(auth: &Auth) -> impl Iterator<Item = &String> {
    let (first, second) = match auth {
        Auth::None => (None, None),
        Auth::Header(credential) | Auth::Query(credential) => (Some(&credential.secret), None),
        Auth::Bearer(secret) => (Some(secret), None),
        Auth::ClientCredentials(client) => (Some(&client.id), Some(&client.secret)),
        Auth::Signed(signed) => (Some(&signed.key), Some(&signed.secret)),
    };
    first.into_iter().chain(second)
}

/// Where fake platforms serve an adapter's origins: `{fake}/{platform}/{origin}`.
///
/// # Errors
/// [`OutboundError::BaseUrl`] when `fake` is no base URL.
pub fn fake_base_urls(manifest: &Manifest, fake: &str) -> Result<BTreeMap<String, BaseUrl>, OutboundError> {
    let base = BaseUrl::parse(fake)?;
    let place = |origin: &str| below(&base, &format!("/{}/{origin}", manifest.platform)).map(BaseUrl);
    manifest.origins.iter().map(|origin| Ok((origin.name.clone(), place(&origin.name)?))).collect()
}
