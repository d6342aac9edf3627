package import TallystickPrimitives

/// What a text must be before it is recorded.
package enum TextCheck {
    /// A text that must say something, up to a page.
    package static func summary(_ field: FieldCode, _ text: String) throws(CaseRefusal) {
        try named(field, text, limit: CaseworkLimits.summaryByteCount)
    }

    /// A short text that must say something.
    package static func named(
        _ field: FieldCode, _ text: String, limit: Int = CaseworkLimits.shortTextByteCount
    ) throws(CaseRefusal) {
        guard !isBlank(text) else { throw .blank(field) }
        try bounded(field, text, limit: limit)
    }

    /// A short text that may be absent.
    package static func short(_ field: FieldCode, _ text: String?) throws(CaseRefusal) {
        try bounded(field, text, limit: CaseworkLimits.shortTextByteCount)
    }

    /// A full account that may be absent.
    package static func account(_ field: FieldCode, _ text: String?) throws(CaseRefusal) {
        try bounded(field, text, limit: CaseworkLimits.accountByteCount)
    }

    /// Whether a text says nothing.
    package static func isBlank(_ text: String?) -> Bool {
        text?.allSatisfy(\.isWhitespace) ?? true
    }

    private static func bounded(
        _ field: FieldCode, _ text: String?, limit: Int
    ) throws(CaseRefusal) {
        let byteCount = text?.utf8.count ?? 0
        guard byteCount <= limit else {
            throw .tooLong(field, byteCount: byteCount, limit: limit)
        }
    }
}
