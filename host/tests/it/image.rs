//! Values as the canonical ABI lays them out in a guest's memory.

/// Where a guest's values begin; below stand the places that guests write themselves.
pub(crate) const BASE: u32 = 4096;

/// A piece of memory that is written before the guest starts.
#[derive(Clone, Default)]
pub(crate) struct Image {
    bytes: Vec<u8>,
}

/// A record, variant or list under construction, field by field.
#[derive(Clone, Default)]
pub(crate) struct Record {
    bytes: Vec<u8>,
}

impl Image {
    /// Puts bytes at an address that suits every type, and gives the address.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let address = self.end();
        self.bytes.extend_from_slice(bytes);
        address
    }

    /// Puts a record, and gives its address.
    pub(crate) fn record(&mut self, record: Record) -> u32 {
        self.put(&record.bytes)
    }

    /// The first address after the image.
    pub(crate) fn end(&self) -> u32 {
        BASE + u32::try_from(self.bytes.len()).unwrap()
    }

    /// The image as a data segment of the text format.
    pub(crate) fn segment(&self) -> String {
        let escaped: String = self.bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        format!("(data (i32.const {BASE}) \"{escaped}\")")
    }
}

impl Record {
    pub(crate) fn byte(mut self, value: u8) -> Self {
        self.bytes.push(value);
        self
    }

    pub(crate) fn word(mut self, value: u32) -> Self {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Leaves everything up to this offset zero: `none`, empty text, empty lists.
    pub(crate) fn until(mut self, offset: usize) -> Self {
        assert!(self.bytes.len() <= offset, "the offset is behind");
        self.bytes.resize(offset, 0);
        self
    }

    pub(crate) fn text(self, image: &mut Image, text: &str) -> Self {
        let address = image.put(text.as_bytes());
        self.word(address).word(u32::try_from(text.len()).unwrap())
    }

    pub(crate) fn some_text(self, image: &mut Image, text: &str) -> Self {
        self.word(1).text(image, text)
    }

    pub(crate) fn list(self, address: u32, count: u32) -> Self {
        self.word(address).word(count)
    }

    pub(crate) fn then(mut self, other: &Self) -> Self {
        self.bytes.extend_from_slice(&other.bytes);
        self
    }
}
