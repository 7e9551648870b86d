//! Goal: natively, several adapters stand side by side in one program. Were the macro to export symbols here, this
//! file would define each of them twice and not even compile.

#![allow(clippy::panic, reason = "a panic is a failed test")]

/// A platform that knows nothing but its name.
macro_rules! platform {
    ($module:ident, $name:literal) => {
        mod $module {
            use scout_sdk::{Enrichment, Fault, Hints, Manifest, Page, Platform, Query, Request, Response};

            pub(crate) struct Named;

            scout_sdk::export!(Named);

            impl Platform for Named {
                fn describe() -> Manifest {
                    Manifest {
                        platform: $name.into(),
                        label: $name.into(),
                        version: "1.0.0".into(),
                        origins: Vec::new(),
                        enrichment: Enrichment::None,
                        hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
                        reports_views: false,
                        settings: Vec::new(),
                        extra: Vec::new(),
                    }
                }

                fn plan_search(_: &Query, _: Option<&str>) -> Result<Request, Fault> {
                    Err(Fault::Unsupported($name.into()))
                }

                fn read_search(_: &Query, _: Option<&str>, _: &Response) -> Result<Page, Fault> {
                    Err(Fault::Unsupported($name.into()))
                }
            }
        }
    };
}

platform!(one, "one");
platform!(other, "other");

#[test]
fn two_platforms_stand_side_by_side_in_one_program() {
    use scout_sdk::Platform;
    assert_eq!(one::Named::describe().platform, "one");
    assert_eq!(other::Named::describe().platform, "other");
}
