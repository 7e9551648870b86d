//! What a platform needs and how it is read, from its manifest.

use serde_json::Value;

use super::page::{Table, linked};

/// Members of `extra` by which manifests say what has no field of its own.
const OPTIONAL_SECRET: &str = "optional-secret";
const PRICE: &str = "price";

/// One row for each manifest.
pub(super) fn table(manifests: &[Value]) -> String {
    let heads = ["platform", "name", "asks", "needs", "price", "full profiles", "rows a page", "calls a minute", "views"];
    let mut table = Table::new(&heads);
    for manifest in manifests {
        table.row(row(manifest));
    }
    table.text()
}

fn row(manifest: &Value) -> [String; 9] {
    let (platform, hints) = (text(&manifest["platform"]), &manifest["hints"]);
    [
        linked(platform),
        text(&manifest["label"]).to_owned(),
        asks(manifest),
        needs(manifest),
        extra(manifest, PRICE).unwrap_or("free").to_owned(),
        profiles(&manifest["enrichment"]),
        hints["pageSize"].to_string(),
        hints["callsPerMinute"].as_u64().map_or_else(|| "not said".to_owned(), |calls| calls.to_string()),
        if manifest["reportsViews"] == true { "yes" } else { "no" }.to_owned(),
    ]
}

/// The hosts that are asked: those of the origins, and those where tokens are traded for.
fn asks(manifest: &Value) -> String {
    let addresses = origins(manifest).flat_map(|origin| [origin["baseUrl"].as_str(), origin["auth"]["val"]["tokenUrl"].as_str()]);
    addresses.flatten().map(|address| format!("`{}`", host(address))).collect::<Vec<_>>().join(", ")
}

fn needs(manifest: &Value) -> String {
    let optional = extra(manifest, OPTIONAL_SECRET);
    let secrets = origins(manifest).flat_map(|origin| secrets(&origin["auth"]));
    let named = secrets.map(|secret| if Some(secret) == optional { format!("`{secret}` for more calls") } else { format!("`{secret}`") });
    let named: Vec<_> = named.collect();
    if named.is_empty() { "nothing".to_owned() } else { named.join(", ") }
}

/// The names of secrets, wherever in the way of authentication they stand.
fn secrets(auth: &Value) -> Vec<&str> {
    let value = &auth["val"];
    let members = ["id", "key", "secret"].into_iter().filter_map(|name| value[name].as_str());
    value.as_str().into_iter().chain(members).collect()
}

fn profiles(enrichment: &Value) -> String {
    match (text(&enrichment["tag"]), enrichment["val"].as_u64()) {
        ("none", _) => "in searches".to_owned(),
        (_, Some(1)) => "a call each".to_owned(),
        (_, creators) => format!("a call for {}", creators.unwrap_or_default()),
    }
}

fn origins(manifest: &Value) -> impl Iterator<Item = &Value> {
    manifest["origins"].as_array().into_iter().flatten()
}

fn extra<'a>(manifest: &'a Value, wanted: &str) -> Option<&'a str> {
    let mut pairs = manifest["extra"].as_array().into_iter().flatten();
    pairs.find(|pair| pair[0] == wanted).and_then(|pair| pair[1].as_str())
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn manifest(auth: &Value, extra: &Value) -> Value {
        json!({
            "platform": "one", "label": "One", "origins": [{ "baseUrl": "https://api.one.test/v1", "auth": auth }],
            "enrichment": { "tag": "required", "val": 1 }, "hints": { "pageSize": 30, "callsPerMinute": null }, "reportsViews": true, "extra": extra,
        })
    }

    #[test]
    fn a_row_says_what_is_asked_for_and_what_it_takes() {
        let auth = json!({ "tag": "header", "val": { "name": "x-api-key", "secret": "ONE_KEY" } });
        let row = row(&manifest(&auth, &json!([["price", "paid"]])));
        assert_eq!(row, ["[one](one/)", "One", "`api.one.test`", "`ONE_KEY`", "paid", "a call each", "30", "not said", "yes"]);
    }

    #[test]
    fn every_way_to_authenticate_names_its_secrets() {
        let named = |auth: Value, extra: Value| needs(&manifest(&auth, &extra));
        assert_eq!(named(json!({ "tag": "none" }), json!([])), "nothing");
        assert_eq!(named(json!({ "tag": "bearer", "val": "TOKEN" }), json!([["optional-secret", "TOKEN"]])), "`TOKEN` for more calls");
        let exchange = json!({ "tag": "client-credentials", "val": { "tokenUrl": "https://x.test", "id": "ID", "secret": "SECRET" } });
        assert_eq!(named(exchange, json!([])), "`ID`, `SECRET`");
        assert_eq!(
            named(json!({ "tag": "signed", "val": { "scheme": "s", "key": "KEY", "secret": "SECRET" } }), json!([])),
            "`KEY`, `SECRET`"
        );
    }

    #[test]
    fn a_host_where_tokens_are_traded_for_is_asked_too() {
        let exchange =
            json!({ "tag": "client-credentials", "val": { "tokenUrl": "https://id.one.test/token", "id": "ID", "secret": "S" } });
        assert_eq!(asks(&manifest(&exchange, &json!([]))), "`api.one.test`, `id.one.test`");
    }

    #[test]
    fn profiles_come_with_searches_or_in_calls_for_one_or_many() {
        let told = |tag: &str, creators: Option<u32>| profiles(&json!({ "tag": tag, "val": creators }));
        assert_eq!(
            [told("none", None), told("required", Some(1)), told("optional", Some(25))],
            ["in searches", "a call each", "a call for 25"]
        );
    }
}
