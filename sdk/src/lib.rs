//! What the author of an adapter depends on.
//!
//! An adapter is a type that implements [`Platform`] and is handed to [`export!`]. Its crate is both `cdylib`,
//! which becomes the component, and `rlib`, whose tests run natively:
//!
//! ```
//! use scout_sdk::{Enrichment, Fault, Hints, Manifest, Page, Platform, Query, Request, Response, json, status};
//!
//! struct Directory;
//!
//! impl Platform for Directory {
//!     fn describe() -> Manifest {
//!         Manifest {
//!             platform: "directory".into(),
//!             label: "Directory".into(),
//!             version: "1.0.0".into(),
//!             origins: vec![scout_sdk::Origin {
//!                 name: "api".into(),
//!                 base_url: "https://directory.test".into(),
//!                 auth: scout_sdk::Auth::None,
//!             }],
//!             enrichment: Enrichment::None,
//!             hints: Hints { page_size: 20, creators_per_keyword: 20, pages_per_keyword: 1, calls_per_minute: None },
//!             reports_views: false,
//!             settings: vec![],
//!             extra: vec![],
//!         }
//!     }
//!
//!     fn plan_search(query: &Query, _cursor: Option<&str>) -> Result<Request, Fault> {
//!         Ok(Request::get("api", "/people").with("q", query.keyword.as_str()))
//!     }
//!
//!     fn read_search(_query: &Query, _cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
//!         status::check(response)?;
//!         let body = json::Body::of(response);
//!         let answer: Answer<'_> = body.read()?;
//!         let people = answer.people.require("people")?;
//!         let creators = people.iter().filter_map(|person| {
//!             let mut creator = scout_sdk::Creator::named(person.id.get()?, person.handle.get()?)?;
//!             creator.followers = person.followers.get();
//!             Some(creator)
//!         });
//!         Ok(Page::of(creators.collect(), None))
//!     }
//! }
//!
//! #[derive(Default, serde::Deserialize)]
//! #[serde(default)]
//! struct Answer<'a> {
//!     #[serde(borrow)]
//!     people: json::List<Person<'a>>,
//! }
//!
//! #[derive(Default, serde::Deserialize)]
//! #[serde(default)]
//! struct Person<'a> {
//!     #[serde(borrow)]
//!     id: scout_sdk::text::Text<'a>,
//!     #[serde(borrow)]
//!     handle: scout_sdk::text::Text<'a>,
//!     followers: scout_sdk::counts::Count,
//! }
//!
//! scout_sdk::export!(Directory);
//!
//! let body = br#"{"people":[{"id":7,"handle":"@ana","followers":"1.2K followers"},{"id":null}]}"#;
//! let response = Response { status: 200, headers: vec![], body: body.to_vec() };
//! let query = Query { keyword: "yoga".into(), settings: vec![], extra: vec![] };
//! let page = Directory::read_search(&query, None, &response).unwrap();
//! assert_eq!(page.creators.len(), 1);
//! assert_eq!(page.creators[0].username, "ana");
//! assert_eq!(page.creators[0].followers, Some(1200));
//! ```
//!
//! The readers are lenient on purpose: platforms send one count as a number today and as text tomorrow. A field
//! of another type is *unknown*, a broken row is dropped alone, and what an answer lacks as a whole is a
//! [`Fault::Malformed`] that names the path.

pub mod contract;
pub mod counts;
pub mod durations;
pub mod flags;
pub mod json;
pub mod links;
pub mod markup;
pub mod paging;
mod platform;
pub mod provider;
mod scalar;
pub mod status;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod text;
pub mod times;

pub use contract::{
    Absence, Auth, ClientCredentials, Content, Creator, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Method, Origin,
    Outcome, Page, Planned, Profile, Query, Request, Response, Setting, Signed,
};
pub use platform::Platform;

/// Makes a type that implements [`Platform`] the one that the component exports.
///
/// Only WebAssembly exports: natively two adapters in one program would define the same symbols twice, so there
/// the macro checks that the type is a platform and gives it one name, `Exported`, by which programs that are made
/// for any adapter find it.
#[macro_export]
macro_rules! export {
    ($platform:ident) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
    $crate::contract::bindings::export_platform!($platform with_types_in $crate::contract::bindings);
        };
        #[cfg(not(target_arch = "wasm32"))]
        #[doc(hidden)]
        #[allow(dead_code, unreachable_pub, private_interfaces, reason = "in an adapter it stands at the crate's root")]
        pub type Exported = $platform;

        const _: fn() = || {
            fn is_a_platform<P: $crate::Platform>() {}
            is_a_platform::<$platform>();
        };
    };
}
