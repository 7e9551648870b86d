//! An issuer of tokens on this machine. Its keys are those that the standards print as examples: everybody knows them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use rsa::BoxedUint;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::task::JoinHandle;

pub(crate) const ISSUER: &str = "https://id.test/";
pub(crate) const AUDIENCE: &str = "scout-tests";

/// RFC 7515, appendix A.2.
pub(crate) const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs\
                                D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV\
                                MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RSA_P: &str = "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPG\
                     BY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
const RSA_Q: &str = "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA\
                     -njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";
/// RFC 7515, appendix A.3.
const EC: [&str; 3] = [
    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
];
/// RFC 8037, appendix A.
const ED: [&str; 2] = ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"];

/// By what a token is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Rsa,
    Ec,
    Ed,
    Secret(&'static str),
    Nothing,
}

impl By {
    /// The header of an honest token.
    pub(crate) fn header(self) -> Value {
        match self {
            By::Rsa => json!({ "alg": "RS256", "kid": "r" }),
            By::Ec => json!({ "alg": "ES256", "kid": "e" }),
            By::Ed => json!({ "alg": "EdDSA", "kid": "d" }),
            By::Secret(_) => json!({ "alg": "HS256" }),
            By::Nothing => json!({ "alg": "none" }),
        }
    }

    fn signature(self, signed: &[u8]) -> Vec<u8> {
        match self {
            By::Rsa => {
                let number = |text: &str| BoxedUint::from_be_slice_vartime(&bytes(text));
                let key = rsa::PrivateKey::from_p_q(number(RSA_P), number(RSA_Q), BoxedUint::from(65_537_u64)).unwrap();
                let signature: Box<[u8]> = rsa::pkcs1v15::SigningKey::<Sha256>::new(key).sign(signed).into();
                signature.into()
            }
            By::Ec => {
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from_slice(&bytes(EC[2])).unwrap().sign(signed);
                signature.to_bytes().to_vec()
            }
            By::Ed => ed25519_dalek::SigningKey::from_bytes(&bytes(ED[1]).try_into().unwrap()).sign(signed).to_bytes().to_vec(),
            By::Secret(secret) => {
                Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(signed).finalize().into_bytes().to_vec()
            }
            By::Nothing => Vec::new(),
        }
    }
}

fn bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

/// A token with this header and these claims.
pub(crate) fn token(by: By, header: &Value, claims: &Value) -> String {
    let text = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let signed = format!("{}.{}", text(header), text(claims));
    let signature = Base64UrlUnpadded::encode_string(&by.signature(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// A token that nothing is wrong with.
pub(crate) fn good(by: By, account: &str) -> String {
    token(by, &by.header(), &claims(account))
}

/// Claims that nothing is wrong with for an hour.
pub(crate) fn claims(account: &str) -> Value {
    json!({ "sub": account, "iss": ISSUER, "aud": [AUDIENCE, "others"], "exp": from_now(3_600), "nbf": from_now(-10) })
}

/// A time, in seconds since 1970.
pub(crate) fn from_now(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(now.as_secs()).unwrap() + seconds
}

/// The public keys, one of each kind.
pub(crate) fn keys() -> Vec<Value> {
    vec![
        json!({ "kty": "RSA", "kid": "r", "use": "sig", "alg": "RS256", "n": RSA_N, "e": "AQAB" }),
        json!({ "kty": "EC", "kid": "e", "crv": "P-256", "x": EC[0], "y": EC[1] }),
        json!({ "kty": "OKP", "kid": "d", "crv": "Ed25519", "x": ED[0] }),
    ]
}

/// How the issuer answers who asks for its keys.
#[derive(Debug, Clone)]
pub(crate) enum Answers {
    /// With these.
    Keys(Vec<Value>),
    /// With this status.
    Status(u16),
    /// With another address, where they would be.
    Elsewhere,
}

/// A running issuer; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// Where its keys are.
    pub(crate) url: String,
    desk: Arc<Mutex<Desk>>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Desk {
    answers: Answers,
    asked: u32,
}

impl Issuer {
    /// Starts one on a free port.
    pub(crate) async fn start(answers: Answers) -> Issuer {
        let desk = Arc::new(Mutex::new(Desk { answers, asked: 0 }));
        let moved = get(async || axum::Json(json!({ "keys": keys() })));
        let router = axum::Router::new().route("/keys", get(give)).route("/moved", moved).with_state(Arc::clone(&desk));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Issuer { url, desk, server }
    }

    /// Answers differently from now on.
    pub(crate) fn set(&self, answers: Answers) {
        self.desk.lock().unwrap().answers = answers;
    }

    /// How often its keys were asked for.
    pub(crate) fn asked(&self) -> u32 {
        self.desk.lock().unwrap().asked
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn give(State(desk): State<Arc<Mutex<Desk>>>) -> Response {
    let mut desk = desk.lock().unwrap();
    desk.asked += 1;
    match &desk.answers {
        Answers::Keys(keys) => axum::Json(json!({ "keys": keys })).into_response(),
        Answers::Status(status) => StatusCode::from_u16(*status).unwrap().into_response(),
        Answers::Elsewhere => Redirect::temporary("/moved").into_response(),
    }
}
