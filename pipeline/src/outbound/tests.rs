//! Both sides of every rule that keeps an adapter within its origins.

use super::*;
use crate::{
    contract::{ClientCredentials, Credential as Place, Enrichment, Hints, Pair, Response, Setting, Signed},
    limits::{REQUEST_HEADER_BYTES_MAX, REQUEST_HEADERS_MAX, TOKEN_ANSWER_BYTES_MAX, TOKEN_MS_MAX, URL_BYTES_MAX},
};

const KEY: &str = "k3y-that-nobody-may-see";

fn manifest(auth: Auth) -> Manifest {
    Manifest {
        platform: "video".into(),
        label: "Video".into(),
        version: "1.0.0".into(),
        origins: vec![
            Origin { name: "api".into(), base_url: "https://api.video.test/v1".into(), auth },
            Origin { name: "web".into(), base_url: "https://video.test".into(), auth: Auth::None },
        ],
        enrichment: Enrichment::None,
        hints: Hints { page_size: 10, creators_per_keyword: 25, pages_per_keyword: 1, calls_per_minute: None },
        reports_views: false,
        settings: vec![
            Setting { name: "search".into(), default: "top".into(), doc: "Which search is asked.".into() },
            Setting { name: "region".into(), default: "any".into(), doc: "Which region is searched.".into() },
        ],
        extra: vec![],
    }
}

fn setup() -> Setup {
    Setup { secrets: Secrets::from_iter([("KEY", KEY)]), ..Setup::default() }
}

fn request(path: &str) -> Request {
    Request { origin: "api".into(), method: Method::Get, path: path.into(), query: vec![], headers: vec![], body: None }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<Pair> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn built(request: &Request) -> Result<HttpRequest, OutboundError> {
    build(&manifest(Auth::None), &setup(), request, &Proof::default())
}

fn url(path: &str) -> String {
    built(&request(path)).unwrap().url
}

fn with_query(query: &[(&str, &str)]) -> Request {
    Request { query: pairs(query), ..request("/search") }
}

fn with_headers(headers: &[(&str, &str)]) -> Request {
    Request { headers: pairs(headers), ..request("/search") }
}

fn header_auth(name: &str) -> Auth {
    Auth::Header(Place { name: name.into(), secret: "KEY".into() })
}

fn query_auth() -> Auth {
    Auth::Query(Place { name: "key".into(), secret: "KEY".into() })
}

#[test]
fn a_path_goes_below_the_base() {
    assert_eq!(url("/search"), "https://api.video.test/v1/search");
    assert_eq!(url("/users/ana/"), "https://api.video.test/v1/users/ana/");
    assert_eq!(url("/"), "https://api.video.test/v1/");
    let web = Request { origin: "web".into(), ..request("/a/b") };
    assert_eq!(built(&web).unwrap().url, "https://video.test/a/b");
}

#[test]
fn a_path_is_data_and_is_encoded() {
    assert_eq!(url("/a?b#c"), "https://api.video.test/v1/a%3Fb%23c");
    assert_eq!(url("/100%/%2e%2e/x"), "https://api.video.test/v1/100%25/%252e%252e/x");
    assert_eq!(url("/a\\..\\b"), "https://api.video.test/v1/a%5C..%5Cb");
    assert_eq!(url("/hot yoga/é"), "https://api.video.test/v1/hot%20yoga/%C3%A9");
    assert_eq!(url("/@ana:b/a//b"), "https://api.video.test/v1/@ana:b/a//b");
}

#[test]
fn a_path_can_only_lead_down() {
    for path in [
        "",
        "search",
        "//evil.test/x",
        "/..",
        "/a/../b",
        "/a/.",
        "/a/..",
        "https://evil.test",
        "/a\n",
        "/.\t./x",
        "\\\\evil.test",
        "@evil.test",
    ] {
        let error = built(&request(path)).unwrap_err();
        assert!(matches!(error, OutboundError::Path { .. }), "{path}: {error}");
    }
}

#[test]
fn query_parameters_keep_their_order_and_may_repeat() {
    let url = built(&with_query(&[("q", "hot yoga&x=1"), ("actors", "b"), ("actors", "a"), ("é", "+#%")])).unwrap().url;
    assert_eq!(url, "https://api.video.test/v1/search?q=hot+yoga%26x%3D1&actors=b&actors=a&%C3%A9=%2B%23%25");
}

#[test]
fn a_request_carries_the_limits_of_the_host() {
    let ready = built(&request("/search")).unwrap();
    assert_eq!((ready.timeout_ms, ready.body_bytes_max, ready.headers, ready.body), (FETCH_MS_MAX, RESPONSE_BYTES_MAX, vec![], None));
}

#[test]
fn an_origin_must_be_declared() {
    let error = built(&Request { origin: "evil".into(), ..request("/x") }).unwrap_err();
    assert_eq!(error.to_string(), "the request goes to the origin evil, and the adapter declares api, web");
    assert!(!error.is_about_credentials());
}

#[test]
fn a_secret_goes_where_the_manifest_says() {
    let sent = |auth| build(&manifest(auth), &setup(), &with_query(&[("q", "x")]), &Proof::default()).unwrap();
    assert_eq!(sent(header_auth("X-Api-Key")).headers, pairs(&[("x-api-key", KEY)]));
    assert_eq!(sent(header_auth("Authorization")).headers, pairs(&[("authorization", KEY)]));
    assert_eq!(sent(Auth::Bearer("KEY".into())).headers, pairs(&[("authorization", &format!("Bearer {KEY}"))]));
    assert_eq!(sent(query_auth()).url, format!("https://api.video.test/v1/search?q=x&key={KEY}"));
}

#[test]
fn a_secret_goes_to_its_own_origin_only() {
    let web = Request { origin: "web".into(), ..request("/x") };
    let ready = build(&manifest(query_auth()), &setup(), &web, &Proof::default()).unwrap();
    assert!(!ready.url.contains(KEY) && ready.headers.is_empty());
}

#[test]
fn a_missing_secret_is_named_with_its_origin() {
    for secrets in [Secrets::default(), Secrets::from_iter([("KEY", " \n")])] {
        let error = build(&manifest(query_auth()), &Setup { secrets, ..Setup::default() }, &request("/x"), &Proof::default()).unwrap_err();
        assert_eq!(error, OutboundError::MissingSecret { secret: "KEY".into(), origin: "api".into() });
        assert!(error.is_about_credentials() && error.hint().contains("KEY"));
    }
}

#[test]
fn line_breaks_around_a_secret_are_dropped_and_inside_refused() {
    let sent = |value: &str| {
        let setup = Setup { secrets: Secrets::from_iter([("KEY", value)]), ..Setup::default() };
        build(&manifest(header_auth("x-api-key")), &setup, &request("/x"), &Proof::default())
    };
    assert_eq!(sent("abc\r\n").unwrap().headers, pairs(&[("x-api-key", "abc")]));
    let error = sent("s3cret\r\nhost: evil.test").unwrap_err();
    assert_eq!(error, OutboundError::UnusableSecret { secret: "KEY".into(), origin: "api".into() });
    assert!(error.is_about_credentials());
}

fn signed(scheme: &str) -> Auth {
    Auth::Signed(Signed { scheme: scheme.into(), key: "ID".into(), secret: "KEY".into() })
}

fn client(id_header: Option<&str>) -> Auth {
    let token_url = "https://id.video.test/oauth2/token?for=api".into();
    Auth::ClientCredentials(ClientCredentials { token_url, id: "ID".into(), secret: "KEY".into(), id_header: id_header.map(Into::into) })
}

fn with_id() -> Setup {
    Setup { secrets: Secrets::from_iter([("KEY", KEY), ("ID", "ana&co")]), ..Setup::default() }
}

fn token() -> Token {
    let response = Response { status: 200, headers: vec![], body: br#"{"access_token":"t0k3n"}"#.into() };
    Token::read(&response, Time(0)).unwrap()
}

#[test]
fn a_scheme_that_no_host_knows_is_refused_by_name() {
    let error = build(&manifest(signed("hmac-2")), &with_id(), &request("/x"), &Proof::default()).unwrap_err();
    assert_eq!(error, OutboundError::Unsupported { origin: "api".into(), scheme: "signed(hmac-2)".into() });
    assert!(error.is_about_credentials());
}

#[test]
fn a_request_is_signed_at_the_time_that_is_given() {
    let sent = |seconds: u64| {
        let proof = Proof { now: Time(seconds * 1_000), token: None };
        build(&manifest(signed(SIGNATURES[0])), &with_id(), &request("/x"), &proof).unwrap().headers
    };
    let names: Vec<String> = sent(1).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["x-auth-key", "x-auth-date", "authorization"]);
    assert_eq!(sent(1)[..2], pairs(&[("x-auth-key", "ana&co"), ("x-auth-date", "1")]));
    assert_ne!(sent(1)[2], sent(2)[2]);
    assert!(sent(1).iter().all(|(_, value)| !value.contains(KEY)));
}

#[test]
fn every_header_of_a_signature_is_the_hosts_to_set() {
    for name in ["X-Auth-Key", "x-auth-date", "authorization"] {
        let error = build(&manifest(signed(SIGNATURES[0])), &with_id(), &with_headers(&[(name, "mine")]), &Proof::default()).unwrap_err();
        assert_eq!(error, OutboundError::ReservedHeader { name: name.to_lowercase() });
    }
}

#[test]
fn a_signature_takes_both_of_its_secrets() {
    let error = build(&manifest(signed(SIGNATURES[0])), &setup(), &request("/x"), &Proof::default()).unwrap_err();
    assert_eq!(error, OutboundError::MissingSecret { secret: "ID".into(), origin: "api".into() });
    let folded = Setup { secrets: Secrets::from_iter([("KEY", KEY), ("ID", "a\nb")]), ..Setup::default() };
    let error = build(&manifest(signed(SIGNATURES[0])), &folded, &request("/x"), &Proof::default()).unwrap_err();
    assert_eq!(error, OutboundError::UnusableSecret { secret: "ID".into(), origin: "api".into() });
}

#[test]
fn an_exchange_posts_id_and_secret_as_a_form() {
    let exchange = exchange(&manifest(client(None)), &with_id(), &request("/x")).unwrap().unwrap();
    let HttpRequest { method, url, headers, body, timeout_ms, body_bytes_max } = exchange.request;
    assert_eq!((method, url.as_str()), (Method::Post, "https://id.video.test/oauth2/token?for=api"));
    assert_eq!(headers, pairs(&[("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")]));
    let form = format!("grant_type=client_credentials&client_id=ana%26co&client_secret={KEY}");
    assert_eq!(String::from_utf8(body.unwrap()).unwrap(), form);
    assert_eq!((timeout_ms, body_bytes_max), (TOKEN_MS_MAX, TOKEN_ANSWER_BYTES_MAX));
}

#[test]
fn an_operator_may_have_tokens_asked_for_elsewhere() {
    for (base, url) in [
        ("http://localhost:9000", "http://localhost:9000/oauth2/token?for=api"),
        ("http://localhost:9000/video/api/", "http://localhost:9000/video/api/oauth2/token?for=api"),
    ] {
        let token_base_urls = [("api".to_owned(), BaseUrl::parse(base).unwrap())].into();
        let exchange = exchange(&manifest(client(None)), &Setup { token_base_urls, ..with_id() }, &request("/x"));
        assert_eq!(exchange.unwrap().unwrap().request.url, url);
    }
}

#[test]
fn only_an_origin_that_wants_a_token_has_an_exchange() {
    let web = Request { origin: "web".into(), ..request("/x") };
    assert_eq!(exchange(&manifest(client(None)), &with_id(), &web), Ok(None));
    assert_eq!(exchange(&manifest(query_auth()), &with_id(), &request("/x")), Ok(None));
    let evil = Request { origin: "evil".into(), ..request("/x") };
    assert!(matches!(exchange(&manifest(client(None)), &with_id(), &evil), Err(OutboundError::UnknownOrigin { .. })));
}

#[test]
fn an_exchange_takes_an_id_that_a_header_can_carry_and_a_secret() {
    let refused = |secrets: &[(&str, &str)]| {
        let setup = Setup { secrets: Secrets::from_iter(secrets.iter().copied()), ..Setup::default() };
        exchange(&manifest(client(None)), &setup, &request("/x")).unwrap_err()
    };
    assert_eq!(refused(&[("ID", "a")]), OutboundError::MissingSecret { secret: "KEY".into(), origin: "api".into() });
    assert_eq!(refused(&[("KEY", "a")]), OutboundError::MissingSecret { secret: "ID".into(), origin: "api".into() });
    assert_eq!(refused(&[("KEY", "a"), ("ID", "a\nb")]), OutboundError::UnusableSecret { secret: "ID".into(), origin: "api".into() });
}

#[test]
fn a_token_is_sent_as_a_bearer_and_the_id_beside_it_where_the_platform_wants_it() {
    let token = token();
    let sent = |id_header| {
        let proof = Proof { now: Time(0), token: Some(&token) };
        build(&manifest(client(id_header)), &with_id(), &request("/x"), &proof).unwrap().headers
    };
    assert_eq!(sent(None), pairs(&[("authorization", "Bearer t0k3n")]));
    assert_eq!(sent(Some("Client-Id")), pairs(&[("client-id", "ana&co"), ("authorization", "Bearer t0k3n")]));
}

#[test]
fn without_its_token_nothing_is_sent() {
    let error = build(&manifest(client(None)), &with_id(), &request("/x"), &Proof::default()).unwrap_err();
    assert_eq!(error, OutboundError::MissingToken { origin: "api".into() });
    assert!(error.is_about_credentials() && !error.hint().is_empty());
}

#[test]
fn the_header_of_the_id_is_the_hosts_to_set() {
    let token = token();
    let proof = Proof { now: Time(0), token: Some(&token) };
    let error = build(&manifest(client(Some("Client-Id"))), &with_id(), &with_headers(&[("client-ID", "mine")]), &proof).unwrap_err();
    assert_eq!(error, OutboundError::ReservedHeader { name: "client-id".into() });
    let error = build(&manifest(client(Some("Host"))), &with_id(), &request("/x"), &proof).unwrap_err();
    assert!(matches!(error, OutboundError::Unsupported { .. }), "{error}");
}

#[test]
fn a_fake_setup_gives_tokens_too() {
    let fake = Setup::fake(&manifest(client(None)), "http://localhost:9000/fake").unwrap();
    let exchange = exchange(&manifest(client(None)), &fake, &request("/x")).unwrap().unwrap();
    assert_eq!(exchange.request.url, "http://localhost:9000/fake/video/api/oauth2/token?for=api");
}

#[test]
fn nothing_that_is_printed_of_an_exchange_holds_a_secret() {
    let exchange = exchange(&manifest(client(None)), &with_id(), &request("/x")).unwrap();
    let printed = format!("{exchange:?}");
    assert!(!printed.contains(KEY) && !printed.contains("ana"), "{printed}");
}

#[test]
fn a_credential_in_a_framing_header_is_refused() {
    let error = build(&manifest(header_auth("Content-Length")), &setup(), &request("/x"), &Proof::default()).unwrap_err();
    assert!(matches!(error, OutboundError::Unsupported { .. }), "{error}");
    let error = build(&manifest(header_auth("x key")), &setup(), &request("/x"), &Proof::default()).unwrap_err();
    assert!(matches!(error, OutboundError::Header { .. }), "{error}");
}

#[test]
fn header_names_are_sent_in_lower_case() {
    let ready = built(&with_headers(&[("Accept", "application/json"), ("X-Two", "a\tb ~")])).unwrap();
    assert_eq!(ready.headers, pairs(&[("accept", "application/json"), ("x-two", "a\tb ~")]));
}

#[test]
fn headers_that_are_the_hosts_are_refused() {
    let names = [
        "Authorization",
        "cookie",
        "HOST",
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "Proxy-Authorization",
        "te",
        "upgrade",
        "accept-encoding",
    ];
    for name in names {
        let error = built(&with_headers(&[(name, "x")])).unwrap_err();
        assert_eq!(error, OutboundError::ReservedHeader { name: name.to_lowercase() });
    }
}

#[test]
fn the_place_of_the_credential_is_refused() {
    let header =
        build(&manifest(header_auth("X-Api-Key")), &setup(), &with_headers(&[("x-API-key", "mine")]), &Proof::default()).unwrap_err();
    assert_eq!(header, OutboundError::ReservedHeader { name: "x-api-key".into() });
    let query = build(&manifest(query_auth()), &setup(), &with_query(&[("key", "mine")]), &Proof::default()).unwrap_err();
    assert_eq!(query, OutboundError::CredentialParameter { name: "key".into() });
}

#[test]
fn headers_can_not_break_out_of_their_line() {
    for (name, value) in
        [("x-a", "b\r\nhost: evil.test"), ("x-a", "b\0"), ("x-a", "é"), ("x a", "b"), ("", "b"), ("x-a:", "b"), ("x\r\ny", "b")]
    {
        let error = built(&with_headers(&[(name, value)])).unwrap_err();
        assert!(matches!(error, OutboundError::Header { .. }), "{name:?}: {error}");
        assert!(!error.to_string().contains('\n') && !error.to_string().contains("evil"), "{error}");
    }
}

#[test]
fn the_number_of_headers_ends_at_its_limit() {
    let many = |count: usize| Request { headers: vec![("x-a".into(), "b".into()); count], ..request("/x") };
    assert_eq!(built(&many(REQUEST_HEADERS_MAX)).unwrap().headers.len(), REQUEST_HEADERS_MAX);
    assert_eq!(built(&many(REQUEST_HEADERS_MAX + 1)), Err(OutboundError::TooManyHeaders { count: REQUEST_HEADERS_MAX + 1 }));
}

#[test]
fn the_length_of_headers_ends_at_its_limit() {
    let long = |bytes: usize| with_headers(&[("x-a", &"b".repeat(bytes - 3))]);
    assert!(built(&long(REQUEST_HEADER_BYTES_MAX)).is_ok());
    assert_eq!(built(&long(REQUEST_HEADER_BYTES_MAX + 1)), Err(OutboundError::HeadersTooLong { bytes: REQUEST_HEADER_BYTES_MAX + 1 }));
}

#[test]
fn the_length_of_a_url_ends_at_its_limit() {
    let base = "https://api.video.test/v1/".len();
    let long = |bytes: usize| request(&format!("/{}", "a".repeat(bytes - base)));
    assert_eq!(built(&long(URL_BYTES_MAX)).unwrap().url.len(), URL_BYTES_MAX);
    assert_eq!(built(&long(URL_BYTES_MAX + 1)), Err(OutboundError::UrlTooLong { bytes: URL_BYTES_MAX + 1 }));
    assert!(matches!(built(&request(&format!("/{}", "é".repeat(3_000)))), Err(OutboundError::UrlTooLong { .. })), "encoded length counts");
    assert!(matches!(built(&with_query(&[("q", &"x".repeat(10_000_000))])), Err(OutboundError::UrlTooLong { .. })));
}

#[test]
fn only_a_post_has_a_body_and_it_is_limited() {
    let with_body = |method, bytes: usize| built(&Request { method, body: Some(vec![b'x'; bytes]), ..request("/x") });
    assert_eq!(with_body(Method::Post, REQUEST_BODY_BYTES_MAX).unwrap().body.unwrap().len(), REQUEST_BODY_BYTES_MAX);
    assert_eq!(with_body(Method::Post, REQUEST_BODY_BYTES_MAX + 1), Err(OutboundError::BodyTooLong { bytes: REQUEST_BODY_BYTES_MAX + 1 }));
    assert_eq!(with_body(Method::Get, 0), Err(OutboundError::BodyOnGet));
}

#[test]
fn an_operator_may_put_another_base_in_its_place() {
    let base_urls = [("api".to_owned(), BaseUrl::parse("http://localhost:9000/x/").unwrap())].into();
    let ready = build(&manifest(Auth::None), &Setup { base_urls, ..setup() }, &request("/search"), &Proof::default()).unwrap();
    assert_eq!(ready.url, "http://localhost:9000/x/search");
}

#[test]
fn a_base_url_is_absolute_and_nothing_but_a_place() {
    assert_eq!(BaseUrl::parse("http://127.0.0.1:9000/").unwrap().as_str(), "http://127.0.0.1:9000/");
    assert_eq!(BaseUrl::parse("https://a.test/b/").unwrap().as_str(), "https://a.test/b");
    for text in [
        "",
        "a.test",
        "/x",
        "ftp://a.test",
        "file:///etc",
        "mailto:a@b.test",
        "https://",
        "http://u@a.test",
        "http://u:pw@a.test",
        "http://a.test?x=1",
        "http://a.test/#f",
    ] {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(matches!(error, OutboundError::BaseUrl { .. }), "{text}");
        assert!(!error.to_string().contains("pw") && error.hint().contains("http://"), "{error}");
    }
}

#[test]
fn a_fake_setup_needs_no_key_and_no_network() {
    let manifest = manifest(query_auth());
    let fake = Setup::fake(&manifest, "http://localhost:9000/fake/").unwrap();
    let urls: Vec<(&str, &str)> = fake.base_urls.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
    assert_eq!(urls, [("api", "http://localhost:9000/fake/video/api"), ("web", "http://localhost:9000/fake/video/web")]);
    assert_eq!(missing_secrets(&manifest, &fake), Vec::<String>::new());
    assert_eq!(build(&manifest, &fake, &request("/s"), &Proof::default()).unwrap().url, "http://localhost:9000/fake/video/api/s?key=fake");
    assert!(matches!(Setup::fake(&manifest, "localhost"), Err(OutboundError::BaseUrl { .. })));
}

#[test]
fn a_fake_place_can_not_be_left_by_a_strange_name() {
    let strange = Manifest { platform: "..".into(), ..manifest(Auth::None) };
    assert!(matches!(fake_base_urls(&strange, "http://localhost:9000"), Err(OutboundError::Path { .. })));
}

#[test]
fn missing_secrets_are_listed_once_each() {
    let mut needy = manifest(Auth::Bearer("KEY".into()));
    needy.origins[1].auth = Auth::Signed(Signed { scheme: "hmac".into(), key: "OTHER".into(), secret: "KEY".into() });
    assert_eq!(missing_secrets(&needy, &Setup::default()), ["KEY", "OTHER"]);
    assert_eq!(missing_secrets(&needy, &setup()), ["OTHER"]);
}

/// A manifest whose origin says who is asking where it can, and answers strangers, too.
fn welcoming(auth: Auth) -> Manifest {
    Manifest { extra: pairs(&[(OPTIONAL_SECRET, "KEY")]), ..manifest(auth) }
}

#[test]
fn a_secret_that_can_be_left_out_is_sent_where_it_is_set_and_not_missed_where_it_is_not() {
    let manifest = welcoming(Auth::Bearer("KEY".into()));
    assert_eq!((missing_secrets(&manifest, &Setup::default()), secret_names(&manifest)), (Vec::<String>::new(), vec!["KEY".to_owned()]));
    let sent = |setup: &Setup| build(&manifest, setup, &request("/x"), &Proof::default()).unwrap().headers;
    assert_eq!(sent(&setup()), pairs(&[("authorization", &format!("Bearer {KEY}"))]));
    assert_eq!(sent(&Setup::default()), pairs(&[]));
}

#[test]
fn another_secret_is_missed_all_the_same() {
    let manifest = welcoming(Auth::Bearer("OTHER".into()));
    assert_eq!(missing_secrets(&manifest, &setup()), ["OTHER"]);
    let refused = build(&manifest, &setup(), &request("/x"), &Proof::default());
    assert!(matches!(refused, Err(OutboundError::MissingSecret { .. })), "{refused:?}");
}

#[test]
fn what_signs_can_not_be_left_out_whatever_the_manifest_says() {
    let manifest = welcoming(Auth::Signed(Signed { scheme: "hmac".into(), key: "ID".into(), secret: "KEY".into() }));
    assert_eq!(missing_secrets(&manifest, &Setup::default()), ["ID", "KEY"]);
}

#[test]
fn settings_in_force_are_chosen_ones_and_defaults() {
    let chosen =
        Setup { settings: [("region".to_owned(), "eu".to_owned()), ("unknown".to_owned(), "x".to_owned())].into(), ..Setup::default() };
    assert_eq!(chosen.settings_in_force(&manifest(Auth::None)), pairs(&[("search", "top"), ("region", "eu")]));
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let ready = build(&manifest(query_auth()), &setup(), &request("/x"), &Proof::default()).unwrap();
    let printed = format!("{:?} {:?} {ready:?}", setup(), setup().secrets);
    assert!(printed.contains("KEY") && !printed.contains(KEY), "{printed}");
}
