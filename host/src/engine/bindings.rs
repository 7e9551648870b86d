//! The host's side of the contract, and the translation between it and the types that the rules use.

use scout_pipeline::contract;

#[allow(missing_docs, unreachable_pub, reason = "generated from the contract, which documents every item")]
mod generated {
    wasmtime::component::bindgen!({ path: "../wit", world: "platform" });
}

pub(super) use generated::PlatformPre;
pub(super) use generated::exports::scout::adapter::adapter as wit;
pub(super) use wit::Guest;

impl From<wit::Manifest> for contract::Manifest {
    fn from(it: wit::Manifest) -> Self {
        Self {
            platform: it.platform,
            label: it.label,
            version: it.version,
            origins: it.origins.into_iter().map(Into::into).collect(),
            enrichment: it.enrichment.into(),
            hints: it.hints.into(),
            reports_views: it.reports_views,
            settings: it.settings.into_iter().map(Into::into).collect(),
            extra: it.extra,
        }
    }
}

impl From<wit::Origin> for contract::Origin {
    fn from(it: wit::Origin) -> Self {
        Self { name: it.name, base_url: it.base_url, auth: it.auth.into() }
    }
}

impl From<wit::Auth> for contract::Auth {
    fn from(it: wit::Auth) -> Self {
        match it {
            wit::Auth::None => Self::None,
            wit::Auth::Header(it) => Self::Header(it.into()),
            wit::Auth::Query(it) => Self::Query(it.into()),
            wit::Auth::Bearer(secret) => Self::Bearer(secret),
            wit::Auth::ClientCredentials(it) => Self::ClientCredentials(contract::ClientCredentials {
                token_url: it.token_url,
                id: it.id,
                secret: it.secret,
                id_header: it.id_header,
            }),
            wit::Auth::Signed(it) => Self::Signed(contract::Signed { scheme: it.scheme, key: it.key, secret: it.secret }),
        }
    }
}

impl From<wit::Credential> for contract::Credential {
    fn from(it: wit::Credential) -> Self {
        Self { name: it.name, secret: it.secret }
    }
}

impl From<wit::Enrichment> for contract::Enrichment {
    fn from(it: wit::Enrichment) -> Self {
        match it {
            wit::Enrichment::None => Self::None,
            wit::Enrichment::Optional(creators) => Self::Optional(creators),
            wit::Enrichment::Required(creators) => Self::Required(creators),
        }
    }
}

impl From<wit::Hints> for contract::Hints {
    fn from(it: wit::Hints) -> Self {
        Self {
            page_size: it.page_size,
            creators_per_keyword: it.creators_per_keyword,
            pages_per_keyword: it.pages_per_keyword,
            calls_per_minute: it.calls_per_minute,
        }
    }
}

impl From<wit::Setting> for contract::Setting {
    fn from(it: wit::Setting) -> Self {
        Self { name: it.name, default: it.default, doc: it.doc }
    }
}

impl From<&contract::Query> for wit::Query {
    fn from(it: &contract::Query) -> Self {
        Self { keyword: it.keyword.clone(), settings: it.settings.clone(), extra: it.extra.clone() }
    }
}

impl From<wit::Request> for contract::Request {
    fn from(it: wit::Request) -> Self {
        let method = match it.method {
            wit::Method::Get => contract::Method::Get,
            wit::Method::Post => contract::Method::Post,
        };
        Self { origin: it.origin, method, path: it.path, query: it.query, headers: it.headers, body: it.body }
    }
}

impl From<contract::Response> for wit::Response {
    fn from(it: contract::Response) -> Self {
        Self { status: it.status, headers: it.headers, body: it.body }
    }
}

impl From<wit::Page> for contract::Page {
    fn from(it: wit::Page) -> Self {
        Self { creators: it.creators.into_iter().map(Into::into).collect(), next: it.next }
    }
}

impl From<wit::Creator> for contract::Creator {
    fn from(it: wit::Creator) -> Self {
        Self {
            identity: it.identity,
            username: it.username,
            name: it.name,
            profile_url: it.profile_url,
            avatar_url: it.avatar_url,
            followers: it.followers,
            bio: it.bio,
            email: it.email,
            verified: it.verified,
            links: it.links,
            country: it.country,
            language: it.language,
            ids: it.ids,
            content: it.content.map(Into::into),
            complete: it.complete,
            extra: it.extra,
        }
    }
}

impl From<wit::Content> for contract::Content {
    fn from(it: wit::Content) -> Self {
        Self {
            id: it.id,
            url: it.url,
            description: it.description,
            thumbnail: it.thumbnail,
            views: it.views,
            likes: it.likes,
            comments: it.comments,
            shares: it.shares,
            posted_at: it.posted_at,
            duration: it.duration,
            hashtags: it.hashtags,
        }
    }
}

impl From<&contract::CreatorRef> for wit::CreatorRef {
    fn from(it: &contract::CreatorRef) -> Self {
        Self { identity: it.identity.clone(), username: it.username.clone(), ids: it.ids.clone() }
    }
}

impl From<wit::Planned> for contract::Planned {
    fn from(it: wit::Planned) -> Self {
        Self { request: it.request.into(), covers: it.covers }
    }
}

impl From<wit::Profile> for contract::Profile {
    fn from(it: wit::Profile) -> Self {
        Self { identity: it.identity, outcome: it.outcome.into() }
    }
}

impl From<wit::Outcome> for contract::Outcome {
    fn from(it: wit::Outcome) -> Self {
        match it {
            wit::Outcome::Enriched(creator) => Self::Enriched(creator.into()),
            wit::Outcome::Empty(absence) => Self::Empty(absence.into()),
            wit::Outcome::Failed(fault) => Self::Failed(fault.into()),
        }
    }
}

impl From<wit::Absence> for contract::Absence {
    fn from(it: wit::Absence) -> Self {
        match it {
            wit::Absence::Private => Self::Private,
            wit::Absence::Deactivated => Self::Deactivated,
            wit::Absence::Missing => Self::Missing,
            wit::Absence::Hidden => Self::Hidden,
        }
    }
}

impl From<wit::Fault> for contract::Fault {
    fn from(it: wit::Fault) -> Self {
        match it {
            wit::Fault::RateLimited(seconds) => Self::RateLimited(seconds),
            wit::Fault::Unauthorized(text) => Self::Unauthorized(text),
            wit::Fault::OutOfCredit(text) => Self::OutOfCredit(text),
            wit::Fault::Blocked(text) => Self::Blocked(text),
            wit::Fault::NotFound => Self::NotFound,
            wit::Fault::Unavailable(text) => Self::Unavailable(text),
            wit::Fault::Malformed(text) => Self::Malformed(text),
            wit::Fault::Unsupported(text) => Self::Unsupported(text),
            wit::Fault::Other(text) => Self::Other(text),
        }
    }
}
