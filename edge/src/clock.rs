//! The Worker's clock and chance, which the rules take as arguments.

use scout_pipeline::time::Time;
use worker::Date;
use worker::wasm_bindgen;
use worker::wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);
}

/// The time. Within one stretch of computing it stands still, as the platform wants it.
pub(crate) fn now() -> Time {
    Time(Date::now().as_millis())
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    get_random_values(&mut bytes);
    bytes
}
